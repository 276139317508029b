package messenger_test

import (
	"net/http"
	"strings"
	"testing"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/testkit"
)

// sendsMessage has the admin write a message to persons, and returns how their pages name it.
func (o *office) sendsMessage(d inbox.Draft, to ...*people.Person) string {
	o.lobby.t.Helper()
	d.AdminID = o.admin
	for _, p := range to {
		d.To = append(d.To, inbox.ContactRef{ID: p.ID})
	}
	sent, err := o.App.Inbox.SendMessage(o.lobby.t.Context(), o.caller(), d)
	if err != nil {
		o.lobby.t.Fatal(err)
	}
	return inbox.OwnRef{MessageID: sent.Message.ID}.String()
}

// signedIn is the page of a proven user, and the user.
func (o *office) signedIn(userID string) (page, *people.Person) {
	o.lobby.t.Helper()
	p := o.pinged(page{data: map[string]any{"user_id": userID, "user_hash": o.proof(userID), "email": "user" + userID + "@example.com"}})
	return p, o.user(userID)
}

func TestAMessageOfAnAdminIsSeenAndAnswered(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		p, user := o.signedIn("42")
		other, another := o.signedIn("43")
		s := o.listens(t, o.URL, p)
		s.hearsOf(`{"conversations":[],"unread":0}`)
		id := o.sendsMessage(inbox.Draft{Body: "<p>Our <b>news</b></p>"}, user, another)
		s.hearsOf(`"body":"Our news"`)
		if a := o.does(call("/messenger/web/ping", nil, p.data)); !strings.Contains(a.Body.String(), `"unread":1`) {
			t.Errorf("the ping was answered %s", a.Body)
		}
		named := map[string]string{"conversation_id": id}
		found := o.asks(http.StatusOK, "conversation", p, named)
		if found.ID != id || found.Read || len(found.Parts) != 1 || found.Parts[0].Author["type"] != "admin" || found.Parts[0].Body != "<p>Our <b>news</b></p>" {
			t.Fatalf("the message is shown as %+v", found)
		}
		o.asks(http.StatusNoContent, "read", p, named)
		s.hearsOf(`"unread":0`)
		o.asks(http.StatusNoContent, "read", p, named)
		if list := o.asks(http.StatusOK, "conversations", other, nil); *list.Unread != 1 || list.Conversations[0].ID != id {
			t.Errorf("the other recipient has %+v", list)
		}

		// The answer begins a conversation, whose source is the message, and to which the old name leads.
		answer := map[string]string{"conversation_id": id, "message_id": key1, "text": "Tell me more"}
		begun := o.asks(http.StatusOK, "reply", p, answer)
		if again := o.asks(http.StatusOK, "reply", p, answer); again.ID != begun.ID || len(again.Parts) != 2 {
			t.Errorf("the answer that came again is in %+v", again)
		}
		s.hearsOf(`"body":"Tell me more"`)
		whole, err := o.App.Inbox.FindConversation(t.Context(), o.caller(), o.number(begun.ID))
		if err != nil || whole.Source.ID != inbox.ParseOwnRef(id).MessageID || whole.State != inbox.Open || !whole.IsRead || len(whole.Participants) != 1 || whole.PartCount != 1 {
			t.Fatalf("the answer began %+v, %v", whole, err)
		}
		if found := o.asks(http.StatusOK, "conversation", p, named); found.ID != begun.ID || len(found.Parts) != 2 {
			t.Errorf("the message leads to %+v", found)
		}
		if list := o.asks(http.StatusOK, "conversations", p, nil); len(list.Conversations) != 1 || list.Conversations[0].ID != begun.ID || *list.Unread != 0 {
			t.Errorf("the one who answered has %+v", list)
		}
		o.replies(begun.ID, inbox.Reply{Act: inbox.AdminComments, Body: "<p>More</p>"})
		s.hearsOf(`"body":"More"`)
		o.asks(http.StatusNoContent, "read", p, named) // up to the message, which is not the last any more
		if list := o.asks(http.StatusOK, "conversations", p, nil); *list.Unread != 1 {
			t.Errorf("what was not shown counts as read: %+v", list)
		}
		s.cancel()
	})
}

func TestWhoHasNotGotAMessageSeesNothingOfIt(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		p, user := o.signedIn("42")
		stranger, _ := o.signedIn("43")
		inProduct := o.sendsMessage(inbox.Draft{Body: "<p>For you</p>"}, user)
		byEmail := o.sendsMessage(inbox.Draft{Channel: inbox.Email, Subject: "News", Body: "<p>In your mailbox</p>"}, user)
		for id, who := range map[string]page{inProduct: stranger, byEmail: p, "m0": p, "m-1": p, "m99": p, "m": p, "mm1": p} {
			status := map[bool]int{true: http.StatusNotFound, false: http.StatusBadRequest}[inbox.ParseOwnRef(id) != inbox.OwnRef{}]
			o.asks(http.StatusNotFound, "conversation", who, map[string]string{"conversation_id": id})
			o.asks(http.StatusNotFound, "read", who, map[string]string{"conversation_id": id})
			o.asks(status, "reply", who, map[string]string{"conversation_id": id, "message_id": key1, "text": "Hi"})
		}
		if list := o.asks(http.StatusOK, "conversations", stranger, nil); len(list.Conversations) != 0 || *list.Unread != 0 {
			t.Errorf("the stranger has %+v", list)
		}
		if list := o.asks(http.StatusOK, "conversations", p, nil); len(list.Conversations) != 1 || *list.Unread != 1 {
			t.Errorf("the recipient has %+v", list)
		}
	})
}

func TestAMessageToTwoWhoAreMergedIsOne(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		visited := o.pinged(visitor(first))
		lead := o.visitor(first).ID
		o.writes(visited, key1, "Before")
		user, _ := o.signedIn("42")
		both := []*people.Person{o.owner(lead), o.user("42")}
		ids := []string{o.sendsMessage(inbox.Draft{Body: "<p>One</p>"}, both...), o.sendsMessage(inbox.Draft{Body: "<p>Two</p>"}, both...)}
		o.asks(http.StatusNoContent, "read", visited, map[string]string{"conversation_id": ids[0]})
		begun := o.asks(http.StatusOK, "reply", visited, map[string]string{"conversation_id": ids[1], "message_id": key2, "text": "An answer"})
		user.data["anonymous_id"] = first
		o.pinged(user)
		list := o.asks(http.StatusOK, "conversations", user, nil)
		if len(list.Conversations) != 3 || *list.Unread != 1 { // the conversation of two was begun unread
			t.Errorf("the one they have become has %+v", list)
		}
		if found := o.asks(http.StatusOK, "conversation", user, map[string]string{"conversation_id": ids[1]}); found.ID != begun.ID {
			t.Errorf("the message leads to %+v", found)
		}
	})
}

// Everybody who gets a conversation at once hears of it, not only the first one.
func TestEveryRecipientHearsOfAConversation(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p, user := o.signedIn("42")
	q, second := o.signedIn("43")
	s := []*stream{o.listens(t, o.URL, p), o.listens(t, o.URL, q)}
	for _, each := range s {
		each.hearsOf(`"unread":0`)
	}
	o.sendsMessage(inbox.Draft{Begins: true, Body: "<p>To both</p>"}, user, second)
	for _, each := range s {
		each.hearsOf(`"body":"To both"`)
		each.cancel()
	}
}
