package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/workspace"
)

// FeedEntry is one entry of the outbox as the feed shows it, with the notifications that come of it.
type FeedEntry struct {
	Entry         *workspace.OutboxEntry
	Notifications []FeedNotification
}

// FeedNotification is a topic of the public API, or of Lobby, and its item as a JSON object.
type FeedNotification struct {
	Topic string
	Item  []byte
}

// AppendJSON appends the entry.
func (e FeedEntry) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "feed_entry")
	o.Text("cursor", strconv.FormatInt(e.Entry.Sequence, 10))
	o.Text("id", e.Entry.ID)
	o.Text("topic", string(e.Entry.Topic))
	o.TextOrNull("person_id", e.Entry.PersonID)
	o.TextOrNull("subject_id", e.Entry.SubjectID)
	o.Int("created_at", e.Entry.CreatedAt)
	o.OpenList("notifications")
	for _, n := range e.Notifications {
		o.Item()
		o.Text("topic", n.Topic)
		o.Name("item")
		o.Buf = append(o.Buf, n.Item...)
		o.Close()
	}
	o.CloseList()
	return o.End()
}

// Feed is one page of what happened in a workspace, in the order of the commits.
type Feed struct {
	Entries []FeedEntry
	// Cursor is where the next page begins.
	Cursor int64
	// More says that there are more entries now.
	More bool
}

// AppendJSON appends the page.
func (f Feed) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "feed")
	o.OpenList("data")
	for _, e := range f.Entries {
		o.Next()
		o.Buf = e.AppendJSON(o.Buf)
	}
	o.CloseList()
	o.Text("cursor", strconv.FormatInt(f.Cursor, 10))
	o.Bool("has_more", f.More)
	return o.End()
}

func feedSamples(apiversion.Version) []Shape {
	entry := full[workspace.OutboxEntry]()
	item := FeedNotification{Topic: "*", Item: []byte(`{"*text":"*","*number":1.5,"*boolean":true,"*nothing":null,"*list":[],"*object":{}}`)}
	return []Shape{
		Feed{Entries: []FeedEntry{{entry, []FeedNotification{item}}, {Entry: new(workspace.OutboxEntry)}}},
		Feed{},
	}
}
