package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// PersonMessage is a message of an admin to a person.
type PersonMessage struct {
	Message *inbox.Message
	Words   Words
}

// AppendJSON appends the message.
func (m PersonMessage) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "person.message")
	shownToPerson{m.Message.Workspace, "", m.Words}.message(&o, m.Message)
	return o.End()
}

// PersonEmail says what became of an email to a person. What it said is in the message or the part.
type PersonEmail struct{ Mail *inbox.Mail }

// AppendJSON appends the email.
func (e PersonEmail) AppendJSON(buf []byte) []byte {
	m := e.Mail
	o := jsonio.Begin(buf)
	o.Text("type", "person.email")
	o.Text("id", strconv.FormatInt(m.ID, 10))
	o.IntOrNull("message_id", m.MessageID)
	o.IntOrNull("part_id", m.PartID)
	o.Text("state", string(m.State))
	o.TextOrNull("reason", m.Reason)
	o.Int("attempts", m.Attempts)
	o.Int("created_at", m.CreatedAt)
	o.IntOrNull("sent_at", m.SentAt)
	return o.End()
}

func personMessageSamples(apiversion.Version) []Shape {
	sent := full[inbox.Message]()
	sent.Author = inbox.Author{AdminID: 1, Admin: full[workspace.Admin]()}
	return []Shape{
		PersonMessage{Message: sent},
		PersonMessage{Message: &inbox.Message{Author: sent.Author}},
		PersonEmail{full[inbox.Mail]()},
		PersonEmail{new(inbox.Mail)},
	}
}
