package deliver

import (
	"slices"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// isOfConversation reports whether a topic is about a conversation. These have the names of the public API in the outbox too.
func isOfConversation(t workspace.Topic) bool { return strings.HasPrefix(string(t), "conversation") }

// conversationOf returns the ids of the conversation that an entry is about, and of its part or its tag; 0 for none.
func conversationOf(e *workspace.OutboxEntry) (id, partID, tagID int64) {
	first, second, _ := strings.Cut(e.SubjectID, "/")
	if id = number(first); e.Topic == inbox.ConversationTagged {
		return id, 0, number(second)
	}
	return id, number(second), 0
}

// conversationKey is the key of an entry's conversation among the records, where it has one part alone.
func conversationKey(e *workspace.OutboxEntry) string {
	if e.Topic == inbox.ConversationTagged {
		return string(e.Topic) + " " + e.SubjectID
	}
	return e.SubjectID
}

func (has *records) loadConversation(r inbox.Reader, ws workspace.ID, e *workspace.OutboxEntry, now int64) error {
	return once(has.conversations, conversationKey(e), func(string) (*inbox.Conversation, error) {
		id, partID, _ := conversationOf(e)
		return inbox.ViewOfPart(r, ws, id, partID, now)
	})
}

// tellConversation tells of a conversation with the part alone that the entry names. What is told of one conversation has one
// key: the person who takes part for longest.
func (s shape) tellConversation(t *told, has *records, add func(string, wire.Shape)) {
	id, _, tagID := conversationOf(t.OutboxEntry)
	if t.Topic == inbox.ConversationDeleted {
		if t.key = t.PersonID; t.key == "" {
			t.key = t.SubjectID
		}
		t.about = ""
		add(webhook.ConversationDeleted, wire.GoneConversation{ID: id})
		return
	}
	c := has.conversations[conversationKey(t.OutboxEntry)]
	if c == nil {
		return
	}
	t.about = ""
	if shown := c.People(); len(shown) > 0 {
		t.about, t.key, t.others = shown[0], shown[0], shown[1:]
	}
	words := wire.Words{IsPlain: s.version.AtLeast(apiversion.V2_15), Base: s.base}
	item := wire.ToldConversation{Conversation: wire.NewConversation(c, words, s.version)}
	if at := slices.IndexFunc(c.Tags, func(g *inbox.Tag) bool { return g.ID == tagID }); at >= 0 {
		item.Added = c.Tags[at]
	}
	add(string(t.Topic), item)
}
