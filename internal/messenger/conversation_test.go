package messenger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// office is a whole server whose workspace shows conversations in pages, and its admin.
type office struct {
	*lobby
	*testkit.Instance
	admin int64
}

func newOffice(t *testing.T, options ...testkit.Option) *office {
	t.Helper()
	i := testkit.Start(t, options...)
	created, err := i.Lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: app, AccessToken: "a token of the test"})
	if err != nil {
		t.Fatal(err)
	}
	l := &lobby{Lobby: i.Lobby, t: t, handler: i.Handler, secret: created.Workspace.IdentitySecrets[0].Secret}
	o := &office{lobby: l, Instance: i, admin: created.Token.AdminID}
	l.sets(map[string]string{"messenger": "on"})
	return o
}

// thread is what pages are answered about conversations.
type thread struct {
	ID            string
	Read          bool
	Unread        *int
	Conversations []struct {
		ID   string
		Read bool
		Last words
	}
	Parts  []words
	Errors []struct{ Code, Message string }
}

type words struct {
	ID          string
	Author      map[string]any
	Body        string
	Attachments []struct{ Name, URL string }
}

// page is a browser: what each of its requests says about itself.
type page struct {
	fields map[string]string
	data   map[string]any
}

func visitor(id string) page { return page{data: map[string]any{"anonymous_id": id}} }

// asks sends a request about conversations, and fails unless the answer has the status.
func (o *office) asks(status int, path string, p page, fields map[string]string) thread {
	o.lobby.t.Helper()
	all := map[string]string{}
	for _, some := range []map[string]string{p.fields, fields} {
		for name, value := range some {
			all[name] = value
		}
	}
	w := o.does(call("/messenger/web/"+path, all, p.data))
	if w.Code != status {
		o.lobby.t.Fatalf("%s of %v answered %d, want %d: %s", path, p, w.Code, status, w.Body)
	}
	if w.Header().Get("Access-Control-Allow-Origin") != site {
		o.lobby.t.Errorf("%s: a page cannot read the answer: %v", path, w.Header())
	}
	var answer thread
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			o.lobby.t.Fatalf("%s: %v: %s", path, err, w.Body)
		}
	}
	return answer
}

// pinged is a page whose first ping was answered.
func (o *office) pinged(p page) page {
	o.lobby.t.Helper()
	o.sends(http.StatusOK, call("/messenger/web/ping", p.fields, p.data))
	return p
}

// writes has a page begin a conversation, and returns its id.
func (o *office) writes(p page, key, text string) string {
	o.lobby.t.Helper()
	return o.asks(http.StatusOK, "reply", p, map[string]string{"message_id": key, "text": text}).ID
}

const (
	key1 = "aaaaaaaa-0000-4000-8000-000000000001"
	key2 = "aaaaaaaa-0000-4000-8000-000000000002"
	key3 = "aaaaaaaa-0000-4000-8000-000000000003"
)

// does has the admin do something in a conversation.
func (o *office) replies(id string, reply inbox.Reply) *inbox.Conversation {
	o.lobby.t.Helper()
	reply.AdminID = o.admin
	c, err := o.App.Inbox.Reply(context.Background(), o.caller(), inbox.Target{ID: o.number(id)}, reply)
	if err != nil {
		o.lobby.t.Fatal(err)
	}
	return c
}

func (o *office) caller() workspace.Caller {
	return workspace.Caller{Workspace: app, AdminID: o.admin, UploadLimit: 1 << 20}
}

func (o *office) number(id string) (n int64) {
	if err := json.Unmarshal([]byte(id), &n); err != nil {
		o.lobby.t.Fatal(err)
	}
	return n
}

