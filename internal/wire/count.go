package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
)

// Counts is how many records of each kind there are.
type Counts struct{ Company, User, Lead, Tag, Segment int }

// AppendJSON appends the counts.
func (c Counts) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "count.hash")
	for _, kind := range []struct {
		name string
		n    int
	}{{"company", c.Company}, {"user", c.User}, {"lead", c.Lead}, {"tag", c.Tag}, {"segment", c.Segment}} {
		o.Open(kind.name)
		o.Int("count", int64(kind.n))
		o.Close()
	}
	return o.End()
}

// RecordCount is how many conversations, users or companies there are of one sort or another. One of its lists or Conversations is set.
type RecordCount struct {
	Conversations *ConversationCounts
	// Admins are the conversations that are assigned to each admin.
	Admins []AdminCount
	// Kind is "user" or "company", of which All has the numbers By "tag", "segment" or "user".
	Kind, By string
	All      []NamedCount
}

// ConversationCounts is how many conversations are open and closed, and how many of the open ones are assigned.
type ConversationCounts struct{ Assigned, Closed, Open, Unassigned int }

// AdminCount is how many conversations are assigned to an admin.
type AdminCount struct {
	ID           int64
	Name         string
	Open, Closed int
}

// NamedCount is a number by the name of what is counted.
type NamedCount struct {
	Name  string
	Count int
}

// AppendJSON appends the counts.
func (c RecordCount) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "count")
	switch {
	case c.Conversations != nil:
		o.Open("conversation")
		o.Int("assigned", int64(c.Conversations.Assigned))
		o.Int("closed", int64(c.Conversations.Closed))
		o.Int("open", int64(c.Conversations.Open))
		o.Int("unassigned", int64(c.Conversations.Unassigned))
		o.Close()
	case c.Kind == "":
		o.Open("conversation")
		c.admins(&o)
		o.Close()
	default:
		o.Open(c.Kind)
		c.named(&o)
		o.Close()
	}
	return o.End()
}

func (c RecordCount) admins(o *jsonio.Writer) {
	o.OpenList("admin")
	for _, admin := range c.Admins {
		o.Item()
		o.Text("id", strconv.FormatInt(admin.ID, 10))
		o.Text("name", admin.Name)
		o.Int("open", int64(admin.Open))
		o.Int("closed", int64(admin.Closed))
		o.Close()
	}
	o.CloseList()
}

func (c RecordCount) named(o *jsonio.Writer) {
	o.OpenList(c.By)
	for _, n := range c.All {
		o.Item()
		o.Next()
		o.Buf = append(jsonio.AppendText(o.Buf, n.Name), ':')
		o.Buf = strconv.AppendInt(o.Buf, int64(n.Count), 10)
		o.Close()
	}
	o.CloseList()
}

func countSamples(apiversion.Version) []Shape {
	some := []NamedCount{{"*", 1}}
	return []Shape{
		Counts{},
		RecordCount{Conversations: &ConversationCounts{}},
		RecordCount{Admins: []AdminCount{{ID: 1, Name: "*"}}},
		RecordCount{},
		RecordCount{Kind: "user", By: "segment", All: some},
		RecordCount{Kind: "user", By: "tag", All: some},
		RecordCount{Kind: "company", By: "segment", All: some},
		RecordCount{Kind: "company", By: "tag", All: some},
		RecordCount{Kind: "company", By: "user", All: some},
	}
}
