package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// ConversationList is one page of conversations: of a list, or of a search. The last page has no next, because null would stop
// a client.
type ConversationList struct {
	SearchPages[*inbox.Conversation]
	Words   Words
	Version apiversion.Version
}

// AppendJSON appends the page.
func (l ConversationList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "conversation.list")
	cursorPages(&o, int64(l.Page.Number), l.PerPage, l.Page.Total, l.Next, false)
	o.OpenList("conversations")
	for _, c := range l.Page.Found {
		o.Next()
		o.Buf = NewConversation(c, l.Words, l.Version).AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

// ConversationTag is a tag of a conversation, with the time when it was applied and the admin who applied it.
type ConversationTag struct{ *inbox.Tag }

// AppendJSON appends the tag.
func (t ConversationTag) AppendJSON(buf []byte) []byte {
	return AppliedTag{&people.AppliedTag{Tag: people.Tag{ID: t.ID, Name: t.Name}, AppliedAt: t.AppliedAt, AdminID: t.AdminID}}.AppendJSON(buf)
}

// DeletedConversation is the response to deleting a conversation.
type DeletedConversation struct{ ID int64 }

// AppendJSON appends the id and what became of it.
func (d DeletedConversation) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("id", strconv.FormatInt(d.ID, 10))
	o.Text("object", "conversation")
	o.Bool("deleted", true)
	return o.End()
}

// DeletedConversationList is one page of the conversations that were deleted.
type DeletedConversationList struct {
	Conversations []inbox.Deleted
	Pages         NumberedPages
}

// AppendJSON appends the page.
func (l DeletedConversationList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "conversations.list")
	l.Pages.write(&o)
	o.OpenList("conversations")
	for _, d := range l.Conversations {
		o.Item()
		o.Text("type", "conversation")
		o.Text("id", strconv.FormatInt(d.ID, 10))
		o.Bool("metrics_retained", d.Retained)
		o.Int("deleted_at", d.DeletedAt)
		o.Close()
	}
	o.CloseList()
	return o.End()
}

// fullConversation returns a conversation with everything that one can have, begun by a contact of a role.
func fullConversation(role string) *inbox.Conversation {
	c := full[inbox.Conversation]()
	c.CustomAttributes = anyAttributes
	c.Statistics.Pace, c.TeamNames = `{"times":[1],"teams":[{"team":1,"took":1},{"team":2,"took":1}]}`, map[int64]string{1: "*"}
	contact := &inbox.Contact{ID: "*", Role: role, ExternalID: "*", Name: "*", Email: "*"}
	c.Source.Author, c.FirstReplyAt, c.Participants = inbox.Author{ContactID: "*", Contact: contact}, c.Source.CreatedAt, []*inbox.Contact{contact}
	part := func(by inbox.Author, to inbox.Assignee, d inbox.Details) *inbox.Part {
		p := full[inbox.Part]()
		p.Author, p.Assigned, p.Details = by, to, d
		return p
	}
	admin := inbox.Author{AdminID: 1, Admin: full[workspace.Admin]()}
	c.Parts = []*inbox.Part{
		part(c.Source.Author, inbox.Assignee{}, inbox.Details{Options: []inbox.QuickReply{{Text: "*", UUID: "*"}}, Chosen: "*"}),
		part(inbox.Author{}, inbox.Assignee{Kind: inbox.AdminAssignee}, inbox.Details{Attribute: "*", Value: "*"}),
		part(admin, inbox.Assignee{Kind: inbox.AdminAssignee, ID: 1}, inbox.Details{Until: 1}),
		part(admin, inbox.Assignee{Kind: inbox.TeamAssignee, ID: 1}, inbox.Details{Priority: inbox.LowPriority}),
		{},
	}
	return c
}

// bareConversation returns a conversation with as little as one can have.
func bareConversation() *inbox.Conversation {
	erased := inbox.Author{ContactID: "*"}
	return &inbox.Conversation{
		Source: &inbox.Message{Author: erased}, FirstReplyAt: 1, Participants: []*inbox.Contact{{Role: "lead"}}, Parts: []*inbox.Part{{Author: erased}},
	}
}

func conversationSamples(v apiversion.Version) []Shape {
	both := fullConversation("user")
	both.Participants = append(both.Participants, &inbox.Contact{Role: "lead"})
	customers := NewConversation(both, Words{}, v).Whole()
	customers.Customers = true
	silent := &inbox.Conversation{Source: new(inbox.Message)}
	byAdmin := fullConversation("user")
	byAdmin.Source.Author, byAdmin.Source.Channel = inbox.Author{AdminID: 1, Admin: full[workspace.Admin]()}, inbox.Email
	last := foundSample[*inbox.Conversation]()
	last.Next = ""
	return []Shape{
		NewConversation(fullConversation("user"), Words{}, v).Whole(), NewConversation(fullConversation("lead"), Words{}, v).Whole(),
		NewConversation(bareConversation(), Words{}, v).Whole(), NewConversation(silent, Words{}, v).Whole(), customers,
		NewConversation(byAdmin, Words{}, v).Whole(),
		ConversationList{SearchPages: foundSample(fullConversation("user"), fullConversation("lead"), byAdmin, bareConversation(), silent), Version: v},
		ConversationList{SearchPages: last, Version: v},
		ConversationTag{full[inbox.Tag]()},
		ConversationTag{new(inbox.Tag)},
		DeletedConversation{},
		DeletedConversationList{Conversations: []inbox.Deleted{{}}, Pages: pageSample},
		DeletedConversationList{Pages: lastPageSample},
	}
}