func TestAVisitorWritesAndReadsAnswers(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		p := o.pinged(visitor(first))
		before := o.visitor(first)
		if list := o.asks(http.StatusOK, "conversations", p, nil); len(list.Conversations) != 0 || *list.Unread != 0 {
			t.Fatalf("a new visitor has %+v", list)
		}
		id := o.writes(p, key1, "Hello <b>you</b>\n\nI & <script>alert(1)</script>\x00\xff")
		lead := o.owner(before.ID)
		if lead.ID != before.ID || lead.Role != people.Lead || lead.LastRepliedAt == 0 {
			t.Fatalf("the visitor is %+v", lead)
		}
		whole, err := o.App.Inbox.FindConversation(t.Context(), o.caller(), o.number(id))
		if err != nil || whole.Source.URL != site+"/" || strings.ContainsAny(whole.Source.Body, "\x00") || strings.Contains(whole.Source.Body, "<b>") {
			t.Fatalf("the message is %+v, %v", whole.Source, err)
		}
		o.replies(id, inbox.Reply{Act: inbox.AdminComments, Body: "<p>Hi &amp; <b>welcome</b></p>"})

		list := o.asks(http.StatusOK, "conversations", p, nil)
		if *list.Unread != 1 || len(list.Conversations) != 1 || list.Conversations[0].Read || list.Conversations[0].Last.Body != "Hi & welcome" {
			t.Fatalf("the list is %+v", list)
		}
		if a := o.does(call("/messenger/web/ping", nil, p.data)); !strings.Contains(a.Body.String(), `"unread":1`) {
			t.Errorf("the ping was answered %s", a.Body)
		}
		found := o.asks(http.StatusOK, "conversation", p, map[string]string{"conversation_id": id})
		if len(found.Parts) != 2 || found.Parts[0].Author["me"] != true || found.Parts[1].Author["type"] != "admin" || found.Parts[1].Body != "<p>Hi &amp; <b>welcome</b></p>" {
			t.Fatalf("the conversation is %+v", found)
		}
		o.asks(http.StatusNoContent, "read", p, map[string]string{"conversation_id": id, "part_id": "0"})
		if list := o.asks(http.StatusOK, "conversations", p, nil); *list.Unread != 1 {
			t.Error("what was not shown counts as read")
		}
		o.asks(http.StatusNoContent, "read", p, map[string]string{"conversation_id": id, "part_id": found.Parts[1].ID})
		if list := o.asks(http.StatusOK, "conversations", p, nil); *list.Unread != 0 || !list.Conversations[0].Read {
			t.Error("what was shown is not read")
		}
		answer := o.asks(http.StatusOK, "reply", p, map[string]string{"conversation_id": id, "message_id": key2, "text": "Thanks"})
		if answer.ID != id || len(answer.Parts) != 3 || answer.Parts[2].Body != "<p>Thanks</p>" || answer.Parts[2].Author["me"] != true {
			t.Errorf("the reply is answered %+v", answer)
		}
	})
}

func TestWhatIsForAdminsNeverReachesAPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.pinged(visitor(first))
	id := o.writes(p, key1, "Hello")
	email, name := "other@secret.example", "Otto"
	other, err := o.CreateContact(t.Context(), o.caller(), people.ContactFields{Email: &email, Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.App.Inbox.AttachContact(t.Context(), o.caller(), o.number(id), inbox.Actor{AdminID: o.admin}, inbox.ContactRef{ID: other.ID}); err != nil {
		t.Fatal(err)
	}
	for _, reply := range []inbox.Reply{
		{Act: inbox.AdminNotes, Body: "<p>SECRET note</p>"},
		{Act: inbox.AdminSnoozes, Until: o.Unix() + 3600, Body: "<p>SECRET snooze</p>"},
		{Act: inbox.AdminNotes, Body: "<p>SECRET waking note</p>"},
		{Act: inbox.AdminAssigns, Assignee: inbox.Assignee{Kind: inbox.AdminAssignee, ID: o.admin}},
		{Act: inbox.ContactComments, Contact: inbox.ContactRef{ID: other.ID}, Body: "<p>By Otto</p>"},
		{Act: inbox.AdminCloses},
		{Act: inbox.AdminComments, Body: "<p>The answer</p>"},
	} {
		o.replies(id, reply)
	}
	title, priority := "SECRET title", inbox.UrgentPriority
	if _, err := o.App.Inbox.UpdateConversation(t.Context(), o.caller(), o.number(id), inbox.Update{Title: &title, Priority: &priority}); err != nil {
		t.Fatal(err)
	}
	admins, err := o.Admins(t.Context(), o.caller())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"conversation", "conversations"} {
		w := o.does(call("/messenger/web/"+path, map[string]string{"conversation_id": id}, p.data))
		text := w.Body.String()
		for _, hidden := range []string{"SECRET", email, other.ID, admins[0].Email, "note", "assign", "snooze", "priority", "urgent", "title"} {
			if hidden != "" && strings.Contains(text, hidden) {
				t.Errorf("%s shows %q: %s", path, hidden, text)
			}
		}
		if !strings.Contains(text, "The answer") {
			t.Errorf("%s: %s", path, text)
		}
	}
	found := o.asks(http.StatusOK, "conversation", p, map[string]string{"conversation_id": id})
	if len(found.Parts) != 3 || found.Parts[1].Author["name"] != "Otto" || found.Parts[1].Author["me"] != false {
		t.Errorf("the parts are %+v", found.Parts)
	}
}

