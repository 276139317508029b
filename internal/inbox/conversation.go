package inbox

import (
	"context"
	"errors"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// The errors of a conversation.
var (
	ErrConversationNotFound = errors.New("no such conversation")
	ErrNoConversation       = errors.New("the contact has no conversation")
)

// The topics of conversations. The person is the contact whom the entry is about: the one who wrote, or else the first
// participant. The subject is the id of the conversation, followed by a slash and the id of the part, where there is one.
const (
	ConversationStarted   workspace.Topic = "conversation.user.created"
	ContactReplied        workspace.Topic = "conversation.user.replied"
	AdminReplied          workspace.Topic = "conversation.admin.replied"
	BotReplied            workspace.Topic = "conversation.operator.replied"
	AdminNoted            workspace.Topic = "conversation.admin.noted"
	ConversationAssigned  workspace.Topic = "conversation.admin.assigned"
	OpenAssigned          workspace.Topic = "conversation.admin.open.assigned"
	ConversationOpened    workspace.Topic = "conversation.admin.opened"
	ConversationClosed    workspace.Topic = "conversation.admin.closed"
	ConversationSnoozed   workspace.Topic = "conversation.admin.snoozed"
	ConversationUnsnoozed workspace.Topic = "conversation.admin.unsnoozed"
	ConversationRead      workspace.Topic = "conversation.read"
	PriorityUpdated       workspace.Topic = "conversation.priority.updated"
	ConversationDeleted   workspace.Topic = "conversation.deleted"
)

// State says whether a conversation waits for somebody.
type State string

// The states.
const (
	Open    State = "open"
	Closed  State = "closed"
	Snoozed State = "snoozed" // until a time, or until somebody writes
)

// Priority is one of five levels; versions before 2.16 know only whether there is one.
type Priority string

// The levels.
const (
	NoPriority     Priority = ""
	LowPriority    Priority = "low"
	MediumPriority Priority = "medium"
	HighPriority   Priority = "high"
	UrgentPriority Priority = "urgent"
)

// Conversation is a thread: a first message, and the parts that follow it. Zero means "none"; all times are Unix seconds.
type Conversation struct {
	Workspace workspace.ID
	ID        int64 // decimal digits on the wire; unique within the workspace and never reused
	MessageID int64 // the first message
	State     State
	// SnoozedUntil is set exactly when the state is Snoozed.
	SnoozedUntil int64
	// WaitingSince is when a contact wrote the first word that no admin has answered.
	WaitingSince int64
	// IsRead says that the contact has read what admins wrote.
	IsRead          bool
	Priority        Priority
	Title           string
	AdminAssigneeID int64
	TeamAssigneeID  int64
	// FirstReplyAt is when a contact wrote first.
	FirstReplyAt     int64
	PartCount        int64
	CustomAttributes search.Attributes
	CreatedAt        int64
	UpdatedAt        int64
	Statistics       Statistics

	// What a view shows in addition. Parts is nil in lists.
	Source       *Message
	Participants []*Contact
	Teammates    []int64
	Tags         []*Tag
	Parts        []*Part
	// TeamNames are the names of the teams of its pace.
	TeamNames map[int64]string
}

// ConversationFields are the columns of a conversation. The workspace is not included: every key begins with it.
var ConversationFields = []search.Column[Conversation]{
	search.NumberColumn("id", func(c *Conversation) *int64 { return &c.ID }),
	search.NumberColumn("message_id", func(c *Conversation) *int64 { return &c.MessageID }),
	search.TextColumn("state", func(c *Conversation) *State { return &c.State }),
	search.NumberColumn("snoozed_until", func(c *Conversation) *int64 { return &c.SnoozedUntil }),
	search.NumberColumn("waiting_since", func(c *Conversation) *int64 { return &c.WaitingSince }),
	search.FlagColumn("is_read", func(c *Conversation) *bool { return &c.IsRead }),
	search.TextColumn("priority", func(c *Conversation) *Priority { return &c.Priority }),
	search.TextColumn("title", func(c *Conversation) *string { return &c.Title }),
	search.NumberColumn("admin_assignee_id", func(c *Conversation) *int64 { return &c.AdminAssigneeID }),
	search.NumberColumn("team_assignee_id", func(c *Conversation) *int64 { return &c.TeamAssigneeID }),
	search.NumberColumn("first_reply_at", func(c *Conversation) *int64 { return &c.FirstReplyAt }),
	search.NumberColumn("part_count", func(c *Conversation) *int64 { return &c.PartCount }),
	search.AttributesColumn("custom_attributes", func(c *Conversation) *search.Attributes { return &c.CustomAttributes }),
	search.NumberColumn("created_at", func(c *Conversation) *int64 { return &c.CreatedAt }),
	search.NumberColumn("updated_at", func(c *Conversation) *int64 { return &c.UpdatedAt }),
	search.NumberColumn("first_assignment_at", func(c *Conversation) *int64 { return &c.Statistics.FirstAssignmentAt }),
	search.NumberColumn("last_assignment_at", func(c *Conversation) *int64 { return &c.Statistics.LastAssignmentAt }),
	search.NumberColumn("routed_at", func(c *Conversation) *int64 { return &c.Statistics.RoutedAt }),
	search.NumberColumn("first_admin_reply_at", func(c *Conversation) *int64 { return &c.Statistics.FirstAdminReplyAt }),
	search.NumberColumn("last_admin_reply_at", func(c *Conversation) *int64 { return &c.Statistics.LastAdminReplyAt }),
	search.NumberColumn("last_assignment_reply_at", func(c *Conversation) *int64 { return &c.Statistics.LastAssignmentReplyAt }),
	search.NumberColumn("last_contact_reply_at", func(c *Conversation) *int64 { return &c.Statistics.LastContactReplyAt }),
	search.NumberColumn("first_close_at", func(c *Conversation) *int64 { return &c.Statistics.FirstCloseAt }),
	search.NumberColumn("last_close_at", func(c *Conversation) *int64 { return &c.Statistics.LastCloseAt }),
	search.NumberColumn("closed_by", func(c *Conversation) *int64 { return &c.Statistics.ClosedBy }),
	search.NumberColumn("asked_at", func(c *Conversation) *int64 { return &c.Statistics.AskedAt }),
	search.NumberColumn("reopens", func(c *Conversation) *int64 { return &c.Statistics.Reopens }),
	search.NumberColumn("assignments", func(c *Conversation) *int64 { return &c.Statistics.Assignments }),
	search.NumberColumn("median_reply_time", func(c *Conversation) *int64 { return &c.Statistics.MedianReplyTime }),
	search.TextColumn("pace", func(c *Conversation) *string { return &c.Statistics.Pace }),
}

// clone returns a copy of the record, without what a view adds.
func (c *Conversation) clone() *Conversation {
	copied := *c
	copied.CustomAttributes = c.CustomAttributes.Clone()
	copied.Source, copied.Participants, copied.Teammates, copied.Tags, copied.Parts, copied.TeamNames = nil, nil, nil, nil, nil, nil
	return &copied
}

// isDue reports whether a snooze is over, even if nothing says so yet.
func (c *Conversation) isDue(now int64) bool { return c.State == Snoozed && c.SnoozedUntil <= now }

// Address names a conversation in any workspace.
type Address struct {
	Workspace workspace.ID
	ID        int64
}

// MaxParts is how many parts a view has at most: the latest.
const MaxParts = 500

// AllParts is a limit above every number of parts.
const AllParts = 1<<31 - 1

// FindConversation returns a conversation with its parts. Errors: ErrConversationNotFound.
func (in *Inbox) FindConversation(ctx context.Context, c workspace.Caller, id int64) (*Conversation, error) {
	return read(ctx, in, func(r Reader) (*Conversation, error) { return in.find(r, c.Workspace, id) })
}

// find returns a conversation with its parts.
func (in *Inbox) find(r Reader, ws workspace.ID, id int64) (*Conversation, error) {
	found, err := r.Conversation(ws, id)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, ErrConversationNotFound
	}
	return found, showWhole(r, found, in.Unix())
}

