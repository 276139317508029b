package inbox

import (
	"context"
	"errors"

	"lobby/internal/workspace"
)

// ErrNotMessageable says that nobody may write to a person: it is a visitor, who has not left a way to reach it.
var ErrNotMessageable = errors.New("the person cannot be written to")

// ErrMessageNotFound says that no message of that id is addressed to the contact.
var ErrMessageNotFound = errors.New("no such message to the contact")

// AdminWrote is the topic of a conversation that a message of an admin began.
const AdminWrote workspace.Topic = "conversation.admin.single.created"

// The topics of a message that has come to a contact, or that a page has shown. The person is the contact, the subject the
// [OwnRef] of the message. Only pages are told.
const (
	MessageSent workspace.Topic = "message.sent"
	MessageRead workspace.Topic = "message.read"
)

// AddressField says how a message is addressed to a recipient.
type AddressField string

// The fields.
const (
	ToField  AddressField = "to"
	CCField  AddressField = "cc"
	BCCField AddressField = "bcc"
)

// Recipient is a contact to whom a message of an admin is addressed.
type Recipient struct {
	MessageID int64
	// ContactID is the record that the message is addressed to. A merge does not change it.
	ContactID string
	Field     AddressField
	// ConversationID is the conversation that the message began for this recipient; 0 for none yet.
	ConversationID int64
	CreatedAt      int64 // Unix seconds, the time of the message
	ReadAt         int64 // when a page showed the message, in Unix seconds; 0 for not before there was a conversation
}

// RecipientReader reads to whom messages are addressed.
type RecipientReader interface {
	// Recipient returns how a message is addressed to a person, or to one that it absorbed. On a Writer it locks the row.
	Recipient(ws workspace.ID, messageID int64, personID string) (*Recipient, error)
	// LastUnanswered returns the latest message to a person, or to one that it absorbed, that has no conversation yet.
	LastUnanswered(ws workspace.ID, personID string) (*Recipient, error)
	// MessagesTo returns the messages that are addressed to a person, or to one that it absorbed, oldest first.
	MessagesTo(ws workspace.ID, personID string) ([]*Message, error)
	// Unanswered returns the messages in the product to a person, or to one that it absorbed, that have no conversation yet: each
	// once, the latest first, at most limit.
	Unanswered(ws workspace.ID, personID string, limit int) ([]*Recipient, error)
}

// RecipientWriter changes them.
type RecipientWriter interface {
	InsertRecipient(ws workspace.ID, r *Recipient) error
	// SetConversation says which conversation a message began for a person and those that it absorbed.
	SetConversation(ws workspace.ID, messageID int64, personID string, conversationID int64) error
	// SetRead says when a person, and those that it absorbed, have read a message.
	SetRead(ws workspace.ID, messageID int64, personID string, at int64) error
	// DeleteMessagesTo deletes the messages that were for a person alone, and began no conversation.
	DeleteMessagesTo(ws workspace.ID, personID string) error
}

// Draft is a message that an admin writes to contacts.
type Draft struct {
	AdminID     int64
	To, CC, BCC []ContactRef
	Channel     Channel
	Template    Template
	Subject     string
	Body        string // safe HTML
	Attachments []*Attachment
	// Begins makes a conversation at once, which is open. Without it, each recipient's own reply makes one.
	Begins    bool
	CreatedAt int64 // Unix seconds; 0 for now
}

// Sent is a message of an admin as it was stored. ConversationID is 0 for none.
type Sent struct {
	Message        *Message
	ConversationID int64
}

// maxRecipients is how many contacts a message may be addressed to.
const maxRecipients = 100

// SendMessage stores a message of an admin, which its recipients then have. Errors: workspace.ErrAdminNotFound,
// workspace.InvalidError, ErrNotMessageable, and those of [Contacts.Find].
func (in *Inbox) SendMessage(ctx context.Context, c workspace.Caller, d Draft) (*Sent, error) {
	if err := in.checkDraft(c, d); err != nil {
		return nil, err
	}
	return write(ctx, in, func(w Writer) (*Sent, error) {
		admin, err := w.Admin(c.Workspace, d.AdminID)
		if err != nil {
			return nil, err
		}
		if admin == nil {
			return nil, workspace.ErrAdminNotFound
		}
		m := &Message{
			Workspace: c.Workspace, Delivery: AdminInitiated, Channel: d.Channel, Template: d.Template,
			Author: Author{AdminID: admin.ID, Admin: admin}, Subject: d.Subject, Body: d.Body, CreatedAt: d.CreatedAt,
		}
		all, err := in.address(w, c, d)
		if err != nil {
			return nil, err
		}
		if err := in.post(w, c, m, all, d.Attachments); err != nil {
			return nil, err
		}
		sent := &Sent{Message: m}
		if d.Begins {
			sent.ConversationID, err = in.beginFrom(w, m, Open, all, false)
		}
		return sent, err
	})
}

