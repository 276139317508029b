package storetest

import (
	"sync/atomic"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
)

// write writes a message of the admin to persons, and returns its id.
func (o *office) write(t *testing.T, body string, to ...*people.Person) int64 {
	t.Helper()
	draft := inbox.Draft{AdminID: o.adminID, Body: body}
	for _, p := range to {
		draft.To = append(draft.To, inbox.ContactRef{ID: p.ID})
	}
	sent, err := o.inbox.SendMessage(t.Context(), o.caller, draft)
	if err != nil {
		t.Fatal(err)
	}
	return sent.Message.ID
}

// answer has a person answer the last word to it, which must be a message, and returns the conversation.
func (o *office) answer(t *testing.T, messageID int64, p *people.Person) *inbox.Conversation {
	t.Helper()
	ref := inbox.ContactRef{ID: p.ID}
	c, err := o.inbox.Reply(t.Context(), o.caller, inbox.Target{LastOf: ref}, inbox.Reply{Act: inbox.ContactComments, Contact: ref, Body: "<p>Yes</p>"})
	if err != nil {
		t.Fatal(err)
	}
	if c.MessageID != messageID {
		t.Errorf("the answer to message %d began with message %d", messageID, c.MessageID)
	}
	return c
}

// answersAtOnce has many callers answer one message: all answers are in one conversation of each recipient.
func answersAtOnce(t *testing.T, o *office) {
	id := o.write(t, "<p>Hello</p>", o.ada, o.leo)
	var found [2]atomic.Int64
	crowded(16, func(i int) {
		p, first := o.ada, &found[0]
		if i%2 == 1 {
			p, first = o.leo, &found[1]
		}
		c := o.answer(t, id, p)
		if !first.CompareAndSwap(0, c.ID) && first.Load() != c.ID {
			t.Errorf("an answer is in conversation %d, another in %d", c.ID, first.Load())
		}
	})
	for i := range found {
		if c := o.find(t, found[i].Load()); len(c.Parts) != 8 || len(c.Participants) != 1 {
			t.Errorf("the conversation is\n%s", shown(c))
		}
	}
}
