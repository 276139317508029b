package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"lobby/internal/inbox"
)

// statistics follows a conversation from act to act.
func statistics(t *testing.T, o *office) {
	team, err := o.CreateTeam(t.Context(), o.caller, "Support", nil)
	if err != nil {
		t.Fatal(err)
	}
	id := o.begin(t, o.ada, "<p>Hi</p>")
	toAdmin := inbox.Assignee{Kind: inbox.AdminAssignee, ID: o.adminID}
	toTeam := inbox.Assignee{Kind: inbox.TeamAssignee, ID: team.ID}
	for _, step := range []struct {
		after int64
		reply inbox.Reply
	}{
		{10, inbox.Reply{Act: inbox.AdminNotes, Body: "<p>a note is no reply</p>"}},
		{10, inbox.Reply{Act: inbox.AdminAssigns, Assignee: toTeam}},
		{10, inbox.Reply{Act: inbox.AdminAssigns, Assignee: toAdmin}},
		{30, inbox.Reply{Act: inbox.AdminComments, Body: "<p>1</p>"}}, // took 60
		{5, inbox.Reply{Act: inbox.AdminComments, Body: "<p>answers nobody</p>"}},
		{5, inbox.Reply{Act: inbox.AdminCloses}},
		{10, inbox.Reply{Act: inbox.ContactComments, Body: "<p>again</p>"}},
		{10, inbox.Reply{Act: inbox.ContactComments, Body: "<p>hello?</p>"}},
		{10, inbox.Reply{Act: inbox.AdminCloses, Body: "<p>2</p>"}}, // took 20
		{10, inbox.Reply{Act: inbox.AdminAssigns, Assignee: toAdmin}},
		{10, inbox.Reply{Act: inbox.AdminAssigns, Assignee: inbox.Assignee{Kind: inbox.AdminAssignee}}},
		{10, inbox.Reply{Act: inbox.AdminComments, Body: "<p>3</p>"}},
	} {
		o.pass(step.after)
		o.reply(t, id, step.reply)
	}
	c := o.find(t, id)
	want := inbox.Statistics{
		RoutedAt: began + 30, FirstAssignmentAt: began + 20, LastAssignmentAt: began + 110, FirstAdminReplyAt: began + 60, LastAdminReplyAt: began + 130,
		FirstCloseAt: began + 70, LastCloseAt: began + 100, ClosedBy: o.adminID, LastContactReplyAt: began + 90, LastAssignmentReplyAt: began + 130,
		Reopens: 2, Assignments: 3, MedianReplyTime: 40, Pace: fmt.Sprintf(`{"times":[20,60],"teams":[{"team":%d,"at":1700000020,"took":40}]}`, team.ID),
	}
	if c.Statistics != want {
		t.Errorf("got  %+v\nwant %+v", c.Statistics, want)
	}
	if c.CountOfParts() != 13 || c.TeamNames[team.ID] != "Support" {
		t.Errorf("%d parts, teams %v", c.CountOfParts(), c.TeamNames)
	}
}

// importedParts has parts written in any order of their times. The invariants say that the statistics follow from the parts in
// their order.
func importedParts(t *testing.T, o *office) {
	random := rand.New(rand.NewPCG(7, 7))
	acts := []inbox.Act{inbox.ContactComments, inbox.AdminComments, inbox.AdminNotes, inbox.AdminCloses, inbox.AdminAssigns, inbox.AdminOpens}
	for range 4 {
		id := o.begin(t, o.ada, "<p>Hi</p>")
		for range 12 {
			reply := inbox.Reply{Act: acts[random.IntN(len(acts))], CreatedAt: began - 50 + random.Int64N(100)}
			switch reply.Act {
			case inbox.ContactComments, inbox.AdminComments, inbox.AdminNotes:
				reply.Body = "<p>Hello</p>"
			case inbox.AdminAssigns:
				reply.Assignee = inbox.Assignee{Kind: inbox.AdminAssignee, ID: o.adminID}
			}
			o.reply(t, id, reply)
		}
	}
}
