package inbox

import "lobby/internal/workspace"

// PartType says what a part is, in the words of the public API.
type PartType string

// The types of parts.
const (
	CommentPart           PartType = "comment"
	NotePart              PartType = "note"
	QuickReplyPart        PartType = "quick_reply"
	OpenPart              PartType = "open"
	ClosePart             PartType = "close"
	SnoozedPart           PartType = "snoozed"
	TimerUnsnoozePart     PartType = "timer_unsnooze"
	NoteAndUnsnoozePart   PartType = "note_and_unsnooze"
	AssignmentPart        PartType = "assignment"
	AssignAndReopenPart   PartType = "assign_and_reopen"
	AssignAndUnsnoozePart PartType = "assign_and_unsnooze"
	DefaultAssignmentPart PartType = "default_assignment"
	ReplyTimePart         PartType = "channel_and_reply_time_expectation"
	ParticipantAddedPart  PartType = "participant_added"
	ParticipantGonePart   PartType = "participant_removed"
	AttributePart         PartType = "conversation_attribute_updated_by_admin"
	PriorityPart          PartType = "priority_changed"
)

// AssigneeKind says whether an assignee is an admin or a team.
type AssigneeKind string

// The kinds of assignees.
const (
	AdminAssignee AssigneeKind = "admin"
	TeamAssignee  AssigneeKind = "team"
)

// Assignee is whom a conversation is assigned to. The ID 0 means nobody.
type Assignee struct {
	Kind AssigneeKind
	ID   int64
}

// Part is one entry of a conversation after its first message: a text, or what happened.
type Part struct {
	Workspace      workspace.ID
	ID             int64 // decimal digits on the wire; unique within the workspace and never reused
	ConversationID int64
	Type           PartType
	Author
	Body string // safe HTML; "" for none
	// State is that of the conversation when the part was made.
	State State
	// Assigned is set when the part assigned somebody or nobody; its kind is "" otherwise.
	Assigned Assignee
	Details  Details
	// HasFiles says that there may be attachments to look up.
	HasFiles  bool
	Redacted  bool
	CreatedAt int64
	UpdatedAt int64

	Attachments []*Attachment
}

// Details is what some types of parts say besides.
type Details struct {
	// Attribute is the attribute that was changed, and Value its new value as a text.
	Attribute, Value string
	// Options are the answers that a question offers.
	Options []QuickReply
	// Chosen is the UUID of the option that a contact chose.
	Chosen string
	// Until is when a snooze ends.
	Until int64
	// Priority and Before are the priorities after and before a change.
	Priority, Before Priority
}

// QuickReply is one of the answers that a question offers.
type QuickReply struct{ Text, UUID string }