func TestWordsThatComeTwiceAreWrittenOnce(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		p := o.pinged(visitor(first))
		for _, fields := range []map[string]string{
			{"message_id": key1, "text": "Hello"}, {"message_id": key2, "text": "More", "conversation_id": "1"},
		} {
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					if w := o.does(call("/messenger/web/reply", fields, p.data)); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), `{"id":"1"`) {
						t.Errorf("%d %s", w.Code, w.Body)
					}
				})
			}
			all.Wait()
		}
		list := o.asks(http.StatusOK, "conversations", p, nil)
		found := o.asks(http.StatusOK, "conversation", p, map[string]string{"conversation_id": "1"})
		if len(list.Conversations) != 1 || len(found.Parts) != 2 {
			t.Errorf("there are %+v and %+v", list, found)
		}
		// The same id from somebody else neither shows nor writes anything.
		q := o.pinged(visitor(second))
		o.asks(http.StatusNotFound, "reply", q, map[string]string{"message_id": key1, "text": "Mine"})
		if o.visitor(second) == nil {
			t.Error("the other one is a lead")
		}
		// A day later nothing is known of it any more.
		if err := o.App.Inbox.SweepSent(t.Context(), app); err != nil {
			t.Fatal(err)
		}
		if again := o.writes(p, key1, "Hello"); again != "1" {
			t.Error("it is forgotten at once")
		}
		o.Clock.Pass(25 * time.Hour)
		if err := o.App.Inbox.SweepSent(t.Context(), app); err != nil {
			t.Fatal(err)
		}
		if again := o.writes(p, key1, "Hello"); again == "1" {
			t.Error("it is never forgotten")
		}
	})
}

func TestNobodyReadsTheThreadOfAnother(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		ada := page{
			fields: map[string]string{"device_identifier": device},
			data:   map[string]any{"anonymous_id": first, "user_id": "42", "email": "ada@example.com", "user_hash": o.proof("42")},
		}
		session := o.sends(http.StatusOK, call("/messenger/web/ping", ada.fields, ada.data)).AnonymousSession
		id := o.writes(ada, key1, "Private")
		held := page{fields: map[string]string{"device_identifier": device, "anonymous_session": session}, data: map[string]any{"anonymous_id": first}}
		if found := o.asks(http.StatusOK, "conversation", held, map[string]string{"conversation_id": id}); len(found.Parts) != 1 {
			t.Fatalf("Ada herself gets %+v", found)
		}
		mallory := o.pinged(visitor(second))
		none := map[string]int{"conversations": http.StatusForbidden, "conversation": http.StatusForbidden, "reply": http.StatusForbidden, "read": http.StatusForbidden, "live": http.StatusForbidden}
		foreign := map[string]int{"conversation": http.StatusNotFound, "reply": http.StatusNotFound, "read": http.StatusNotFound}
		with := func(fields map[string]string, data map[string]any) page { return page{fields: fields, data: data} }
		for name, attack := range map[string]struct {
			page
			want map[string]int
		}{
			"another visitor":                    {mallory, foreign},
			"another visitor with her address":   {with(nil, map[string]any{"anonymous_id": second, "email": "ada@example.com"}), foreign},
			"her user id without a proof":        {with(nil, map[string]any{"anonymous_id": second, "user_id": "42"}), none},
			"her user id with a wrong proof":     {with(nil, map[string]any{"user_id": "42", "user_hash": o.proof("43")}), none},
			"her address, proven for another id": {with(nil, map[string]any{"user_id": "43", "email": "ada@example.com", "user_hash": o.proof("43")}), none},
			"her anonymous id alone":             {visitor(first), none},
			"her session on another device":      {with(map[string]string{"anonymous_session": session, "device_identifier": otherDevice}, map[string]any{"anonymous_id": first}), none},
			"her session with another visitor":   {with(held.fields, map[string]any{"anonymous_id": second}), foreign},
			"her session without a visitor":      {with(held.fields, nil), none},
			"nobody":                             {with(nil, nil), none},
			"somebody unknown":                   {visitor("33333333-3333-4333-8333-333333333333"), none},
		} {
			for path, status := range attack.want {
				t.Log(name, path)
				o.asks(status, path, attack.page, map[string]string{"conversation_id": id, "message_id": key2, "text": "Mine", "part_id": "9"})
			}
		}
		if list := o.asks(http.StatusOK, "conversations", mallory, nil); len(list.Conversations) != 0 || *list.Unread != 0 {
			t.Errorf("another visitor has %+v", list)
		}
		if o.visitor(second) == nil {
			t.Error("whoever attacked is a lead")
		}
		if c, err := o.App.Inbox.FindConversation(t.Context(), o.caller(), o.number(id)); err != nil || len(c.Parts) != 0 {
			t.Errorf("the conversation has %+v, %v", c.Parts, err)
		}

		// In another workspace the same ids are somebody else's.
		if _, err := o.CreateWorkspace(t.Context(), workspace.Draft{ID: "rival", AccessToken: "another token of the test"}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.ChangeSettings(t.Context(), workspace.Caller{Workspace: "rival"}, map[string]string{"messenger": "on"}); err != nil {
			t.Fatal(err)
		}
		there := page{fields: map[string]string{"app_id": "rival", "anonymous_session": session, "device_identifier": device}, data: map[string]any{"anonymous_id": first}}
		o.asks(http.StatusForbidden, "conversations", there, nil)
		o.pinged(there)
		o.asks(http.StatusNotFound, "conversation", there, map[string]string{"conversation_id": id})

		// After shutdown the browser is nobody's.
		last := map[string]string{"source": "shutdown", "anonymous_session": session, "device_identifier": device}
		o.sends(http.StatusOK, call("/messenger/web/ping", last, held.data))
		o.asks(http.StatusForbidden, "conversations", held, nil)
		o.asks(http.StatusForbidden, "reply", held, map[string]string{"message_id": key3, "text": "Late"})
	})
}

