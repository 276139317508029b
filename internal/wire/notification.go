package wire

import (
	"strconv"

	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// Notification is what a webhook is told: an item of a topic, in the envelope of the public API.
type Notification struct {
	ID        string
	Workspace workspace.ID
	Topic     string
	// Item is a JSON object.
	Item []byte
	// Attempts is the number of the attempt, from 1. FirstSentAt is the time of the first.
	Attempts, FirstSentAt int64
	CreatedAt             int64
}

// AppendJSON appends the notification.
func (n Notification) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "notification_event")
	o.Text("app_id", string(n.Workspace))
	o.Open("data")
	o.Text("type", "notification_event_data")
	o.Name("item")
	o.Buf = append(o.Buf, n.Item...)
	o.Close()
	o.Raw("links", "{}")
	o.Text("id", n.ID)
	o.Text("topic", n.Topic)
	o.Text("delivery_status", "pending")
	o.Int("delivery_attempts", n.Attempts)
	o.Int("delivered_at", 0)
	o.Int("first_sent_at", n.FirstSentAt)
	o.Int("created_at", n.CreatedAt)
	o.Null("self")
	return o.End()
}

// ContactTag is the item of a tag that was put on a contact or taken off.
type ContactTag struct {
	Tag       people.Tag
	Contact   *Contact
	CreatedAt int64
}

// AppendJSON appends the item.
func (t ContactTag) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "contact_tag")
	o.Int("created_at", t.CreatedAt)
	o.Open("tag")
	writeTag(&o, &t.Tag)
	o.Close()
	o.Name("contact")
	o.Buf = t.Contact.AppendJSON(o.Buf)
	return o.End()
}

// ToldConversation is the item of a conversation, with the parts that the notification is about.
type ToldConversation struct {
	Conversation *Conversation
	// Added is the tag that was put on it; nil for none.
	Added *inbox.Tag
}

// AppendJSON appends the item.
func (t ToldConversation) AppendJSON(buf []byte) []byte {
	o := more(t.Conversation.Whole().AppendJSON(buf))
	if t.Added != nil {
		o.Open("tags_added")
		o.Text("type", "tag.list")
		o.OpenList("tags")
		o.Next()
		o.Buf = ConversationTag{t.Added}.AppendJSON(o.Buf)
		o.CloseList()
		o.Close()
	}
	return o.End()
}

// GoneConversation is the item of a conversation that was deleted.
type GoneConversation struct{ ID int64 }

// AppendJSON appends the item.
func (g GoneConversation) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "conversation")
	o.Text("id", strconv.FormatInt(g.ID, 10))
	return o.End()
}

// ContactCompany is the item of a contact that was attached to a company or detached.
type ContactCompany struct {
	Company   *Company
	Contact   *Contact
	CreatedAt int64
}

// AppendJSON appends the item.
func (c ContactCompany) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "contact_company")
	o.Int("created_at", c.CreatedAt)
	o.Name("company")
	o.Buf = c.Company.AppendJSON(o.Buf)
	o.Name("contact")
	o.Buf = c.Contact.AppendJSON(o.Buf)
	return o.End()
}

// MergedContact is the item of a merge: the contact that is left, and the id of the one that went into it.
type MergedContact struct {
	Contact *Contact
	From    string
}

// AppendJSON appends the item.
func (m MergedContact) AppendJSON(buf []byte) []byte {
	o := more(m.Contact.AppendJSON(buf))
	writeReference(&o, "merged_from", "contact", m.From)
	return o.End()
}

// SubscribedContact is the item of a contact's choice about a subscription type.
type SubscribedContact struct {
	Contact *Contact
	Types   SubscriptionList
}

// AppendJSON appends the item.
func (s SubscribedContact) AppendJSON(buf []byte) []byte {
	o := more(s.Contact.AppendJSON(buf))
	o.Name("subscription_types")
	o.Buf = s.Types.AppendJSON(o.Buf)
	return o.End()
}

// more goes on with an object that was finished.
func more(buf []byte) jsonio.Writer { return jsonio.Writer{Buf: buf[:len(buf)-1]} }

// Event is the item of an event.
type Event struct {
	Event  *people.Event
	Person *people.Person
}

// AppendJSON appends the item.
func (e Event) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	writeEventMembers(&o, e.Event, e.Person)
	return o.End()
}

// IdentityChange is the item of a person that was converted or merged, and of the undo of such a change. The public API
// has no such topic.
type IdentityChange struct{ Change *people.Change }

// AppendJSON appends the item. The old id leads to the person with the new id, which is the same when the person was
// converted in place. An undo names the ids of the change that it undid.
func (i IdentityChange) AppendJSON(buf []byte) []byte {
	c := i.Change
	o := jsonio.Begin(buf)
	o.Text("type", "identity_change")
	o.Text("id", c.ID)
	o.Text("kind", string(c.Kind))
	o.Text("old_id", c.SubjectID)
	o.Text("new_id", c.SurvivorID)
	o.Text("old_role", string(c.From))
	o.Text("new_role", string(c.To))
	o.TextOrNull("undoes", c.Undoes)
	o.Int("created_at", c.CreatedAt)
	return o.End()
}

// Ping is the item of a test.
type Ping struct{}

// AppendJSON appends the item.
func (Ping) AppendJSON(buf []byte) []byte {
	return append(buf, `{"type":"ping","message":"This is a test of the webhook."}`...)
}

// GoneCompany is the item of a company that was deleted.
type GoneCompany struct{ Company *people.Company }

// AppendJSON appends the item.
func (g GoneCompany) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "company")
	o.Text("id", g.Company.ID)
	o.TextOrNull("company_id", g.Company.CompanyID)
	o.Bool("deleted", true)
	return o.End()
}