// DeleteConversation erases a conversation with all that was written in it. retained is only shown in the list of the
// deleted ones. Errors: ErrConversationNotFound.
func (in *Inbox) DeleteConversation(ctx context.Context, c workspace.Caller, id int64, retained bool) error {
	return in.Store.Write(ctx, func(w Writer) error {
		found, err := w.Conversation(c.Workspace, id)
		if err != nil {
			return err
		}
		if found == nil {
			return ErrConversationNotFound
		}
		return in.erase(w, found, retained)
	})
}

// erase deletes a conversation and tells of it.
func (in *Inbox) erase(w Writer, c *Conversation, retained bool) error {
	first, err := firstParticipant(w.Unlocked(), c)
	if err != nil {
		return err
	}
	if err := w.DeleteConversation(c, Deleted{ID: c.ID, DeletedAt: in.Unix(), Retained: retained}); err != nil {
		return err
	}
	return in.emit(w, ConversationDeleted, c, first, 0)
}

// Deleted is a conversation that was deleted.
type Deleted struct {
	ID        int64
	DeletedAt int64
	// Retained is what the request said of its metrics. There are none to keep.
	Retained bool
}

// DeletedConversations returns one page of the conversations that were deleted, and the number of all.
func (in *Inbox) DeletedConversations(
	ctx context.Context, c workspace.Caller, newestFirst bool, page workspace.Page,
) (all []Deleted, total int, err error) {
	err = in.Store.Read(ctx, func(r Reader) (err error) {
		all, total, err = r.DeletedConversations(c.Workspace, newestFirst, page)
		return err
	})
	return all, total, err
}