func TestAClaimWithoutProofHasNoThread(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"accept", "off"} {
		o := newOffice(t)
		o.sets(map[string]string{"identity_web": mode, "lead_from_email": "off"})
		for _, data := range []map[string]any{{"user_id": "42"}, {"email": "ada@example.com"}, {"user_id": "42", "anonymous_id": first}} {
			p := o.pinged(page{data: data})
			o.asks(http.StatusForbidden, "conversations", p, nil)
			o.asks(http.StatusForbidden, "reply", p, map[string]string{"message_id": key1, "text": "Hi"})
			if a := o.does(call("/messenger/web/ping", nil, data)); strings.Contains(a.Body.String(), "unread") {
				t.Errorf("%s: the ping was answered %s", mode, a.Body)
			}
		}
	}
}

func TestAMergedVisitorsThreadIsTheUsersAlone(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		userID, role := "42", people.User
		if _, err := o.CreateContact(t.Context(), o.caller(), people.ContactFields{ExternalID: &userID, Role: &role}); err != nil {
			t.Fatal(err)
		}
		p := o.pinged(visitor(first))
		id := o.writes(p, key1, "Before I signed in")
		user := o.pinged(page{data: map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": o.proof("42")}})
		list := o.asks(http.StatusOK, "conversations", user, nil)
		if len(list.Conversations) != 1 || list.Conversations[0].ID != id || list.Conversations[0].Last.Author["me"] != true {
			t.Errorf("the user has %+v", list)
		}
		o.asks(http.StatusForbidden, "conversations", p, nil)
		o.asks(http.StatusForbidden, "conversation", p, map[string]string{"conversation_id": id})
		// A page that sends again what it sent before does not write it twice.
		if again := o.writes(user, key1, "Before I signed in"); again != id {
			t.Errorf("it is the conversation %s", again)
		}
		// Somebody who is hidden has none either.
		if _, err := o.ArchiveContact(t.Context(), o.caller(), o.user("42").ID); err != nil {
			t.Fatal(err)
		}
		o.asks(http.StatusForbidden, "conversations", user, nil)
	})
}

func TestPagesThatMayNotTrackHaveNoThread(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.pinged(visitor(first))
	o.writes(p, key1, "Hello")
	request := func(header ...string) *http.Request {
		r := call("/messenger/web/conversations", nil, p.data)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return r
	}
	refused := func(name string, r *http.Request) {
		t.Helper()
		if w := o.does(r); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), `"error.list"`) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	refused("a robot", request("User-Agent", robot))
	refused("a page in advance", request("Sec-Purpose", "prefetch"))
	refused("no consent", call("/messenger/web/conversations", map[string]string{"cc": "0"}, p.data))
	for name, values := range map[string]map[string]string{
		"a foreign site": {"origins": "elsewhere.example"}, "no cookies": {"cookie_mode": "never"}, "no messenger": {"messenger": "off"},
	} {
		o.sets(values)
		refused(name, request())
		for setting := range values {
			o.sets(map[string]string{setting: ""})
		}
		o.sets(map[string]string{"messenger": "on"})
	}
	o.sets(map[string]string{"gpc_mode": "drop"})
	refused("a signal", request("Sec-GPC", "1"))
	q := o.pinged(visitor(second))
	o.does(call("/messenger/web/opt_out", nil, q.data))
	o.asks(http.StatusForbidden, "conversations", q, nil)
	if list := o.asks(http.StatusOK, "conversations", p, nil); len(list.Conversations) != 1 {
		t.Errorf("in the end there is %+v", list)
	}
}

func TestWordsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.pinged(visitor(first))
	for name, fields := range map[string]map[string]string{
		"no text": {"message_id": key1}, "blanks": {"message_id": key1, "text": " \n\t\x00"}, "no id": {"text": "x"}, "another id": {"message_id": "1", "text": "x"},
		"a name for a number": {"message_id": key1, "text": "x", "conversation_id": "x"}, "too long": {"message_id": key1, "text": strings.Repeat("&", 15000)},
		"a number too large": {"message_id": key1, "text": "x", "conversation_id": "99999999999999999999"},
	} {
		if got := o.asks(http.StatusBadRequest, "reply", p, fields); len(got.Errors) != 1 || got.Errors[0].Code != "parameter_invalid" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for _, id := range []string{"", "0", "-1", "1e3", "x", "9223372036854775807", "99999999999999999999"} {
		o.asks(http.StatusNotFound, "conversation", p, map[string]string{"conversation_id": id})
		o.asks(http.StatusNotFound, "read", p, map[string]string{"conversation_id": id, "part_id": id})
	}
	if o.visitor(first) == nil {
		t.Error("a visitor who wrote nothing is a lead")
	}
}

func TestOneWriterIsLimited(t *testing.T) {
	t.Parallel()
	o := newOffice(t, testkit.RateLimit(10_000))
	p := o.pinged(visitor(first))
	wrote := 0
	for i := range 15 {
		key := "aaaaaaaa-0000-4000-8000-0000000001" + string(rune('a'+i/10)) + string(rune('0'+i%10))
		w := o.does(call("/messenger/web/reply", map[string]string{"message_id": key, "text": "x"}, p.data))
		if w.Code == http.StatusOK {
			wrote++
		} else if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if wrote != 10 {
		t.Errorf("%d of 15 are written", wrote)
	}
}

// What the response to a page shows is made of what the write has read: reading it again would take more round trips, for
// which others who write in the workspace wait.
func TestRoundTripsOfWordsOnPostgres(t *testing.T) {
	t.Parallel()
	wire, dsn := testkit.WatchPostgres(t, testkit.MigratedPostgres(t))
	o := newOffice(t, testkit.OnDatabase(dsn))
	p := o.pinged(visitor(first))
	id := o.writes(p, key1, "Hello")
	var least testkit.Traffic
	for n := range 10 {
		o.Clock.Pass(time.Minute)
		before := wire.Sent()
		o.asks(http.StatusOK, "reply", p, map[string]string{
			"message_id": fmt.Sprintf("aaaaaaaa-0000-4000-8000-1000000000%02d", n), "text": "More", "conversation_id": id,
		})
		sent := wire.Sent().Minus(before)
		if n == 0 || sent.RoundTrips < least.RoundTrips {
			least = sent
		}
	}
	if want := (testkit.Traffic{RoundTrips: 14, Statements: 21}); least != want {
		t.Errorf("%d round trips with %d statements, want %d with %d", least.RoundTrips, least.Statements, want.RoundTrips, want.Statements)
	}
}

// Who was merged into somebody else while its words came has written nothing.
func TestWordsOfWhoBecomesSomebodyElse(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		p := o.pinged(visitor(first))
		id := o.writes(p, key1, "Hello")
		had := o.asks(http.StatusOK, "conversations", p, nil)
		for key, to := range map[string]inbox.OwnRef{key2: {}, key3: {ConversationID: o.number(id)}} {
			asked := 0
			_, err := o.App.Inbox.SendWords(t.Context(), o.caller(), func(r inbox.Reader) (string, error) {
				if asked++; asked%2 == 0 { // a write that fails may run again
					return "6553f1000123456789abcdef", nil
				}
				all, err := r.Participants(app, []int64{o.number(id)})
				if err != nil {
					return "", err
				}
				return all[o.number(id)][0].ID, nil
			}, inbox.Words{Key: key, To: to, Body: "<p>More</p>"})
			if !errors.Is(err, inbox.ErrNobody) {
				t.Errorf("words to %v: %v", to, err)
			}
		}
		if now := o.asks(http.StatusOK, "conversations", p, nil); !reflect.DeepEqual(now, had) {
			t.Errorf("it has %+v, and had %+v", now, had)
		}
	})
}
