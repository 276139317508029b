package wire

import (
	"strconv"

	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// shownRole returns the role of a contact as conversations show it. Visitors are leads there: they have written.
func shownRole(c *inbox.Contact) string {
	if c.Role == "user" {
		return "user"
	}
	return "lead"
}

// shownAuthor returns what is shown of an author: type, id, name and address. Of an erased contact only the id is left.
func shownAuthor(a *inbox.Author, of workspace.ID) (kind, id, name, email string) {
	switch {
	case a.Contact != nil:
		return "user", a.Contact.ID, a.Contact.Name, a.Contact.Email
	case a.ContactID != "":
		return "user", a.ContactID, "", ""
	case a.Admin != nil:
		return "admin", strconv.FormatInt(a.Admin.ID, 10), a.Admin.Name, a.Admin.Email
	}
	bot := workspace.Bot(of)
	return "bot", strconv.FormatInt(bot.ID, 10), bot.Name, bot.Email
}

func (c *Conversation) parts(o *jsonio.Writer) {
	v := c.conversation
	o.Open("conversation_parts")
	o.Text("type", "conversation_part.list")
	o.OpenList("conversation_parts")
	for _, p := range v.Parts {
		o.Item()
		c.part(o, p)
		o.Close()
	}
	o.CloseList()
	o.Int("total_count", v.PartCount)
	o.Close()
}

func (c *Conversation) part(o *jsonio.Writer, p *inbox.Part) {
	o.Text("type", "conversation_part")
	o.Text("id", strconv.FormatInt(p.ID, 10))
	o.Text("part_type", string(p.Type))
	if p.Body == "" {
		o.Null("body")
	} else {
		c.words.body(o, "body", p.Body)
	}
	o.Int("created_at", p.CreatedAt)
	o.Int("updated_at", p.UpdatedAt)
	o.Int("notified_at", p.CreatedAt)
	writeAssignee(o, p.Assigned)
	o.Open("author")
	kind, id, name, email := shownAuthor(&p.Author, c.conversation.Workspace)
	o.Text("id", id)
	o.Text("type", kind)
	o.TextOrNull("name", name)
	o.Text("email", email)
	if c.PartFlags {
		o.Bool("from_ai_agent", false)
		o.Bool("is_ai_answer", false)
	}
	o.Close()
	c.words.attachments(o, c.conversation.Workspace, p.Attachments)
	o.Null("external_id")
	o.Bool("redacted", p.Redacted)
	if c.PartDetails {
		c.partDetails(o, p)
	}
}

// writeAssignee writes to whom a part assigned the conversation; null when it assigned nobody anything.
func writeAssignee(o *jsonio.Writer, a inbox.Assignee) {
	switch {
	case a.Kind == "":
		o.Null("assigned_to")
	case a.ID == 0:
		o.Open("assigned_to")
		o.Text("type", "nobody_admin")
		o.Null("id")
		o.Close()
	default:
		writeReference(o, "assigned_to", string(a.Kind), strconv.FormatInt(a.ID, 10))
	}
}

// partDetails writes what parts have since version 2.13.
func (c *Conversation) partDetails(o *jsonio.Writer, p *inbox.Part) {
	d := &p.Details
	o.Open("metadata")
	if len(d.Options) > 0 {
		o.OpenList("quick_reply_options")
		for _, option := range d.Options {
			o.Item()
			o.Text("text", option.Text)
			o.Text("uuid", option.UUID)
			o.Close()
		}
		o.CloseList()
	}
	if d.Chosen != "" {
		o.Text("quick_reply_uuid", d.Chosen)
	}
	o.Close()
	o.Null("email_message_metadata")
	o.Text("state", string(p.State))
	o.OpenList("tags")
	o.CloseList()
	c.eventDetails(o, d)
	o.Null("app_package_code")
	if c.MoreDetails {
		o.Open("translations")
		o.Close()
	}
}

// eventDetails writes what a part says of a change.
func (c *Conversation) eventDetails(o *jsonio.Writer, d *inbox.Details) {
	switch {
	case d.Attribute != "":
		o.Open("event_details")
		o.Open("attribute")
		o.Text("name", d.Attribute)
		o.Close()
		o.Open("value")
		o.Text("name", d.Value)
		o.Close()
		o.Close()
	case c.MoreDetails && d.Until != 0:
		o.Open("event_details")
		o.Int("until", min(d.Until, lastSecond))
		o.Null("custom_until_time")
		o.Close()
	case c.MoreDetails && d.Priority != d.Before:
		o.Open("event_details")
		o.Text("current_priority", c.priority(d.Priority))
		o.Text("previous_priority", c.priority(d.Before))
		o.Close()
	default:
		o.Null("event_details")
	}
}
