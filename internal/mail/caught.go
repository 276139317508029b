package mail

import (
	"strings"

	gomail "github.com/wneessen/go-mail"

	"lobby/internal/workspace"
)

// Caught is a mail that was caught instead of sent.
type Caught struct {
	Workspace workspace.ID
	// From and To are addresses with names, as in the headers.
	From, To, Subject string
	Text, HTML        string
	// Message is all of it, as MIME.
	Message string
}

func caught(ws workspace.ID, m *gomail.Msg) *Caught {
	c := &Caught{
		Workspace: ws, From: strings.Join(m.GetFromString(), ", "), To: strings.Join(m.GetToString(), ", "),
		Subject: strings.Join(m.GetGenHeader(gomail.HeaderSubject), " "),
	}
	for _, part := range m.GetParts() {
		content, err := part.GetContent()
		switch {
		case err != nil:
		case part.GetContentType() == gomail.TypeTextHTML:
			c.HTML = string(content)
		default:
			c.Text = string(content)
		}
	}
	var message strings.Builder
	if _, err := m.WriteTo(&message); err == nil {
		c.Message = message.String()
	}
	return c
}
