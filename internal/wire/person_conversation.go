package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// PersonConversation is what a person may know of a conversation. Of others it shows the names alone.
type PersonConversation struct {
	Conversation *inbox.Conversation // its Source is nil when it is not shown
	PersonID     string
	Words        Words
}

// AppendJSON appends the conversation.
func (s PersonConversation) AppendJSON(buf []byte) []byte {
	c := s.Conversation
	shown := shownToPerson{c.Workspace, s.PersonID, s.Words}
	o := jsonio.Begin(buf)
	o.Text("type", "person.conversation")
	o.Text("id", strconv.FormatInt(c.ID, 10))
	o.Int("created_at", c.CreatedAt)
	o.Int("updated_at", c.UpdatedAt)
	o.Text("state", string(c.State))
	o.TextOrNull("title", c.Title)
	o.Bool("read", c.IsRead)
	o.Text("priority", (&Conversation{Levels: true}).priority(c.Priority))
	o.IntOrNull("waiting_since", c.WaitingSince)
	o.IntOrNull("snoozed_until", min(c.SnoozedUntil, lastSecond))
	o.IntOrNull("first_contact_reply_at", c.FirstReplyAt)
	names := make([]string, len(c.Tags))
	for i, tag := range c.Tags {
		names[i] = tag.Name
	}
	o.Texts("tags", names)
	o.Attributes("custom_attributes", c.CustomAttributes)
	if m := c.Source; m == nil {
		o.Null("message")
	} else {
		o.Open("message")
		shown.message(&o, m)
		o.Close()
	}
	o.OpenList("parts")
	for _, p := range c.Parts {
		o.Item()
		o.Text("id", strconv.FormatInt(p.ID, 10))
		o.Text("part_type", string(p.Type))
		o.Int("created_at", p.CreatedAt)
		o.Int("updated_at", p.UpdatedAt)
		shown.words(&o, &p.Author, p.Body, p.Attachments, p.Redacted)
		shown.details(&o, &p.Details)
		o.Close()
	}
	o.CloseList()
	return o.End()
}

// shownToPerson writes what is said between the team and a person.
type shownToPerson struct {
	workspace workspace.ID
	personID  string // "" where no author is the person
	Words
}

// details writes what a part says besides its text.
func (s shownToPerson) details(o *jsonio.Writer, d *inbox.Details) {
	o.TextOrNull("attribute", d.Attribute)
	o.TextOrNull("value", d.Value)
	options := make([]string, len(d.Options))
	for i, option := range d.Options {
		options[i] = option.Text
	}
	o.Texts("reply_options", options)
	o.TextOrNull("chosen_uuid", d.Chosen)
}

// message writes the members of a message.
func (s shownToPerson) message(o *jsonio.Writer, m *inbox.Message) {
	o.Text("id", strconv.FormatInt(m.ID, 10))
	o.Int("created_at", m.CreatedAt)
	o.TextOrNull("subject", m.Subject)
	o.TextOrNull("url", m.URL)
	o.Text("delivered_as", string(m.Delivery))
	o.Text("channel", m.Kind())
	s.words(o, &m.Author, m.Body, m.Attachments, m.Redacted)
}

// words writes who wrote something, and what.
func (s shownToPerson) words(o *jsonio.Writer, by *inbox.Author, body string, files []*inbox.Attachment, redacted bool) {
	kind, _, name, _ := shownAuthor(by, s.workspace)
	o.Open("author")
	o.Text("type", kind)
	o.TextOrNull("name", name)
	o.Bool("is_person", by.Contact != nil && by.Contact.ID == s.personID)
	o.Close()
	s.body(o, "body", body)
	s.attachments(o, s.workspace, files)
	o.Bool("redacted", redacted)
}

func personConversationSamples(apiversion.Version) []Shape {
	bare := bareConversation()
	bare.Source = nil
	return []Shape{
		PersonConversation{Conversation: fullConversation("user"), PersonID: "*"},
		PersonConversation{Conversation: bareConversation()},
		PersonConversation{Conversation: bare},
	}
}
