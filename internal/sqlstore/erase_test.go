package sqlstore_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lobby/internal/app"
	"lobby/internal/datafolder"
	"lobby/internal/duplicate"
	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
	"lobby/internal/traffic"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// mark stands in every text about the people to be erased, and in nothing else. It is lower case because keys are.
const mark = "q7zxerased"

func TestErasureLeavesNothingInTheFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	fixtures.NewSuite(t, func(t *testing.T) people.Store {
		store, err := sqlstore.OpenSQLite(t.Context(), folder, phones)
		return opened(t, store, err)
	}).Test("of 200 people, written, changed, merged and parted among others that stay", func(t *testing.T, w *fixtures.Fixtures) {
		erased := erasable{Fixtures: w, admin: w.HasAdmin(t, fixtures.Acme, "Ada").ID, tag: w.HasTag(t, fixtures.Acme, "vip")}
		erased.stays = w.Has(t, people.User, func(p *people.Person) { p.Name, p.ExternalID, p.Email = "stays", "stays", "stays@example.com" })
		joined, conversations := app.Join(w.Store.(checked).Store)
		w.Attached, erased.inbox = joined.Attached, conversations
		conversations.Now, conversations.SendsMail = w.Now, true
		erased.company, erased.news = w.HasCompany(t, "acme"), w.HasType(t, fixtures.Acme, people.OptOut, "News")
		erased.hasWebhook(t)
		var all []*people.Person
		for i := range 200 {
			all = append(all, erased.has(t, []people.Role{people.Visitor, people.Lead, people.User}[i%3]))
			w.Has(t, people.User, func(p *people.Person) { p.Name, p.ExternalID = "stays", fmt.Sprint("stays ", i) })
		}
		erased.change(t, all)
		erased.visits(t, all)
		erased.coversTables(t, all)
		if files := erased.traces(t, folder); len(files) == 0 {
			t.Fatal("nothing of the people is in the files to begin with")
		}
		backup := filepath.Join(t.TempDir(), "backup.db")
		if err := datafolder.Backup(t.Context(), folder, backup); err != nil {
			t.Fatal(err)
		}

		for i, at := range rand.Perm(len(all)) {
			erased.erase(t, all[at])
			if i%10 == 0 {
				w.Has(t, people.Lead, func(p *people.Person) { p.Name = "stays" })
			}
		}

		if !w.Store.Purge(t.Context(), time.Minute) {
			t.Error("Purge says that something is still read")
		}
		for _, trace := range erased.traces(t, folder) {
			t.Error(trace)
		}
		erased.remain(t, w.Store.(checked).Store, all)
		erased.staysErased(t, folder, backup)
	})
}

// staysErased restores a backup from before all were erased, and looks for them in it.
func (e *erasable) staysErased(t *testing.T, folder, backup string) {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(folder, "lobby.erasures"))
	if err != nil {
		t.Fatal(err)
	}
	into := t.TempDir()
	if err := os.WriteFile(filepath.Join(into, "lobby.erasures"), list, 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := sqlstore.RestoreSQLite(t.Context(), into, backup, phones)
	if err != nil || done.Erased < 200 {
		t.Errorf("a restore erases %d again, %v", done.Erased, err)
	}
	for _, trace := range e.traces(t, into) {
		t.Error("restored:", trace)
	}
}

// erasable makes people whose every text and number is found again.
type erasable struct {
	*fixtures.Fixtures
	admin   int64
	tag     *people.Tag
	stays   *people.Person // takes part in conversations
	company *people.Company
	news    *people.SubscriptionType
	inbox   *inbox.Inbox
	marks   int
	numbers []string // telephone numbers, which have no letters
}

