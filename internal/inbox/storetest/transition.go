package storetest

import (
	"slices"
	"strings"
	"testing"

	"lobby/internal/inbox"
)

// outcome is what an act comes to in one state: the part, the state after it, and what is told.
type outcome struct {
	part  inbox.PartType
	state inbox.State
	told  string
}

// outcomes is the table of the public API's page on the conversation model, written down a second time.
var outcomes = map[inbox.Act]map[inbox.State]outcome{
	inbox.ContactComments: {
		inbox.Open: {"comment", "open", "user.replied"}, inbox.Closed: {"open", "open", "user.replied"}, inbox.Snoozed: {"open", "open", "user.replied admin.unsnoozed"},
	},
	inbox.ContactChooses: {
		inbox.Open: {"quick_reply", "open", "user.replied"}, inbox.Closed: {"quick_reply", "open", "user.replied"},
		inbox.Snoozed: {"quick_reply", "open", "user.replied admin.unsnoozed"},
	},
	inbox.AdminComments: {
		inbox.Open: {"comment", "open", "admin.replied"}, inbox.Closed: {"open", "open", "admin.replied"}, inbox.Snoozed: {"comment", "open", "admin.replied admin.unsnoozed"},
	},
	inbox.AdminNotes: {
		inbox.Open: {"note", "open", "admin.noted"}, inbox.Closed: {"note", "closed", "admin.noted"}, inbox.Snoozed: {"note_and_unsnooze", "open", "admin.noted admin.unsnoozed"},
	},
	inbox.AdminAsks: {
		inbox.Open: {"quick_reply", "open", "admin.replied"}, inbox.Closed: {"quick_reply", "open", "admin.replied"},
		inbox.Snoozed: {"quick_reply", "open", "admin.replied admin.unsnoozed"},
	},
	inbox.AdminCloses: {
		inbox.Open: {"close", "closed", "admin.closed"}, inbox.Closed: {"close", "closed", "admin.closed"}, inbox.Snoozed: {"close", "closed", "admin.closed"},
	},
	inbox.AdminOpens: {
		inbox.Open: {"open", "open", "admin.opened"}, inbox.Closed: {"open", "open", "admin.opened"}, inbox.Snoozed: {"open", "open", "admin.opened admin.unsnoozed"},
	},
	inbox.AdminSnoozes: {
		inbox.Open: {"snoozed", "snoozed", "admin.snoozed"}, inbox.Closed: {"snoozed", "snoozed", "admin.snoozed"}, inbox.Snoozed: {"snoozed", "snoozed", "admin.snoozed"},
	},
	inbox.AdminAssigns: {
		inbox.Open: {"assignment", "open", "admin.assigned admin.open.assigned"}, inbox.Closed: {"assign_and_reopen", "open", "admin.assigned admin.opened"},
		inbox.Snoozed: {"assign_and_unsnooze", "open", "admin.assigned admin.unsnoozed"},
	},
	inbox.RulesAssign: {
		inbox.Open: {"default_assignment", "open", "admin.assigned admin.open.assigned"}, inbox.Closed: {"default_assignment", "closed", "admin.assigned"},
		inbox.Snoozed: {"default_assignment", "snoozed", "admin.assigned"},
	},
}

// unasked are the acts that nobody asks for: the timer ends a snooze, and the bot answers a beginning.
var unasked = []inbox.Act{inbox.TimerEnds, inbox.BotAnswers}

// transitions does everything in every state.
func transitions(t *testing.T, o *office) {
	for act, states := range inbox.Transitions {
		if outcomes[act] == nil && !slices.Contains(unasked, act) {
			t.Errorf("nothing is expected when the %s", act)
		}
		if len(states) != 3 {
			t.Errorf("the %s in %d states", act, len(states))
		}
	}
	for act, states := range outcomes {
		for from, want := range states {
			id := o.begin(t, o.ada, "<p>Hi</p>")
			switch from {
			case inbox.Closed:
				o.reply(t, id, inbox.Reply{Act: inbox.AdminCloses})
			case inbox.Snoozed:
				o.reply(t, id, inbox.Reply{Act: inbox.AdminSnoozes, Until: began + 3600})
			}
			before := len(o.told(t, acme))
			got, err := o.act(t, o.inbox, id, act)
			if err != nil {
				t.Fatalf("the %s on %s: %v", act, from, err)
			}
			last := got.Parts[len(got.Parts)-1]
			if last.Type != want.part || got.State != want.state || last.State != want.state {
				t.Errorf("the %s on %s: %s and %s, want %s and %s", act, from, last.Type, got.State, want.part, want.state)
			}
			if (got.SnoozedUntil != 0) != (want.state == inbox.Snoozed) {
				t.Errorf("the %s on %s: snoozed until %d", act, from, got.SnoozedUntil)
			}
			var told []string
			for _, entry := range o.told(t, acme)[before:] {
				topic, _, _ := strings.Cut(strings.TrimPrefix(entry, "conversation."), " ")
				told = append(told, topic)
			}
			if all := strings.Join(told, " "); all != want.told {
				t.Errorf("the %s on %s tells %q, want %q", act, from, all, want.told)
			}
			answers := act == inbox.AdminComments || act == inbox.AdminAsks || act == inbox.AdminCloses || from == inbox.Closed && act != inbox.ContactComments && act != inbox.ContactChooses
			if (got.WaitingSince == 0) != answers {
				t.Errorf("the %s on %s: waiting since %d", act, from, got.WaitingSince)
			}
		}
	}
}

// act does something in a conversation on a server.
func (o *office) act(t *testing.T, server *inbox.Inbox, id int64, act inbox.Act) (*inbox.Conversation, error) {
	if act == inbox.RulesAssign {
		return server.RunAssignmentRules(t.Context(), o.caller, id)
	}
	reply := inbox.Reply{
		Act: act, Contact: inbox.ContactRef{ID: o.ada.ID}, AdminID: o.adminID, Until: began + 7200,
		Options: []inbox.QuickReply{{Text: "Yes", UUID: "a"}}, Assignee: inbox.Assignee{Kind: inbox.AdminAssignee, ID: o.adminID},
	}
	switch act {
	case inbox.ContactComments, inbox.AdminComments, inbox.AdminNotes:
		reply.Body = "<p>Hello</p>"
	}
	return server.Reply(t.Context(), o.caller, inbox.Target{ID: id}, reply)
}
