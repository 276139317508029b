package storetest

import (
	"fmt"
	"strconv"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
)

// writers is how many write into one conversation at once.
const writers = 64

// crowdActs is what the writers of a crowd do, one after another.
var crowdActs = []inbox.Act{
	inbox.ContactComments, inbox.AdminComments, inbox.AdminNotes, inbox.AdminCloses, inbox.AdminAssigns, inbox.AdminOpens,
	inbox.ContactComments, inbox.AdminSnoozes,
}

// crowd has many write into one conversation from two servers while time goes by: everything is kept once, and in one order
// that explains every state, every count and what each writer was shown.
func crowd(t *testing.T, o *office) {
	id := o.begin(t, o.ada, "<p>Hi</p>")
	_, other := o.server()
	crowded(writers, func(i int) {
		o.pass(1)
		server, body := o.inbox, strconv.Itoa(i)
		if i%2 == 0 {
			server = other
		}
		c, err := server.Reply(t.Context(), o.caller, inbox.Target{ID: id}, inbox.Reply{
			Act: crowdActs[i%len(crowdActs)], Body: body, AdminID: o.adminID, Contact: inbox.ContactRef{ID: o.ada.ID},
			Until: began + 100_000, Assignee: inbox.Assignee{Kind: inbox.AdminAssignee, ID: o.adminID},
		})
		if err != nil {
			t.Errorf("%d: %v", i, err)
			return
		}
		if last := c.Parts[len(c.Parts)-1]; last.Body != body || last.State != c.State || c.PartCount != int64(len(c.Parts)) {
			t.Errorf("%d is shown %s last, in a conversation that is %s with %d parts", i, last.Body, c.State, c.PartCount)
		}
	})
	c := o.find(t, id)
	inOneOrder(t, c)
	if len(c.Parts) != writers || c.PartCount != writers || c.CountOfParts() != writers+1 {
		t.Errorf("%d parts, %d counted, %d in the statistics", len(c.Parts), c.PartCount, c.CountOfParts())
	}
	if told := o.told(t, acme); len(told) < writers {
		t.Errorf("%d entries", len(told))
	}
	page, err := o.inbox.Search(t.Context(), o.caller, inbox.ContactRef{}, search.Order{Limit: 1, Query: search.Query{
		Field: "statistics.count_conversation_parts", Operator: search.Equal, Values: []search.Value{search.IntValue(writers + 1)},
	}})
	if err != nil || page.Total != 1 {
		t.Errorf("a search by the number of parts finds %+v, %v", page, err)
	}
}

// inOneOrder tests that the parts of a crowd lead from one to the next by the table of [outcomes], and that the statistics
// count what happened.
func inOneOrder(t *testing.T, c *inbox.Conversation) {
	t.Helper()
	state, bodies, ids := inbox.Open, map[string]bool{}, map[int64]bool{}
	var reopens, assignments int64
	for _, p := range c.Parts {
		writer, err := strconv.Atoi(p.Body)
		if err != nil || bodies[p.Body] || ids[p.ID] {
			t.Errorf("part %d, %q, is there again, or nobody's", p.ID, p.Body)
		}
		bodies[p.Body], ids[p.ID] = true, true
		act := crowdActs[writer%len(crowdActs)]
		want := outcomes[act][state]
		if p.Type != want.part || p.State != want.state {
			t.Errorf("after %s, the %s is %s and %s, want %s and %s", state, act, p.Type, p.State, want.part, want.state)
		}
		if state == inbox.Closed && p.State == inbox.Open {
			reopens++
		}
		if act == inbox.AdminAssigns {
			assignments++
		}
		state = p.State
	}
	if s := c.Statistics; c.State != state || s.Reopens != reopens || s.Assignments != assignments {
		t.Errorf("it is %s with %d reopenings and %d assignments, the parts say %s, %d and %d",
			c.State, s.Reopens, s.Assignments, state, reopens, assignments)
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
