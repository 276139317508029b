package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// UserMessage is a message of a contact that began a conversation.
type UserMessage struct {
	*inbox.Started
	// Sent is the body as it was sent.
	Sent string
}

// AppendJSON appends the message.
func (m UserMessage) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "user_message")
	o.Text("id", strconv.FormatInt(m.Message.ID, 10))
	o.Int("created_at", m.Message.CreatedAt)
	o.Text("body", m.Sent)
	o.Text("message_type", "inapp")
	o.Text("conversation_id", strconv.FormatInt(m.ConversationID, 10))
	return o.End()
}

// AdminMessage is a message of an admin to contacts.
type AdminMessage struct{ *inbox.Sent }

// AppendJSON appends the message. Only an email has a subject of its own.
func (m AdminMessage) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "admin_message")
	o.Text("id", strconv.FormatInt(m.Message.ID, 10))
	o.Int("created_at", m.Message.CreatedAt)
	o.Text("subject", m.Message.Subject)
	o.Text("body", m.Message.Body)
	kind := "inapp"
	if m.Message.Channel == inbox.Email {
		kind = "email"
		o.Text("template", string(m.Message.Template))
	}
	o.Text("message_type", kind)
	owner := m.Message.Admin
	o.Open("owner")
	o.Text("type", "admin")
	o.Text("id", strconv.FormatInt(owner.ID, 10))
	o.Text("name", owner.Name)
	o.Text("email", owner.Email)
	o.Bool("away_mode_enabled", owner.Away.On)
	o.Bool("away_mode_reassign", owner.Away.Reassign)
	o.Close()
	if m.ConversationID != 0 {
		o.Text("conversation_id", strconv.FormatInt(m.ConversationID, 10))
	}
	return o.End()
}

func messageSamples(apiversion.Version) []Shape {
	admin := inbox.Author{AdminID: 1, Admin: full[workspace.Admin]()}
	return []Shape{
		UserMessage{Started: &inbox.Started{Message: new(inbox.Message)}},
		AdminMessage{&inbox.Sent{Message: &inbox.Message{Author: admin}}},
		AdminMessage{&inbox.Sent{Message: &inbox.Message{Author: admin, Channel: inbox.Email}, ConversationID: 1}},
	}
}