func (in *Inbox) checkDraft(c workspace.Caller, d Draft) error {
	if err := in.checkWords(c, d.Body, d.Attachments, d.CreatedAt); err != nil {
		return err
	}
	if err := checkLength("subject", d.Subject); err != nil {
		return err
	}
	if len(d.To)+len(d.CC)+len(d.BCC) > maxRecipients {
		return workspace.Invalid("to", "must not name more than 100 contacts, with cc and bcc")
	}
	return nil
}

// address returns the recipients that a draft names, each once and locked.
func (in *Inbox) address(w Writer, c workspace.Caller, d Draft) (all []*Recipient, err error) {
	known := map[string]bool{}
	for _, group := range []struct {
		field AddressField
		refs  []ContactRef
	}{{ToField, d.To}, {CCField, d.CC}, {BCCField, d.BCC}} {
		for _, ref := range group.refs {
			contact, err := in.Contacts.Find(w, c, ref)
			switch {
			case err != nil:
				return nil, err
			case contact.Role == "visitor":
				return nil, ErrNotMessageable
			case d.Channel == Email && contact.Email == "":
				return nil, workspace.Invalid(string(group.field), "names a contact without an email address")
			case !known[contact.ID]:
				known[contact.ID] = true
				all = append(all, &Recipient{ContactID: contact.ID, Field: group.field})
			}
		}
	}
	return all, nil
}

// post writes a message with its recipients, and records that these were written to.
func (in *Inbox) post(w Writer, c workspace.Caller, m *Message, all []*Recipient, attachments []*Attachment) (err error) {
	if m.CreatedAt == 0 {
		m.CreatedAt = in.Unix()
	}
	if m.ID, err = w.NextNumber(m.Workspace, "message"); err != nil {
		return err
	}
	if err := w.InsertMessage(m); err != nil {
		return err
	}
	ids := make([]string, len(all))
	mails := m.Channel == Email && in.SendsMail
	for i, r := range all {
		r.MessageID, r.CreatedAt, ids[i] = m.ID, m.CreatedAt, r.ContactID
		if err := w.InsertRecipient(m.Workspace, r); err != nil {
			return err
		}
		if err := in.emitMessage(w, MessageSent, m.Workspace, r); err != nil {
			return err
		}
		if !mails {
			continue
		}
		if err := in.enqueue(w, &Mail{Workspace: m.Workspace, MessageID: m.ID, PersonID: r.ContactID}); err != nil {
			return err
		}
	}
	if err := insertAttachments(w, m.Workspace, m.ID, 0, in.named(attachments)); err != nil {
		return err
	}
	return in.Contacts.Contacted(w, c, ids, m.CreatedAt)
}

// emitMessage tells the pages of a recipient of a message.
func (in *Inbox) emitMessage(w Writer, topic workspace.Topic, ws workspace.ID, to *Recipient) error {
	return in.Emit(w, &workspace.OutboxEntry{Workspace: ws, Topic: topic, PersonID: to.ContactID, SubjectID: OwnRef{MessageID: to.MessageID}.String()})
}

// beginFrom makes the conversation of a message for some of its recipients. Those in bcc are left out unless there is
// nobody else, because everybody sees who takes part. When parts follow, it is saved with these.
func (in *Inbox) beginFrom(w Writer, m *Message, state State, all []*Recipient, partsFollow bool) (int64, error) {
	c := &Conversation{Workspace: m.Workspace, MessageID: m.ID, State: state, CreatedAt: m.CreatedAt, UpdatedAt: in.Unix()}
	c.IsRead = len(all) == 1 && all[0].ReadAt != 0
	var err error
	if c.ID, err = w.NextNumber(c.Workspace, "conversation"); err != nil {
		return 0, err
	}
	if !partsFollow {
		if _, c.UpdatedAt, err = w.AdvanceConversations(c.Workspace, c.UpdatedAt, 0); err != nil {
			return 0, err
		}
	}
	if err := w.InsertConversation(c); err != nil {
		return 0, err
	}
	first := ""
	for _, r := range all {
		if r.Field == BCCField && len(all) > 1 {
			continue
		}
		if first == "" {
			first = r.ContactID
		}
		if err := w.InsertParticipant(c.Workspace, c.ID, r.ContactID, c.UpdatedAt); err != nil {
			return 0, err
		}
		if err := w.SetConversation(c.Workspace, m.ID, r.ContactID, c.ID); err != nil {
			return 0, err
		}
	}
	return c.ID, in.emit(w, AdminWrote, c, first, 0)
}

// answered returns the conversation of a message for a contact, which a first reply makes. It is closed, as those that
// come into being by themselves are, until the reply opens it. Errors: ErrMessageNotFound.
func (in *Inbox) answered(w Writer, ws workspace.ID, messageID int64, contactID string) (int64, error) {
	to, err := w.Recipient(ws, messageID, contactID)
	switch {
	case err != nil:
		return 0, err
	case to == nil:
		return 0, ErrMessageNotFound
	case to.ConversationID != 0:
		return to.ConversationID, nil
	}
	found, err := w.Messages(ws, []int64{messageID})
	if err != nil {
		return 0, err
	}
	if found[messageID] == nil {
		return 0, ErrMessageNotFound
	}
	to.ContactID = contactID
	return in.beginFrom(w, found[messageID], Closed, []*Recipient{to}, true)
}
