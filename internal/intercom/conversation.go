package intercom

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// conversation is a conversation as the other server has it.
type conversation struct {
	*inbox.Conversation
	// skipped is what it has there and cannot have here, and why.
	skipped []Skipped
	// names are those of its authors there, by their kind and id.
	names map[string]string
}

func (c *conversation) skip(kind, id, why string) {
	c.skipped = append(c.skipped, Skipped{Kind: kind, ID: id, Of: "conversation " + strconv.FormatInt(c.ID, 10), Why: why})
}

// lastSecond is the last time that the API shows. A snooze without an end lasts until then.
const lastSecond = 1<<31 - 1

// newConversation returns a conversation of a workspace. One that comes from a list has no parts.
func newConversation(ws workspace.ID, o object) *conversation {
	v := &inbox.Conversation{
		Workspace: ws, ID: number(o, "id"), CreatedAt: number(o, "created_at"), UpdatedAt: number(o, "updated_at"), State: stateOf(o),
		WaitingSince: number(o, "waiting_since"), IsRead: flag(o, "read"), Title: text(o, "title"), Priority: priorityOf(text(o, "priority")),
		AdminAssigneeID: number(o, "admin_assignee_id"), TeamAssigneeID: number(o, "team_assignee_id"),
		FirstReplyAt: number(member(o, "first_contact_reply"), "created_at"),
	}
	c := &conversation{Conversation: v, names: map[string]string{}}
	if v.State == inbox.Snoozed {
		v.SnoozedUntil = cmp.Or(number(o, "snoozed_until"), lastSecond)
	}
	v.Statistics.Reopens = number(member(o, "statistics"), "count_reopens")
	kept, _ := json.Marshal(scalars(o, func(name string) { c.skip("custom_attribute", name, "it is no text, number or boolean") }))
	var err error
	if v.CustomAttributes, err = jsonio.ReadAttributes(string(kept)); err != nil {
		c.skip("custom_attributes", "", err.Error())
	}
	for _, p := range objects(member(o, "contacts"), "contacts") {
		v.Participants = append(v.Participants, &inbox.Contact{ID: text(p, "id")})
	}
	for _, t := range objects(member(o, "tags"), "tags") {
		v.Tags = append(v.Tags, &inbox.Tag{
			ID: number(t, "id"), Name: text(t, "name"), AppliedAt: cmp.Or(number(t, "applied_at"), v.CreatedAt), AdminID: number(member(t, "applied_by"), "id"),
		})
	}
	c.setSource(member(o, "source"))
	list := member(o, "conversation_parts")
	for _, p := range objects(list, "conversation_parts") {
		v.Parts = append(v.Parts, c.newPart(p))
	}
	if older := number(list, "total_count") - int64(len(v.Parts)); older > 0 {
		c.skip("conversation_part", "", "the API lists no more than the last parts: "+strconv.FormatInt(older, 10)+" older ones stay behind")
	}
	for _, name := range []string{"conversation_rating", "ticket"} {
		if member(o, name) != nil {
			c.skip(name, "", "there are none here")
		}
	}
	return c
}

func stateOf(o object) inbox.State {
	switch s := inbox.State(text(o, "state")); s {
	case inbox.Closed, inbox.Snoozed:
		return s
	}
	return inbox.Open
}

// priorityOf reads one of five levels, or one of the two words that older versions have.
func priorityOf(word string) inbox.Priority {
	switch p := inbox.Priority(word); p {
	case inbox.LowPriority, inbox.MediumPriority, inbox.HighPriority, inbox.UrgentPriority:
		return p
	case "priority":
		return inbox.HighPriority
	}
	return inbox.NoPriority
}

// setSource sets the first message. One without a number gets one when it is written.
func (c *conversation) setSource(o object) {
	m := &inbox.Message{
		Workspace: c.Workspace, ID: number(o, "id"), Delivery: inbox.Delivery(cmp.Or(text(o, "delivered_as"), string(inbox.CustomerInitiated))),
		Subject: text(o, "subject"), Body: wire.CleanHTML(text(o, "body")), URL: text(o, "url"), Redacted: flag(o, "redacted"), CreatedAt: c.CreatedAt,
	}
	switch kind := text(o, "type"); kind {
	case "email":
		m.Channel = inbox.Email
	case "conversation", "":
	default:
		c.skip("channel", kind, "conversations are by email or in the product here: it is one in the product now")
	}
	m.Author = c.author(member(o, "author"))
	if m.ContactID != "" {
		m.CreatedAt = cmp.Or(c.FirstReplyAt, c.CreatedAt)
	}
	m.Attachments = c.attachments(o, "message", m.ID)
	c.MessageID, c.Source = m.ID, m
}

