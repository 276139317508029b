package inbox

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"lobby/internal/workspace"
)

// The errors of a reply. A contact that takes no part is refused as one that does not exist is.
var (
	ErrNotParticipant   = errors.New("the contact takes no part in the conversation")
	ErrAssigneeNotFound = errors.New("the assignee is neither an admin nor a team of the workspace")
)

// Reply is something that a contact or an admin does in a conversation. Which fields are read depends on the act.
type Reply struct {
	Act Act
	// Contact is who writes, for the acts of contacts; AdminID is who acts otherwise.
	Contact ContactRef
	AdminID int64
	// Body is safe HTML. Comments and notes need one; other acts may have one.
	Body        string
	Attachments []*Attachment
	CreatedAt   int64 // Unix seconds; 0 for now
	// Options are the answers that AdminAsks offers, or the one that ContactChooses took.
	Options []QuickReply
	// Until is when AdminSnoozes ends, in Unix seconds.
	Until int64
	// Assignee is whom AdminAssigns means. An id that is none of its kind may be one of the other kind.
	Assignee Assignee
	// Key is the caller's own id of the reply, "" for none. A reply that comes again within [maxResend] is not added again.
	Key string
	// KeepsSnooze lets an admin's comment or note leave the conversation snoozed.
	KeepsSnooze bool
}

// Target names a conversation: by its id or, when that is 0, as the last one of a contact. For a contact that replies, the
// last one may be a message of an admin without a conversation, which then begins one.
type Target struct {
	ID     int64
	LastOf ContactRef
}

// Reply adds what a contact or an admin does to a conversation, and returns the conversation. Errors:
// ErrConversationNotFound, ErrNoConversation, ErrNotParticipant, ErrAssigneeNotFound, workspace.ErrAdminNotFound,
// workspace.InvalidError, and those of [Contacts.Author].
func (in *Inbox) Reply(ctx context.Context, c workspace.Caller, to Target, reply Reply) (*Conversation, error) {
	if err := in.check(c, &reply); err != nil {
		return nil, err
	}
	return write(ctx, in, func(w Writer) (*Conversation, error) {
		id, err := in.target(w, c, to, reply.Act)
		if err != nil {
			return nil, err
		}
		return in.replyOnce(w, c, id, reply)
	})
}

// replyOnce adds a reply, unless one with its key was added already.
func (in *Inbox) replyOnce(w Writer, c workspace.Caller, id int64, reply Reply) (*Conversation, error) {
	if reply.Key != "" {
		before, isNew, err := w.EnterSent(c.Workspace, reply.Key, in.Unix())
		if err != nil {
			return nil, err
		}
		if !isNew {
			return in.find(w.Unlocked(), c.Workspace, before)
		}
		if err := w.SetSent(c.Workspace, reply.Key, id); err != nil {
			return nil, err
		}
	}
	return in.changeIn(w, c, id, func(t *thread) error { return t.reply(reply) })
}

// maxOptions is how many answers a question may offer.
const maxOptions = 10

// check refuses what no reply may have.
func (in *Inbox) check(c workspace.Caller, reply *Reply) error {
	for _, option := range reply.Options {
		if err := cmp.Or(checkLength("reply_options.text", option.Text), checkLength("reply_options.uuid", option.UUID)); err != nil {
			return err
		}
	}
	switch reply.Act {
	case ContactComments, AdminComments, AdminNotes:
		return in.checkWords(c, reply.Body, reply.Attachments, reply.CreatedAt)
	case AdminAsks:
		if len(reply.Options) == 0 || len(reply.Options) > maxOptions {
			return workspace.Invalid("reply_options", "must be from 1 to 10")
		}
	case ContactChooses:
		if len(reply.Options) != 1 {
			return workspace.Invalid("reply_options", "must be one option")
		}
	}
	if reply.Body != "" {
		return in.checkWords(c, reply.Body, reply.Attachments, reply.CreatedAt)
	}
	return in.checkExtras(c, reply.Attachments, reply.CreatedAt)
}

// target returns the id of the conversation that is meant.
func (in *Inbox) target(w Writer, c workspace.Caller, to Target, act Act) (int64, error) {
	if to.LastOf.IsZero() {
		return to.ID, nil
	}
	contact, err := in.Contacts.Find(w.Unlocked(), c, to.LastOf)
	if err != nil {
		return 0, err
	}
	last, err := w.LastConversation(c.Workspace, contact.ID)
	if err != nil {
		return 0, err
	}
	if act == ContactComments || act == ContactChooses {
		message, err := w.Unlocked().LastUnanswered(c.Workspace, contact.ID)
		if err != nil {
			return 0, err
		}
		if message != nil && message.CreatedAt >= last.UpdatedAt {
			return in.answered(w, c.Workspace, message.MessageID, contact.ID)
		}
	}
	if last.ID == 0 {
		return 0, ErrNoConversation
	}
	return last.ID, nil
}

