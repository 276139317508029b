package storetest

import (
	"fmt"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
)

// writers is how many write into one conversation at once.
const writers = 64

// crowd has many write into one conversation from two servers: everything is kept once.
func crowd(t *testing.T, o *office) {
	id := o.begin(t, o.ada, "<p>Hi</p>")
	_, other := o.server()
	crowded(writers, func(i int) {
		server, reply := o.inbox, inbox.Reply{Body: fmt.Sprintf("<p>%d</p>", i), AdminID: o.adminID, Contact: inbox.ContactRef{ID: o.ada.ID}}
		if i%2 == 0 {
			server = other
		}
		reply.Act = []inbox.Act{inbox.ContactComments, inbox.AdminComments, inbox.AdminNotes, inbox.AdminCloses}[i%4]
		if _, err := server.Reply(t.Context(), o.caller, inbox.Target{ID: id}, reply); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	})
	c := o.find(t, id)
	bodies, ids := map[string]int{}, map[int64]bool{}
	for _, p := range c.Parts {
		bodies[p.Body]++
		ids[p.ID] = true
	}
	if len(c.Parts) != writers || c.PartCount != writers || len(bodies) != writers || len(ids) != writers {
		t.Errorf("%d parts with %d bodies and %d ids, %d counted", len(c.Parts), len(bodies), len(ids), c.PartCount)
	}
	if told := o.told(t, acme); len(told) < writers {
		t.Errorf("%d entries", len(told))
	}
	last := c.Parts[len(c.Parts)-1]
	if last.State != c.State {
		t.Errorf("the last part leaves it %s, and it is %s", last.State, c.State)
	}
}

// beginnings has one visitor write several times at once: it becomes a lead once, and nothing it wrote is lost.
func beginnings(t *testing.T, o *office) {
	visitor, err := o.CreateVisitor(t.Context(), o.caller, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	const n = 8
	_, other := o.server()
	converted := make([]string, n)
	crowded(n, func(i int) {
		server := o.inbox
		if i%2 == 0 {
			server = other
		}
		started, err := server.StartConversation(t.Context(), o.caller, inbox.Start{From: inbox.ContactRef{UserID: visitor.AnonymousID}, Body: fmt.Sprintf("<p>%d</p>", i)})
		if err != nil {
			t.Errorf("%d: %v", i, err)
			return
		}
		converted[i] = started.Author.ConvertedBy
	})
	changes := map[string]int{}
	for _, id := range converted {
		changes[id]++
	}
	if len(changes) != 2 || changes[""] != n-1 {
		t.Errorf("the changes are %v", changes)
	}
	lead, err := o.FindContact(t.Context(), o.caller, visitor.ID)
	if err != nil || lead.Role != people.Lead || lead.LastRepliedAt != began {
		t.Errorf("the visitor is %+v, %v", lead, err)
	}
	if page, err := o.inbox.Search(t.Context(), o.caller, inbox.ContactRef{}, search.Order{Limit: 100}); err != nil || page.Total != n {
		t.Errorf("%+v, %v", page, err)
	}
	journal, _, err := o.Changes(t.Context(), o.caller, visitor.ID, "", 10)
	if err != nil || len(journal) != 1 {
		t.Errorf("the journal has %d entries, %v", len(journal), err)
	}
}
