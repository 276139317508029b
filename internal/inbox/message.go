package inbox

import "lobby/internal/workspace"

// Delivery says how a message came to be.
type Delivery string

// CustomerInitiated is a message that a contact wrote.
const CustomerInitiated Delivery = "customer_initiated"

// Message is the first word of a conversation.
type Message struct {
	Workspace workspace.ID
	ID        int64 // decimal digits on the wire; unique within the workspace and never reused
	Delivery  Delivery
	Author
	Subject   string
	Body      string // safe HTML
	URL       string // the page on which it was written; "" when unknown
	Redacted  bool
	CreatedAt int64

	Attachments []*Attachment
}

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
func (m *Message) Kind() string { return "conversation" }
