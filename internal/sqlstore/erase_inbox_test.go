package sqlstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
)

// withoutPeople are the tables of a workspace in which nothing of a person stands, and why.
var withoutPeople = map[string]string{
	"workspaces": "is the owner's", "admins": "is the owner's", "teams": "is the owner's", "team_members": "is the owner's", "tokens": "is the owner's",
	"memberships": "is the owner's", "attributes": "is the owner's", "tags": "is the owner's", "companies": "is the owner's", "plans": "is the owner's",
	"company_tags": "is the owner's", "subscription_types": "is the owner's", "identity_secrets": "is the owner's",
	"away_reasons": "is the owner's", "segments": "is the owner's", "webhooks": "is the owner's", "mail_keys": "is the owner's",
	"conversation_attributes": "is the owner's", "numbers": "has numbers only", "chores": "is the state of the database",
	"company_scrolls": "is the walk of a program", "daily_salts": "is random", "page_sessions": "has random ids, and ends with the visit",
	"sent_words": "has random ids, and ends after a day", "conversation_admins": "has admins, and goes with the conversation",
	"conversation_tags": "has tags, and goes with the conversation", "deleted_conversations": "has numbers only", "erasures": "keeps ids, so that nobody comes back",
	"search_keys": "is only on PostgreSQL", "traffic_counts": "has numbers, of no person",
}

// coversTables expects that every table in which something of a person can stand has something of the people.
func (e *erasable) coversTables(t *testing.T, all []*people.Person) {
	t.Helper()
	dump, err := e.Store.(checked).Dump(t.Context(), fixtures.Acme)
	if err != nil {
		t.Fatal(err)
	}
	ids := fixtures.IDs(all)
	for table, rows := range dump {
		covered := slices.ContainsFunc(rows, func(row string) bool {
			return strings.Contains(row, mark) || slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(row, id) })
		})
		if reason, isWithout := withoutPeople[table]; covered == isWithout {
			t.Errorf("%s has something of the people: %t; the reason not to have it is %q", table, covered, reason)
		}
	}
}

// files are two files: one that was uploaded, and one that lies elsewhere.
func (e *erasable) files() []*inbox.Attachment {
	return []*inbox.Attachment{
		{Name: e.text(), ContentType: "text/plain", Content: e.text(), Size: 5},
		{Name: e.text(), ContentType: "text/plain", URL: "https://example.com/" + e.text()},
	}
}

// leaves has a person write in a conversation, from which it is then removed.
func (e *erasable) leaves(t *testing.T, p *people.Person) {
	t.Helper()
	by := inbox.Actor{AdminID: e.admin}
	started, err := e.inbox.StartConversation(t.Context(), e.Caller, inbox.Start{From: inbox.ContactRef{ID: p.ID}, Body: e.text()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = e.inbox.AttachContact(t.Context(), e.Caller, started.ConversationID, by, inbox.ContactRef{ID: e.stays.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err = e.inbox.DetachContact(t.Context(), e.Caller, started.ConversationID, by, p.ID); err != nil {
		t.Fatal(err)
	}
}

// isWrittenTo has an admin write emails to a person, of which one begins a conversation, and in that one notes, titles and
// attributes that tell of the person.
func (e *erasable) isWrittenTo(t *testing.T, p *people.Person) {
	t.Helper()
	caller := e.Caller
	caller.UploadLimit, caller.MailsReplies = 1<<20, true
	draft := inbox.Draft{AdminID: e.admin, To: []inbox.ContactRef{{ID: p.ID}}, Channel: inbox.Email, Subject: mark, Body: e.text(), Attachments: e.files()}
	if _, err := e.inbox.SendMessage(t.Context(), caller, draft); err != nil {
		t.Fatal(err)
	}
	draft.Body, draft.Begins = e.text(), true
	sent, err := e.inbox.SendMessage(t.Context(), caller, draft)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range []inbox.Act{inbox.AdminComments, inbox.AdminNotes} {
		_, err := e.inbox.Reply(t.Context(), caller, inbox.Target{ID: sent.ConversationID}, inbox.Reply{Act: act, AdminID: e.admin, Body: e.text(), Attachments: e.files()})
		if err != nil {
			t.Fatal(err)
		}
	}
	title := mark + " is late"
	_, err = e.inbox.UpdateConversation(t.Context(), caller, sent.ConversationID, inbox.Update{
		Title: &title, CustomAttributes: search.Attributes{"plan": search.TextValue(mark)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.inbox.TagConversation(t.Context(), caller, sent.ConversationID, e.admin, e.tag.ID); err != nil {
		t.Fatal(err)
	}
	draft.To, draft.Subject, draft.Body, draft.Attachments = append(draft.To, inbox.ContactRef{ID: e.stays.ID}), "To both", "Hello", nil
	if _, err := e.inbox.SendMessage(t.Context(), caller, draft); err != nil {
		t.Fatal(err)
	}
}

// hasMail stores an email that failed with what a mail server said, and a receipt.
func (e *erasable) hasMail(t *testing.T, p *people.Person) {
	t.Helper()
	err := e.inbox.Store.Write(t.Context(), func(w inbox.Writer) error {
		mails, err := w.MailsTo(fixtures.Acme, p.ID)
		if err != nil || len(mails) < 3 {
			return fmt.Errorf("there are %d emails to the person, %w", len(mails), err)
		}
		m := mails[0]
		m.State, m.Reason, m.NextAttemptAt = inbox.MailFailed, "550 "+mark, 0
		return w.UpdateMail(m)
	})
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := e.inbox.AcceptReceipts(t.Context(), e.Caller, []inbox.Receipt{
		{ID: fmt.Sprint(mark, p.ID), Kind: inbox.Opened, Contact: inbox.ContactRef{ID: p.ID}, At: fixtures.Begin},
	})
	if err != nil || accepted.Accepted != 1 {
		t.Fatalf("%+v, %v", accepted, err)
	}
}
