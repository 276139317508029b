package api_test

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// mails lets a server write mails into its queue, from which nothing is sent.
var mails = testkit.Mail(&url.URL{Scheme: "smtp", Host: "127.0.0.1:1"}, "post@lobby.example.com")

// converses stores a conversation of Ada with one of everything that belongs to one: a part with a file, a tag, an attribute;
// and what there is beside it: a message to her, a mail that waits, and a receipt.
func (s *stage) converses(t *testing.T, ada string, number int64) {
	t.Helper()
	ws := s.client.Workspace
	err := s.Store.Inbox().Write(t.Context(), func(w inbox.Writer) error {
		by := inbox.Author{ContactID: ada}
		return errors.Join(
			w.InsertMessage(&inbox.Message{Workspace: ws, ID: number + 10, Delivery: inbox.CustomerInitiated, Author: by, Body: "X", CreatedAt: yesterday}),
			w.InsertConversation(&inbox.Conversation{
				Workspace: ws, ID: number + 8, MessageID: number + 10, State: inbox.Open, PartCount: 1, CreatedAt: yesterday, UpdatedAt: yesterday,
				CustomAttributes: search.Attributes{"plan": search.TextValue("pro")},
				FirstReplyAt:     yesterday, Statistics: inbox.Statistics{LastContactReplyAt: yesterday, AskedAt: yesterday},
			}),
			w.InsertParticipant(ws, number+8, ada, yesterday),
			w.InsertPart(&inbox.Part{
				Workspace: ws, ID: number + 9, ConversationID: number + 8, Type: inbox.CommentPart, Author: by, Body: "X", State: inbox.Open,
				HasFiles: true, CreatedAt: yesterday, UpdatedAt: yesterday,
			}),
			w.InsertAttachment(ws, 0, number+9, 1, &inbox.Attachment{
				ID: fmt.Sprint("file-", number), Name: "x.txt", ContentType: "text/plain", Size: 2, Content: "aGk=",
			}),
			w.PutConversationAttribute(&inbox.Attribute{Workspace: ws, ID: number, Name: "plan", Type: "string", CreatedAt: yesterday, UpdatedAt: yesterday}),
			w.InsertMessage(&inbox.Message{
				Workspace: ws, ID: number + 11, Delivery: inbox.AdminInitiated, Channel: inbox.Email, Author: inbox.Author{AdminID: 1}, Body: "X", CreatedAt: yesterday,
			}),
			w.InsertRecipient(ws, &inbox.Recipient{MessageID: number + 11, ContactID: ada, Field: inbox.ToField, CreatedAt: yesterday}),
			w.InsertMail(&inbox.Mail{
				Workspace: ws, ID: number, MessageID: number + 11, PersonID: ada, State: inbox.MailWaits, CreatedAt: yesterday, NextAttemptAt: yesterday,
			}),
			receive(w, ws, inbox.Receipt{ID: fmt.Sprint("receipt-", number), Kind: inbox.Delivered, Contact: inbox.ContactRef{ID: ada}}),
			w.TagConversation(ws, number+8, &inbox.Tag{ID: number, AppliedAt: yesterday}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func receive(w inbox.Writer, ws workspace.ID, r inbox.Receipt) error {
	_, err := w.InsertReceipt(ws, r, yesterday)
	return err
}

// correspondence is what some persons wrote and got.
type correspondence struct {
	Conversations []*inbox.Conversation
	Messages      map[int64]*inbox.Message // by id, those to the persons
	Mails         []*inbox.Mail
	Attributes    []*inbox.Attribute
	Deleted       []inbox.Deleted
}

// correspondence returns all that persons wrote and got.
func (s *stage) correspondence(t *testing.T, personIDs []string) *correspondence {
	t.Helper()
	ws := s.client.Workspace
	all, err := workspace.Read(t.Context(), s.Store.Inbox(), func(r inbox.Reader) (*correspondence, error) {
		all, ids := &correspondence{Messages: map[int64]*inbox.Message{}}, map[int64]bool{}
		for _, id := range personIDs {
			of, err := r.ConversationsOf(ws, id)
			by, byErr := r.ConversationsWrittenBy(ws, id)
			to, toErr := r.MessagesTo(ws, id)
			mails, mailsErr := r.MailsTo(ws, id)
			if err := errors.Join(err, byErr, toErr, mailsErr); err != nil {
				return nil, err
			}
			for _, id := range slices.Concat(of, by) {
				ids[id] = true
			}
			for _, m := range to {
				all.Messages[m.ID] = m
			}
			all.Mails = append(all.Mails, mails...)
		}
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			c, err := r.Conversation(ws, id)
			if err != nil {
				return nil, err
			}
			if c.Parts, err = r.Parts(ws, id, inbox.AllParts); err != nil {
				return nil, err
			}
			all.Conversations = append(all.Conversations, c)
		}
		var err error
		if all.Attributes, err = r.ConversationAttributes(ws); err != nil {
			return nil, err
		}
		if all.Deleted, _, err = r.DeletedConversations(ws, false, workspace.Page{Number: 1, Size: 1000}); err != nil {
			return nil, err
		}
		return all, inbox.Show(r, ws, s.Clock.Now().Unix(), all.Conversations...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
