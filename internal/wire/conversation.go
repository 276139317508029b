package wire

import (
	"net/url"
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// Conversation is a conversation in the shape of a version.
type Conversation struct {
	conversation *inbox.Conversation
	words        Words
	// IsWhole says whether to write the parts, and Customers whether to write the participants first, too.
	IsWhole, Customers bool
	// Ticket, LinkedObjects, AIAgent, Channel and AITopics say whether to write these members, which never have a value.
	Ticket, LinkedObjects, AIAgent, Channel, AITopics bool
	// ExternalIDs says whether the participants have their external ids.
	ExternalIDs bool
	// Levels says that the priority is one of five words, and that 0 stands for no assignee.
	Levels bool
	// SourceFlags and PartFlags say whether the authors of the source and of the parts say that they are no AI.
	SourceFlags, PartFlags bool
	// TeamStatistics says whether statistics tell of teams, and MoreStatistics whether they have what came with version 2.13.
	TeamStatistics, MoreStatistics bool
	// PartDetails says whether parts have what came with version 2.13, and MoreDetails what came after 2.16.
	PartDetails, MoreDetails bool
}

// Words says how the texts of a conversation are written.
type Words struct {
	// IsPlain writes texts without markup.
	IsPlain bool
	// Base is where this server is reached, for the URLs of uploads.
	Base string
}

// body writes a text as a member.
func (w Words) body(o *jsonio.Writer, name, body string) {
	if w.IsPlain {
		body = PlainText(body)
	}
	o.Text(name, body)
}

// NewConversation returns a conversation in the shape of version v.
func NewConversation(c *inbox.Conversation, words Words, v apiversion.Version) *Conversation {
	shown := &Conversation{
		conversation: c, words: words, Ticket: true, LinkedObjects: true, AIAgent: true, Channel: true, AITopics: true,
		ExternalIDs: true, Levels: true, PartFlags: true, PartDetails: true, MoreDetails: true,
		TeamStatistics: true, MoreStatistics: true,
	}
	changes.StepDown(v, shown)
	return shown
}

// Whole returns the conversation with its parts.
func (c *Conversation) Whole() *Conversation {
	c.IsWhole = true
	return c
}

// lastSecond is the last time that 32 bits hold. Some clients can decode no later one.
const lastSecond = 1<<31 - 1

// AppendJSON appends the conversation.
func (c *Conversation) AppendJSON(buf []byte) []byte {
	v := c.conversation
	o := jsonio.Begin(buf)
	if c.Customers {
		o.OpenList("customers")
		for _, p := range v.Participants {
			o.Item()
			o.Text("type", shownRole(p))
			o.Text("id", p.ID)
			o.Close()
		}
		o.CloseList()
	}
	o.Text("type", "conversation")
	o.Text("id", strconv.FormatInt(v.ID, 10))
	o.Int("created_at", v.CreatedAt)
	o.Int("updated_at", v.UpdatedAt)
	o.IntOrNull("waiting_since", v.WaitingSince)
	o.IntOrNull("snoozed_until", min(v.SnoozedUntil, lastSecond))
	c.source(&o)
	c.contacts(&o)
	c.firstReply(&o)
	c.assignee(&o, "admin_assignee_id", v.AdminAssigneeID)
	c.assignee(&o, "team_assignee_id", v.TeamAssigneeID)
	o.Bool("open", v.State != inbox.Closed)
	o.Text("state", string(v.State))
	o.Bool("read", v.IsRead)
	c.tags(&o)
	o.Text("priority", c.priority(v.Priority))
	o.Null("sla_applied")
	c.statistics(&o)
	o.Null("conversation_rating")
	c.teammates(&o)
	o.TextOrNull("title", v.Title)
	o.Attributes("custom_attributes", v.CustomAttributes)
	o.Open("topics")
	o.Close()
	c.constants(&o)
	if c.IsWhole {
		c.parts(&o)
	}
	return o.End()
}

// constants writes the members that have one value in Lobby.
func (c *Conversation) constants(o *jsonio.Writer) {
	if c.Ticket {
		o.Null("ticket")
	}
	if c.LinkedObjects {
		o.Open("linked_objects")
		o.Text("type", "list")
		o.OpenList("data")
		o.CloseList()
		o.Int("total_count", 0)
		o.Bool("has_more", false)
		o.Close()
	}
	if c.AITopics {
		o.Null("ai_topics")
	}
	if c.AIAgent {
		o.Null("ai_agent")
		o.Bool("ai_agent_participated", false)
	}
	if c.Channel {
		o.Open("channel")
		o.Text("initial", "messenger")
		o.Text("current", "messenger")
		o.Close()
	}
}

func (c *Conversation) contacts(o *jsonio.Writer) {
	o.Open("contacts")
	o.Text("type", "contact.list")
	o.OpenList("contacts")
	for _, p := range c.conversation.Participants {
		o.Item()
		o.Text("type", "contact")
		o.Text("id", p.ID)
		if c.ExternalIDs {
			o.TextOrNull("external_id", p.ExternalID)
		}
		o.Close()
	}
	o.CloseList()
	o.Close()
}

func (c *Conversation) firstReply(o *jsonio.Writer) {
	v := c.conversation
	if v.FirstReplyAt == 0 {
		o.Null("first_contact_reply")
		return
	}
	o.Open("first_contact_reply")
	o.Int("created_at", v.FirstReplyAt)
	o.Text("type", "conversation")
	page := ""
	if v.Source.ContactID != "" && v.Source.CreatedAt == v.FirstReplyAt {
		page = v.Source.URL
	}
	o.TextOrNull("url", page)
	o.Close()
}

func (c *Conversation) assignee(o *jsonio.Writer, name string, id int64) {
	if c.Levels {
		o.Int(name, id)
		return
	}
	o.IntOrNull(name, id)
}

func (c *Conversation) tags(o *jsonio.Writer) {
	o.Open("tags")
	o.Text("type", "tag.list")
	o.OpenList("tags")
	for _, t := range c.conversation.Tags {
		o.Next()
		o.Buf = ConversationTag{t}.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.Close()
}

// priority returns the word for a priority. Versions without levels know only whether there is one.
func (c *Conversation) priority(p inbox.Priority) string {
	switch {
	case c.Levels && p == inbox.NoPriority:
		return "none"
	case c.Levels:
		return string(p)
	case p == inbox.NoPriority:
		return "not_priority"
	}
	return "priority"
}

func (c *Conversation) teammates(o *jsonio.Writer) {
	if len(c.conversation.Teammates) == 0 {
		o.Null("teammates")
		return
	}
	o.Open("teammates")
	o.Text("type", "admin.list")
	o.OpenList("admins")
	for _, id := range c.conversation.Teammates {
		o.Item()
		o.Text("type", "admin")
		o.Text("id", strconv.FormatInt(id, 10))
		o.Close()
	}
	o.CloseList()
	o.Close()
}

func (c *Conversation) source(o *jsonio.Writer) {
	m := c.conversation.Source
	o.Open("source")
	o.Text("type", m.Kind())
	o.Text("id", strconv.FormatInt(m.ID, 10))
	o.Text("delivered_as", string(m.Delivery))
	o.Text("subject", m.Subject)
	c.words.body(o, "body", m.Body)
	o.Open("author")
	role, id, name, email := shownAuthor(&m.Author, c.conversation.Workspace)
	if m.Contact != nil {
		role = shownRole(m.Contact)
	}
	o.Text("type", role)
	o.Text("id", id)
	o.TextOrNull("name", name)
	o.Text("email", email)
	if c.SourceFlags {
		o.Bool("from_ai_agent", false)
		o.Bool("is_ai_answer", false)
	}
	o.Close()
	c.words.attachments(o, c.conversation.Workspace, m.Attachments)
	o.TextOrNull("url", m.URL)
	o.Bool("redacted", m.Redacted)
	o.Close()
}

// FileURL returns where a file is. An upload is below the URL of this server.
func FileURL(base string, ws workspace.ID, a *inbox.Attachment) string {
	if a.URL != "" {
		return a.URL
	}
	return base + "/uploads/" + url.PathEscape(string(ws)) + "/" + a.ID + "/" + url.PathEscape(a.Name)
}

// attachments writes the files of a message or a part.
func (w Words) attachments(o *jsonio.Writer, of workspace.ID, all []*inbox.Attachment) {
	o.OpenList("attachments")
	for _, a := range all {
		o.Item()
		o.Text("type", "upload")
		o.Text("name", a.Name)
		o.Text("url", FileURL(w.Base, of, a))
		o.Text("content_type", a.ContentType)
		o.Int("filesize", a.Size)
		o.Null("width")
		o.Null("height")
		o.Close()
	}
	o.CloseList()
}
