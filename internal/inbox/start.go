package inbox

import (
	"cmp"
	"context"
	"html"

	"lobby/internal/workspace"
)

// Start is a contact's first word.
type Start struct {
	From        ContactRef
	Body        string // safe HTML
	Subject     string
	URL         string // the page on which it was written; "" when unknown
	Attachments []*Attachment
	CreatedAt   int64 // Unix seconds; 0 for now
}

// Started is a conversation that has begun.
type Started struct {
	Message        *Message
	ConversationID int64
	// Author is the contact who began it.
	Author *Contact
}

// StartConversation begins a conversation with what a contact wrote. A visitor becomes a lead in the same transaction.
// Errors: workspace.InvalidError, and those of [Contacts.Author].
func (in *Inbox) StartConversation(ctx context.Context, c workspace.Caller, start Start) (*Started, error) {
	if err := in.checkWords(c, start.Body, start.Attachments, start.CreatedAt); err != nil {
		return nil, err
	}
	if err := cmp.Or(checkLength("subject", start.Subject), checkLength("referer", start.URL)); err != nil {
		return nil, err
	}
	return write(ctx, in, func(w Writer) (*Started, error) { return in.startIn(w, c, start) })
}

// startIn is StartConversation within a transaction.
func (in *Inbox) startIn(w Writer, c workspace.Caller, start Start) (*Started, error) {
	author, err := in.Contacts.Author(w, c, start.From)
	if err != nil {
		return nil, err
	}
	m := &Message{
		Workspace: c.Workspace, Delivery: CustomerInitiated, Author: Author{ContactID: author.ID, Contact: author},
		Subject: start.Subject, Body: start.Body, URL: start.URL, CreatedAt: start.CreatedAt,
	}
	if m.CreatedAt == 0 {
		m.CreatedAt = in.Unix()
	}
	if err := in.Contacts.Replied(w, c, author.ID, m.CreatedAt); err != nil {
		return nil, err
	}
	welcomes := c.AssignsNew || c.FirstReply != ""
	conversation, err := in.begin(w, m, start.Attachments, welcomes)
	if err != nil {
		return nil, err
	}
	if err := in.emit(w, ConversationStarted, conversation, author.ID, 0); err != nil {
		return nil, err
	}
	if welcomes {
		err = in.welcome(w, c, conversation)
	}
	return &Started{Message: m, ConversationID: conversation.ID, Author: author}, err
}

// begin writes a message of a contact and its conversation, which is open and waits for an admin. When parts follow, it is
// saved with these.
func (in *Inbox) begin(w Writer, m *Message, attachments []*Attachment, partsFollow bool) (c *Conversation, err error) {
	c = &Conversation{
		Workspace: m.Workspace, State: Open, IsRead: true, WaitingSince: m.CreatedAt, FirstReplyAt: m.CreatedAt,
		CreatedAt: m.CreatedAt, UpdatedAt: in.Unix(),
	}
	// Messages come first wherever both are numbered, so that two writes never wait for each other.
	if m.ID, err = w.NextNumber(c.Workspace, "message"); err != nil {
		return nil, err
	}
	if c.ID, err = w.NextNumber(c.Workspace, "conversation"); err != nil {
		return nil, err
	}
	c.MessageID = m.ID
	c.Statistics.begin(m)
	if err := w.InsertMessage(m); err != nil {
		return nil, err
	}
	if !partsFollow {
		if _, c.UpdatedAt, err = w.AdvanceConversations(c.Workspace, c.UpdatedAt, 0); err != nil {
			return nil, err
		}
	}
	if err := w.InsertConversation(c); err != nil {
		return nil, err
	}
	if err := w.InsertParticipant(c.Workspace, c.ID, m.ContactID, c.UpdatedAt); err != nil {
		return nil, err
	}
	return c, insertAttachments(w, m.Workspace, m.ID, 0, in.named(attachments))
}

// welcome does what the workspace wants to be done when a contact begins a conversation, in the name of the bot.
func (in *Inbox) welcome(w Writer, c workspace.Caller, begun *Conversation) error {
	t, err := in.open(w, c, begun.ID)
	if err != nil {
		return err
	}
	if c.AssignsNew {
		if err := t.add(RulesAssign, &Part{Assigned: Assignee{Kind: AdminAssignee}}); err != nil {
			return err
		}
	}
	if c.FirstReply != "" {
		if err := t.add(BotAnswers, &Part{Body: "<p>" + html.EscapeString(c.FirstReply) + "</p>"}); err != nil {
			return err
		}
	}
	return t.save()
}

const (
	// maxBody is the max length of a body in bytes.
	maxBody = 64 << 10
	// maxFuture is how many seconds a time may lie in the future, for clocks that differ.
	maxFuture = 60
)

// checkWords refuses what no message and no part may have.
func (in *Inbox) checkWords(c workspace.Caller, body string, attachments []*Attachment, createdAt int64) error {
	switch {
	case body == "":
		return workspace.Invalid("body", "is blank")
	case len(body) > maxBody:
		return workspace.Invalid("body", "is longer than 65536 bytes")
	}
	return in.checkExtras(c, attachments, createdAt)
}

// checkExtras is checkWords for what has no body.
func (in *Inbox) checkExtras(c workspace.Caller, attachments []*Attachment, createdAt int64) error {
	if createdAt > in.Unix()+maxFuture {
		return workspace.Invalid("created_at", "must not be in the future")
	}
	return checkAttachments(c, attachments)
}
