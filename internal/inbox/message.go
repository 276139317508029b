package inbox

import "lobby/internal/workspace"

// Delivery says how a message came to be.
type Delivery string

// A message is written by a contact or by an admin.
const (
	CustomerInitiated Delivery = "customer_initiated"
	AdminInitiated    Delivery = "admin_initiated"
)

// Channel is the way in which a message reaches its recipients.
type Channel string

// The channels.
const (
	InApp Channel = "" // shown in the owner's product
	Email Channel = "email"
)

// Message is the first word of a conversation. One of an admin may come to exist before its conversation does.
type Message struct {
	Workspace workspace.ID
	ID        int64 // decimal digits on the wire; unique within the workspace and never reused
	Delivery  Delivery
	Channel   Channel
	Template  Template
	Author
	Subject   string
	Body      string // safe HTML
	URL       string // the page on which it was written; "" when unknown
	Redacted  bool
	CreatedAt int64

	Attachments []*Attachment
}

// Template says how an email looks.
type Template string

// The templates.
const (
	PlainTemplate    Template = "plain"
	PersonalTemplate Template = "personal"
)

// Author is who wrote a message or a part: a contact, an admin or, when both ids are blank, the bot.
type Author struct {
	// ContactID is the record that wrote it. A merge does not change it; readers follow the forwarding address.
	ContactID string
	AdminID   int64

	// Contact is the contact of today, nil when it is erased or none wrote it. Admin has no name when the admin is gone.
	// A store sets neither.
	Contact *Contact
	Admin   *workspace.Admin
}

// Kind returns what a conversation that begins with the message shows as the type of its source.
func (m *Message) Kind() string {
	if m.Channel == Email {
		return "email"
	}
	return "conversation"
}
