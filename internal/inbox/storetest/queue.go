package storetest

import (
	"slices"
	"sync"
	"testing"

	"lobby/internal/inbox"
)

// queues tests that a queue has the conversations of its state and assignee, each on exactly one page, the latest update first.
func queues(t *testing.T, o *office) {
	team, err := o.CreateTeam(t.Context(), o.caller, "Support", []int64{o.adminID})
	if err != nil {
		t.Fatal(err)
	}
	acts := []inbox.Reply{
		{Act: inbox.AdminNotes, Body: "nobody's"},
		{Act: inbox.AdminAssigns, Assignee: inbox.Assignee{Kind: inbox.AdminAssignee, ID: o.adminID}},
		{Act: inbox.AdminAssigns, Assignee: inbox.Assignee{Kind: inbox.TeamAssignee, ID: team.ID}},
		{Act: inbox.AdminCloses},
		{Act: inbox.AdminSnoozes, Until: began + 100_000},
	}
	want := map[int][]int64{} // by act, latest first
	for n := range 20 {
		id := o.begin(t, o.ada, "Hello")
		o.reply(t, id, acts[n%len(acts)])
		want[n%len(acts)] = append([]int64{id}, want[n%len(acts)]...)
		o.pass(int64(n % 2)) // some have the same time
	}
	admin, group := acts[1].Assignee, acts[2].Assignee
	latest := func(which ...int) (all []int64) {
		for _, i := range which {
			all = append(all, want[i]...)
		}
		slices.SortFunc(all, func(a, b int64) int { return int(b - a) })
		return all
	}
	for name, q := range map[string]struct {
		queue inbox.Queue
		want  []int64
	}{
		"open": {inbox.Queue{State: inbox.Open}, latest(0, 1, 2)}, "closed": {inbox.Queue{State: inbox.Closed}, latest(3)},
		"snoozed": {inbox.Queue{State: inbox.Snoozed}, latest(4)}, "unassigned": {inbox.Queue{State: inbox.Open, Unassigned: true}, latest(0)},
		"an admin's": {inbox.Queue{State: inbox.Open, Assignee: admin}, latest(1)}, "a team's": {inbox.Queue{State: inbox.Open, Assignee: group}, latest(2)},
		"an admin's closed": {inbox.Queue{State: inbox.Closed, Assignee: admin}, nil},
		"nobody's":          {inbox.Queue{State: inbox.Open, Assignee: inbox.Assignee{Kind: inbox.AdminAssignee, ID: 999}}, nil},
	} {
		var got []int64
		below := inbox.Position{}
		for range 20 {
			page, err := o.inbox.QueuedConversations(t.Context(), o.caller, q.queue, below, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Conversations {
				got = append(got, c.ID)
				below = inbox.Position{UpdatedAt: c.UpdatedAt, ID: c.ID}
				if q.queue.Unassigned && (len(c.Parts) != 1 || c.Parts[0].Body != "nobody's") {
					t.Errorf("the last words of %d are not shown", c.ID)
				}
			}
			if !page.More {
				break
			}
		}
		if !slices.Equal(got, q.want) {
			t.Errorf("%s: %v, want %v", name, got, q.want)
		}
	}
	rivals := o.caller
	rivals.Workspace = rival
	page, err := o.inbox.QueuedConversations(t.Context(), rivals, inbox.Queue{State: inbox.Open}, inbox.Position{}, 3)
	if err != nil || len(page.Conversations) != 0 {
		t.Errorf("another workspace sees %d, %v", len(page.Conversations), err)
	}
}

// repeatedReply tests that a reply with a key is there once, however often and however much at once it comes.
func repeatedReply(t *testing.T, o *office) {
	id := o.begin(t, o.ada, "Hello")
	reply := inbox.Reply{Act: inbox.AdminComments, AdminID: o.adminID, Body: "Hi", Key: "a key"}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			found, err := o.inbox.Reply(t.Context(), o.caller, inbox.Target{ID: id}, reply)
			if err != nil || len(found.Parts) != 1 {
				t.Errorf("%v, %v", found, err)
			}
		})
	}
	all.Wait()
	// One that failed left nothing: its key may be used.
	lost := inbox.Reply{Act: inbox.AdminComments, AdminID: 999, Body: "Hi", Key: "another key"}
	if _, err := o.inbox.Reply(t.Context(), o.caller, inbox.Target{ID: id}, lost); err == nil {
		t.Error("nobody replied")
	}
	lost.AdminID = o.adminID
	if found, err := o.inbox.Reply(t.Context(), o.caller, inbox.Target{ID: id}, lost); err != nil || len(found.Parts) != 2 {
		t.Errorf("after a failure: %v, %v", found, err)
	}
}