// author reads who wrote something. Who is neither a contact nor an admin is the bot.
func (c *conversation) author(o object) inbox.Author {
	id, kind := text(o, "id"), text(o, "type")
	switch kind {
	case "user", "lead", "contact":
		if id != "" {
			c.names["contact "+id] = text(o, "name")
			return inbox.Author{ContactID: id}
		}
	case "admin":
		if n := number(o, "id"); n != 0 {
			c.names["admin "+id] = text(o, "name")
			return inbox.Author{AdminID: n}
		}
	case "bot":
		return inbox.Author{}
	}
	c.skip("author", id, "words of a "+cmp.Or(kind, "nobody")+" are shown as the bot's")
	return inbox.Author{}
}

func (c *conversation) newPart(o object) *inbox.Part {
	p := &inbox.Part{
		Workspace: c.Workspace, ID: number(o, "id"), ConversationID: c.ID, Type: inbox.PartType(cmp.Or(text(o, "part_type"), string(inbox.CommentPart))),
		Author: c.author(member(o, "author")), Body: wire.CleanHTML(text(o, "body")), State: stateOf(o), Redacted: flag(o, "redacted"),
		CreatedAt: number(o, "created_at"), UpdatedAt: cmp.Or(number(o, "updated_at"), number(o, "created_at")), Details: detailsOf(o),
	}
	if _, told := o["state"]; !told {
		p.State = map[inbox.PartType]inbox.State{inbox.ClosePart: inbox.Closed, inbox.SnoozedPart: inbox.Snoozed}[p.Type]
		p.State = cmp.Or(p.State, inbox.Open)
	}
	if to := member(o, "assigned_to"); to != nil {
		switch kind := text(to, "type"); kind {
		case "admin", "team":
			p.Assigned = inbox.Assignee{Kind: inbox.AssigneeKind(kind), ID: number(to, "id")}
		case "nobody_admin":
			p.Assigned.Kind = inbox.AdminAssignee
		default:
			c.skip("assignee", text(to, "id"), "a "+kind+" is assigned nothing here")
		}
	}
	if len(objects(o, "tags")) > 0 {
		c.skip("part_tag", text(o, "id"), "parts have no tags here")
	}
	p.Attachments = c.attachments(o, "part", p.ID)
	return p
}

// detailsOf reads what some types of parts say besides.
func detailsOf(o object) (d inbox.Details) {
	event, metadata := member(o, "event_details"), member(o, "metadata")
	d.Attribute, d.Value = text(member(event, "attribute"), "name"), text(member(event, "value"), "name")
	d.Until, d.Chosen = number(event, "until"), text(metadata, "quick_reply_uuid")
	d.Priority, d.Before = priorityOf(text(event, "current_priority")), priorityOf(text(event, "previous_priority"))
	for _, option := range objects(metadata, "quick_reply_options") {
		d.Options = append(d.Options, inbox.QuickReply{Text: text(option, "text"), UUID: text(option, "uuid")})
	}
	return d
}

// attachments reads the files of a message or a part, as files that lie elsewhere. Their ids are always the same.
func (c *conversation) attachments(o object, kind string, of int64) (all []*inbox.Attachment) {
	for n, a := range objects(o, "attachments") {
		at := text(a, "url")
		if at == "" {
			c.skip("attachment", text(a, "name"), "the API does not tell where it is")
			continue
		}
		sum := sha256.Sum256([]byte(strings.Join([]string{kind, strconv.FormatInt(c.ID, 10), strconv.FormatInt(of, 10), strconv.Itoa(n), at}, " ")))
		all = append(all, &inbox.Attachment{
			ID: hex.EncodeToString(sum[:20]), Name: cmp.Or(text(a, "name"), "file"), URL: at,
			ContentType: cmp.Or(text(a, "content_type"), "application/octet-stream"), Size: number(a, "filesize"),
		})
	}
	return all
}
