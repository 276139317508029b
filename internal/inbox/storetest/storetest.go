// Package storetest is what every inbox.Store must do, as one suite that runs over any of them, joined with the persons of
// the same database.
// The tests of a store call [Run]; no file of the product imports it.
// It must not know how a store keeps things.
package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// Join returns another server over one store.
type Join func() (*people.Lobby, *inbox.Inbox)

// Database is a store that can say whether it is sound, and what it has of a workspace.
type Database interface {
	Breaches(ctx context.Context) ([]string, error)
	Dump(ctx context.Context, ws workspace.ID) (map[string][]string, error)
}

// Run tests a store. It calls open for a new, empty store that nobody else uses, once for each test and from several
// goroutines at once.
func Run(t *testing.T, open func(t *testing.T) (Join, Database)) {
	for name, test := range map[string]func(*testing.T, *office){
		"every act in every state":        transitions,
		"a conversation as it is written": whole,
		"the latest parts":                latestParts,
		"statistics":                      statistics,
		"statistics of imported parts":    importedParts,
		"many writers":                    crowd,
		"an order of what happened":       linearizability,
		"many beginnings of one visitor":  beginnings,
		"snoozes that end":                snoozes,
		"a merge and its undo":            mergeAndUndo,
		"an undone conversion":            undoneConversion,
		"what a person may know":          personal,
		"many answers to one message":     answersAtOnce,
		"an erasure":                      erasure,
		"queues":                          queues,
		"a reply that comes again":        repeatedReply,
		"pages under writes":              pages,
		"another workspace":               neighbours,
		"random searches":                 searches,
		"a loop of a connector":           connector,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			join, database := open(t)
			o := newOffice(t, join)
			test(t, o)
			if found, err := database.Breaches(context.Background()); err != nil || len(found) > 0 {
				t.Errorf("the store breaks invariants: %q, %v", found, err)
			}
			if name == "an erasure" {
				nothingLeft(t, database)
			}
		})
	}
}

// acme is the workspace that tests work in, and rival the one that must never notice.
const (
	acme  workspace.ID = "acme"
	rival workspace.ID = "rival"
)

// began is when the clock of every test starts, in Unix seconds.
const began int64 = 1_700_000_000

// office is a server with a user, Ada, and a lead, Leo, and with a clock that stands still.
type office struct {
	*people.Lobby
	inbox    *inbox.Inbox
	join     Join
	clock    *atomic.Int64
	caller   workspace.Caller
	ada, leo *people.Person
	adminID  int64
}

func newOffice(t *testing.T, join Join) *office {
	t.Helper()
	o := &office{join: join, clock: new(atomic.Int64)}
	o.clock.Store(began)
	o.Lobby, o.inbox = o.server()
	for _, ws := range []workspace.ID{acme, rival} {
		created, err := o.CreateWorkspace(t.Context(), workspace.Draft{ID: ws})
		if err != nil {
			t.Fatal(err)
		}
		if ws == acme {
			o.caller = created.Workspace.Caller()
			o.caller.AdminID = created.Token.AdminID
			o.adminID = created.Token.AdminID
		}
	}
	o.ada, o.leo = o.contact(t, people.User, "ada@example.com"), o.contact(t, people.Lead, "leo@example.com")
	return o
}

// server returns another server over the store, with the same clock.
func (o *office) server() (*people.Lobby, *inbox.Inbox) {
	lobby, conversations := o.join()
	lobby.Now = func() time.Time { return time.Unix(o.clock.Load(), 0) }
	return lobby, conversations
}

func (o *office) pass(seconds int64) { o.clock.Add(seconds) }

func (o *office) contact(t *testing.T, role people.Role, email string) *people.Person {
	t.Helper()
	name := strings.ToUpper(email[:1]) + email[1:3]
	p, err := o.CreateContact(t.Context(), o.caller, people.ContactFields{Role: &role, Email: &email, Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// begin begins a conversation of a person.
func (o *office) begin(t *testing.T, p *people.Person, body string, files ...*inbox.Attachment) int64 {
	t.Helper()
	started, err := o.inbox.StartConversation(t.Context(), o.caller, inbox.Start{From: inbox.ContactRef{ID: p.ID}, Body: body, Attachments: files})
	if err != nil {
		t.Fatal(err)
	}
	return started.ConversationID
}

// reply adds a reply, whose author it sets.
func (o *office) reply(t *testing.T, id int64, reply inbox.Reply) *inbox.Conversation {
	t.Helper()
	reply.AdminID = o.adminID
	if reply.Contact.IsZero() {
		reply.Contact.ID = o.ada.ID
	}
	c, err := o.inbox.Reply(t.Context(), o.caller, inbox.Target{ID: id}, reply)
	if err != nil {
		t.Fatalf("%s: %v", reply.Act, err)
	}
	return c
}

func (o *office) find(t *testing.T, id int64) *inbox.Conversation {
	t.Helper()
	c, err := o.inbox.FindConversation(t.Context(), o.caller, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// told returns the outbox of a workspace, as "topic subject".
func (o *office) told(t *testing.T, ws workspace.ID) (all []string) {
	t.Helper()
	if _, err := o.StampOutbox(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	entries, err := workspace.Read(t.Context(), o.Registry.Store, func(r workspace.Reader) ([]*workspace.OutboxEntry, error) {
		return r.Outbox(ws, 0, 100_000)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, string(e.Topic)+" "+e.SubjectID)
	}
	return all
}

// shown is all that a view shows, for comparison. Who somebody is today is part of it; when it was updated is not.
func shown(c *inbox.Conversation) string {
	var b strings.Builder
	author := func(a *inbox.Author) string {
		if a.Contact != nil {
			return "contact " + a.Contact.ID + a.Contact.Name
		}
		return fmt.Sprint("admin ", a.AdminID)
	}
	fmt.Fprintln(&b, c.ID, c.State, c.SnoozedUntil, c.WaitingSince, c.IsRead, c.PartCount, c.Source.Body, author(&c.Source.Author))
	for _, p := range c.Participants {
		fmt.Fprintln(&b, p.ID, p.Name, p.Email)
	}
	for _, p := range c.Parts {
		fmt.Fprintln(&b, p.ID, p.Type, p.Body, p.State, p.CreatedAt, author(&p.Author), p.Assigned)
	}
	return b.String()
}

// crowded calls do n times at once and waits for all.
func crowded(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// typesOf returns the types of the parts of a conversation.
func typesOf(c *inbox.Conversation) (all []inbox.PartType) {
	for _, p := range c.Parts {
		all = append(all, p.Type)
	}
	return all
}

func nothingLeft(t *testing.T, database Database) {
	t.Helper()
	rows, err := database.Dump(context.Background(), acme)
	if err != nil {
		t.Fatal(err)
	}
	for table, all := range rows {
		if i := slices.IndexFunc(all, func(row string) bool { return strings.Contains(row, secretWords) || strings.Contains(row, secretFile) }); i >= 0 {
			t.Errorf("%s still has %s", table, all[i])
		}
	}
}