// reply adds a reply.
func (t *thread) reply(reply Reply) error {
	p := &Part{Body: reply.Body, Attachments: reply.Attachments, CreatedAt: reply.CreatedAt}
	switch reply.Act {
	case ContactComments, ContactChooses:
		return t.contactReplies(reply, p)
	}
	if err := t.mustBeAdmin(reply.AdminID); err != nil {
		return err
	}
	p.AdminID = reply.AdminID
	step := Transitions[reply.Act][t.now.State]
	switch reply.Act {
	case AdminAsks:
		p.Details.Options = reply.Options
	case AdminSnoozes:
		t.now.SnoozedUntil = t.snoozeEnd(reply.Until)
		p.Details.Until = t.now.SnoozedUntil
	case AdminAssigns:
		assignee, err := t.assignee(reply.Assignee)
		if err != nil {
			return err
		}
		t.assign(assignee)
		p.Assigned = assignee
	case AdminComments, AdminNotes:
		if reply.KeepsSnooze && t.now.State == Snoozed {
			step.To, step.Part = Snoozed, Transitions[reply.Act][Open].Part
		}
	}
	if err := t.move(reply.Act, step, p); err != nil {
		return err
	}
	return t.contacted(reply.Act, p)
}

// contactReplies adds a word of a contact who takes part.
func (t *thread) contactReplies(reply Reply, p *Part) error {
	contact, err := t.participant(reply.Contact)
	if err != nil {
		return err
	}
	p.ContactID = contact.ID
	if reply.Act == ContactChooses {
		p.Details.Chosen = reply.Options[0].UUID
		if p.Body == "" {
			p.Details.Options = reply.Options
		}
	}
	if err := t.add(reply.Act, p); err != nil {
		return err
	}
	return t.in.Contacts.Replied(t.w, t.caller, contact.ID, p.CreatedAt)
}

// contacted records that the participants were written to, if they were, and has it sent to them by email.
func (t *thread) contacted(act Act, p *Part) error {
	if !act.speaks(p.Body) {
		return nil
	}
	all, err := t.participants()
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
		if !t.in.SendsMail || !t.caller.MailsReplies || c.Email == "" {
			continue
		}
		m := &Mail{Workspace: t.now.Workspace, PersonID: c.ID}
		t.in.wait(m, t.caller.ReplyDelay)
		t.mails = append(t.mails, outgoing{m, p})
	}
	return t.in.Contacts.Contacted(t.w, t.caller, ids, p.CreatedAt)
}

// mustBeAdmin returns workspace.ErrAdminNotFound when an id is none of an admin.
func (t *thread) mustBeAdmin(id int64) error {
	found, err := t.w.Admin(t.now.Workspace, id)
	if err == nil && found == nil {
		err = workspace.ErrAdminNotFound
	}
	return err
}

// assignee returns the admin or the team that is meant. Some clients call every assignee an admin.
func (t *thread) assignee(meant Assignee) (Assignee, error) {
	if meant.ID == 0 {
		return meant, nil
	}
	admin, err := t.w.Admin(t.now.Workspace, meant.ID)
	if err != nil {
		return meant, err
	}
	teams, err := t.w.Unlocked().Teams(t.now.Workspace)
	if err != nil {
		return meant, err
	}
	isTeam := slices.ContainsFunc(teams, func(g *workspace.Team) bool { return g.ID == meant.ID })
	switch {
	case isTeam && (meant.Kind == TeamAssignee || admin == nil):
		return Assignee{TeamAssignee, meant.ID}, nil
	case admin != nil:
		return Assignee{AdminAssignee, meant.ID}, nil
	}
	return meant, ErrAssigneeNotFound
}

// assign makes an admin or a team the assignee, or nobody of that kind.
func (t *thread) assign(a Assignee) {
	if a.Kind == TeamAssignee {
		t.now.TeamAssigneeID = a.ID
		return
	}
	t.now.AdminAssigneeID = a.ID
}

// RunAssignmentRules assigns a conversation by the rules of the workspace. There are none, so nobody is assigned, and the
// bot says so. Errors: ErrConversationNotFound.
func (in *Inbox) RunAssignmentRules(ctx context.Context, c workspace.Caller, id int64) (*Conversation, error) {
	return in.change(ctx, c, id, func(t *thread) error {
		return t.add(RulesAssign, &Part{Assigned: Assignee{Kind: AdminAssignee}})
	})
}
