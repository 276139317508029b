package inbox

import "lobby/internal/workspace"

// Act is something that may change the state of a conversation.
type Act string

// The acts.
const (
	ContactComments Act = "contact comments"
	ContactChooses  Act = "contact chooses an answer"
	AdminComments   Act = "admin comments"
	AdminNotes      Act = "admin notes"
	AdminAsks       Act = "admin asks"
	AdminCloses     Act = "admin closes"
	AdminOpens      Act = "admin opens"
	AdminSnoozes    Act = "admin snoozes"
	AdminAssigns    Act = "admin assigns"
	RulesAssign     Act = "rules assign"
	TimerEnds       Act = "timer ends"
	BotAnswers      Act = "bot answers"
)

// Transition is what an act does in one state: the part that it adds and the state after it.
type Transition struct {
	Part PartType
	To   State
}

// Transitions is the table of all acts in all states. The table of the public API's page on the conversation model says
// which parts there are; a test compares the two.
var Transitions = map[Act]map[State]Transition{
	ContactComments: {Open: {CommentPart, Open}, Closed: {OpenPart, Open}, Snoozed: {OpenPart, Open}},
	ContactChooses:  {Open: {QuickReplyPart, Open}, Closed: {QuickReplyPart, Open}, Snoozed: {QuickReplyPart, Open}},
	AdminComments:   {Open: {CommentPart, Open}, Closed: {OpenPart, Open}, Snoozed: {CommentPart, Open}},
	AdminNotes:      {Open: {NotePart, Open}, Closed: {NotePart, Closed}, Snoozed: {NoteAndUnsnoozePart, Open}},
	AdminAsks:       {Open: {QuickReplyPart, Open}, Closed: {QuickReplyPart, Open}, Snoozed: {QuickReplyPart, Open}},
	AdminCloses:     {Open: {ClosePart, Closed}, Closed: {ClosePart, Closed}, Snoozed: {ClosePart, Closed}},
	AdminOpens:      {Open: {OpenPart, Open}, Closed: {OpenPart, Open}, Snoozed: {OpenPart, Open}},
	AdminSnoozes:    {Open: {SnoozedPart, Snoozed}, Closed: {SnoozedPart, Snoozed}, Snoozed: {SnoozedPart, Snoozed}},
	AdminAssigns:    {Open: {AssignmentPart, Open}, Closed: {AssignAndReopenPart, Open}, Snoozed: {AssignAndUnsnoozePart, Open}},
	RulesAssign:     {Open: {DefaultAssignmentPart, Open}, Closed: {DefaultAssignmentPart, Closed}, Snoozed: {DefaultAssignmentPart, Snoozed}},
	TimerEnds:       {Open: {TimerUnsnoozePart, Open}, Closed: {TimerUnsnoozePart, Closed}, Snoozed: {TimerUnsnoozePart, Open}},
	BotAnswers:      {Open: {ReplyTimePart, Open}, Closed: {ReplyTimePart, Closed}, Snoozed: {ReplyTimePart, Snoozed}},
}

// topics returns what to tell of an act that led from a state, besides a change of a snooze.
func (a Act) topics(from State) []workspace.Topic {
	switch a {
	case ContactComments, ContactChooses:
		return []workspace.Topic{ContactReplied}
	case AdminComments, AdminAsks:
		return []workspace.Topic{AdminReplied}
	case BotAnswers:
		return []workspace.Topic{BotReplied, AdminReplied}
	case AdminNotes:
		return []workspace.Topic{AdminNoted}
	case AdminCloses:
		return []workspace.Topic{ConversationClosed}
	case AdminOpens:
		return []workspace.Topic{ConversationOpened}
	case AdminSnoozes:
		return []workspace.Topic{ConversationSnoozed}
	case AdminAssigns, RulesAssign:
		all := []workspace.Topic{ConversationAssigned}
		switch {
		case from == Open:
			all = append(all, OpenAssigned)
		case from == Closed && a == AdminAssigns:
			all = append(all, ConversationOpened)
		}
		return all
	}
	return nil
}

// speaks reports whether an admin writes to the contacts by an act with a body, "" for none.
func (a Act) speaks(body string) bool {
	switch a {
	case AdminAsks:
		return true
	case AdminComments, AdminCloses, AdminOpens, AdminAssigns:
		return body != ""
	}
	return false
}
