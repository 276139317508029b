package sqlstore_test

import (
	"fmt"
	"testing"

	"lobby/internal/app"
	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// BenchmarkConversations reads conversations of different lengths and the first page of lists of different lengths, and
// compares a reply with the update of a visitor.
func BenchmarkConversations(b *testing.B) {
	for _, parts := range []int{5, 500} {
		b.Run(fmt.Sprintf("%d parts", parts), func(b *testing.B) {
			o := newTalk(b)
			id := o.begin(b)
			for range parts {
				if _, err := o.Reply(b.Context(), o.caller, inbox.Target{ID: id}, inbox.Reply{Act: inbox.AdminNotes, AdminID: 1, Body: "<p>Hello</p>"}); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if _, err := o.FindConversation(b.Context(), o.caller, id); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("reply", func(b *testing.B) {
		o := newTalk(b)
		id := o.begin(b)
		for b.Loop() {
			_, err := o.Reply(b.Context(), o.caller, inbox.Target{ID: id}, inbox.Reply{Act: inbox.ContactComments, Contact: inbox.ContactRef{ID: o.ada.ID}, Body: "<p>Hi</p>"})
			if err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			id = o.begin(b) // a conversation of its own for each
			b.StartTimer()
		}
	})
	b.Run("visitor, for comparison", func(b *testing.B) {
		o := newTalk(b)
		visitor, err := o.lobby.CreateVisitor(b.Context(), o.caller, &people.Person{})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			name := "X"
			if _, err := o.lobby.UpdateVisitor(b.Context(), o.caller, people.VisitorRef{ID: visitor.ID}, people.VisitorUpdate{Name: &name}); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, length := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("list of %d", length), func(b *testing.B) {
			o := newTalk(b)
			for range length {
				o.begin(b)
			}
			for b.Loop() {
				if _, err := o.Search(b.Context(), o.caller, inbox.ContactRef{}, search.Order{Limit: 20}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// talk is an inbox with a contact.
type talk struct {
	*inbox.Inbox
	store  *sqlstore.Store
	lobby  *people.Lobby
	caller workspace.Caller
	ada    *people.Person
}

func newTalk(b testing.TB, on ...testkit.Option) *talk {
	store := testkit.Open(b, on...)
	lobby, conversations := app.Join(store)
	created, err := lobby.CreateWorkspace(b.Context(), workspace.Draft{})
	if err != nil {
		b.Fatal(err)
	}
	email := "ada@example.com"
	ada, err := lobby.CreateContact(b.Context(), created.Workspace.Caller(), people.ContactFields{Email: &email})
	if err != nil {
		b.Fatal(err)
	}
	return &talk{conversations, store, lobby, created.Workspace.Caller(), ada}
}

func (o *talk) begin(b *testing.B) int64 {
	started, err := o.StartConversation(b.Context(), o.caller, inbox.Start{From: inbox.ContactRef{ID: o.ada.ID}, Body: "<p>Hi</p>"})
	if err != nil {
		b.Fatal(err)
	}
	return started.ConversationID
}