// isInTheLog has an admin do something with a person in the pages: the log says to whom, by the id alone.
func (e *erasable) isInTheLog(t *testing.T, p *people.Person) {
	t.Helper()
	did := &workspace.Activity{Workspace: fixtures.Acme, ID: e.IDAt(e.Unix()), Kind: workspace.PersonNoted, AdminID: e.admin, CreatedAt: e.Unix(), Subject: "person/" + p.ID}
	if err := e.Store.Write(workspace.Did(t.Context(), did), func(people.Writer) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

// visits has people open a page each.
func (e *erasable) visits(t *testing.T, all []*people.Person) {
	t.Helper()
	err := e.Store.(checked).Traffic().Write(t.Context(), func(w traffic.Writer) error {
		for _, p := range all {
			v := &traffic.View{
				Workspace: p.Workspace, ID: "view of " + p.ID, PersonID: p.ID, At: fixtures.Begin,
				URL: "https://example.com/?q=" + e.text(), Title: e.text(), Referrer: "https://example.org/" + e.text(),
			}
			if _, err := w.InsertPageView(v); err != nil {
				return err
			}
			if err := errors.Join(w.PutPresent(v), w.SetVisited(p.Workspace, p.ID, 1)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// text returns a text of its own. Some are so long that a database keeps them on pages of their own.
func (e *erasable) text() string {
	e.marks++
	return fmt.Sprintf("%s %d %s", mark, e.marks, strings.Repeat("x", rand.IntN(4)*rand.IntN(2000)))
}

func (e *erasable) number() string {
	e.marks++
	number := fmt.Sprintf("+35315%06d", 700_000+e.marks)
	e.numbers = append(e.numbers, number)
	return number
}

// has stores a person with a value in every field, and with everything that can hang on one.
func (e *erasable) has(t *testing.T, role people.Role) *people.Person {
	p := e.Has(t, role, func(p *people.Person) {
		anonymous := p.AnonymousID
		fixtures.Fill(t, p, int64(e.marks+1))
		for i := range people.Fields {
			if f := &people.Fields[i]; f.Kind == search.KindText && f.Rule != people.Own {
				f.SetValue(p, search.TextValue(e.text()))
			}
		}
		p.AnonymousID, p.Pseudonym, p.Phone, p.Unverified = anonymous, e.text(), e.number(), false
		p.Email = fmt.Sprintf("%s%d@example.com", mark, e.marks)
		p.CustomAttributes = search.Attributes{"plan": search.TextValue(e.text())}
		if role == people.Visitor {
			p.ExternalID, p.Email = "", ""
		}
	})
	event := fixtures.EventOf(p, "ordered", fixtures.Begin)
	event.Metadata = `{"what":"` + e.text() + `"}`
	e.Did(t, event)
	if role != people.Visitor {
		e.Summarize(t, p.ID, people.EventSummary{Name: fmt.Sprint(mark, e.marks), Count: 3, First: fixtures.Begin, Last: fixtures.Begin})
		e.Writes(t, p, e.admin, e.text())
		e.talks(t, p, false)
		e.talks(t, p, true)
		e.leaves(t, p)
		e.isWrittenTo(t, p)
		e.hasMail(t, p)
		e.Attach(t, p, e.company)
		if err := e.Chooses(t, p, e.news); err != nil {
			t.Fatal(err)
		}
	}
	e.Puts(t, e.admin, p, e.tag)
	e.wasTold(t, p)
	e.Write(t, func(w people.Writer) error {
		if err := w.(duplicate.Writer).PutDistinction(fixtures.Acme, e.stays.ID, p.ID, e.admin, fixtures.Begin); err != nil {
			return err
		}
		return w.PutBrowserSession(&people.BrowserSession{
			Workspace: fixtures.Acme, Hash: e.text(), PersonID: p.ID, DeviceID: e.text(), Life: 60, ExpiresAt: fixtures.Begin + 60,
		})
	})
	return p
}

// talks has a person begin a conversation, in which another takes part who stays, or nobody else.
func (e *erasable) talks(t *testing.T, p *people.Person, alone bool) {
	t.Helper()
	caller := e.Caller
	caller.UploadLimit = 1 << 20
	from := inbox.ContactRef{ID: p.ID}
	started, err := e.inbox.StartConversation(t.Context(), caller, inbox.Start{
		From: from, Subject: mark, URL: "https://example.com/" + mark, Body: e.text(), Attachments: e.files(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !alone {
		err := e.Store.(checked).Webhooks().Write(t.Context(), func(w webhook.Writer) error {
			return w.PutDelivery(&webhook.Delivery{
				Workspace: caller.Workspace, WebhookID: hookID, ID: fmt.Sprint("notif_", started.ConversationID), Topic: webhook.ConversationReplied,
				PersonID: e.stays.ID, Others: []string{p.ID}, Body: e.text(), State: webhook.Delivered,
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.inbox.AttachContact(t.Context(), caller, started.ConversationID, inbox.Actor{AdminID: e.admin}, inbox.ContactRef{ID: e.stays.ID})
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = e.inbox.Reply(t.Context(), caller, inbox.Target{ID: started.ConversationID}, inbox.Reply{
		Act: inbox.ContactComments, Contact: from, Body: e.text(), Attachments: e.files(),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wasTold stores deliveries about a person to a webhook: one that failed, with what was answered, and one that is due.
func (e *erasable) wasTold(t *testing.T, p *people.Person) {
	for _, state := range []webhook.State{webhook.Failed, webhook.Retrying} {
		d := &webhook.Delivery{
			Workspace: fixtures.Acme, WebhookID: hookID, ID: fmt.Sprintf("notif_%08x", fixtures.Begin+int64(e.marks)), Topic: "contact.user.updated",
			Sequence: int64(e.marks), PersonID: p.ID, Key: p.ID, Body: `{"data":{"name":"` + e.text() + `"}}`, State: state, Attempts: 1,
			CreatedAt: fixtures.Begin, FirstSentAt: fixtures.Begin, LastSentAt: fixtures.Begin, Status: 500, Answer: e.text(), Error: e.text(),
		}
		if !state.Ends() {
			d.NextAttemptAt = fixtures.Begin + 60
		}
		e.Write(t, func(w people.Writer) error { return w.(webhook.Writer).PutDelivery(d) })
	}
}

func (e *erasable) hasWebhook(t *testing.T) {
	e.Write(t, func(tx people.Writer) error {
		return tx.(webhook.Writer).InsertWebhook(&webhook.Subscription{
			Workspace: fixtures.Acme, ID: hookID, URL: "https://example.com/hook", Topics: []string{"contact.user.updated"},
			Version: "2.14", Secret: "secret", CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin,
		})
	})
}

// hookID is the webhook that is told of the people.
const hookID = "6553f1000000000000000abc"

// change writes other values over the first ones, takes tags off, merges some of the people with others that stay, and
// undoes every second merge.
func (e *erasable) change(t *testing.T, all []*people.Person) {
	for i, p := range all {
		name, phone := e.text(), e.number()
		switch p.Role {
		case people.Visitor:
			if _, err := e.UpdateVisitor(t.Context(), e.Caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{Name: &name}); err != nil {
				t.Fatal(err)
			}
		default:
			if _, err := e.Rename(t, p, people.ContactFields{Name: &name, Phone: &phone}); err != nil {
				t.Fatal(err)
			}
		}
		if i%2 == 0 {
			if err := e.TakesOff(t, p, e.tag); err != nil {
				t.Fatal(err)
			}
		}
		e.isInTheLog(t, p)
		if p.Role == people.Lead {
			into := e.Has(t, people.User, func(q *people.Person) { q.ExternalID = fmt.Sprint("into ", i) })
			other := e.Has(t, people.Lead, func(q *people.Person) { q.Name = "stays" })
			merge := e.Merge(t, p, into)
			e.Undo(t, e.Merge(t, other, into).ChangeID)
			e.Undo(t, merge.ChangeID)
			e.Merge(t, other, into)
		}
		if p.Role == people.User {
			lead := e.has(t, people.Lead)
			merge := e.Merge(t, lead, p)
			if i%2 == 0 {
				e.Undo(t, merge.ChangeID)
				e.erase(t, lead)
			}
		}
	}
}

func (e *erasable) erase(t *testing.T, p *people.Person) {
	t.Helper()
	var err error
	if p.Role == people.Visitor {
		_, err = e.DeleteVisitor(t.Context(), e.Caller, people.VisitorRef{ID: p.ID})
	} else {
		_, err = e.DeleteContact(t.Context(), e.Caller, p.ID)
	}
	if err != nil {
		t.Fatalf("erase the %s %s: %v", p.Role, p.ID, err)
	}
}

// traces returns what the files of a folder still hold of the people, each with some bytes around it.
func (e *erasable) traces(t *testing.T, folder string) (found []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range append([]string{mark}, e.numbers...) {
			if at := bytes.Index(content, []byte(text)); at >= 0 {
				found = append(found, fmt.Sprintf("%s at %d: %q", filepath.Base(file), at, content[max(0, at-60):min(len(content), at+60)]))
			}
		}
	}
	return found
}
