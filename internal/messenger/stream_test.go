package messenger_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/testkit"
)

// stream is an open stream of a page.
type stream struct {
	t      *testing.T
	status int
	events chan string // closed when the stream ends
	cancel func()
}

// listens opens a stream at a server of the office.
func (o *office) listens(t *testing.T, at string, p page) *stream {
	t.Helper()
	made := call("/messenger/web/live", p.fields, p.data)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at+"/messenger/web/live", made.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = made.Header
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	s := &stream{t: t, status: w.StatusCode, events: make(chan string, 100), cancel: cancel}
	if s.status == http.StatusOK && (w.Header.Get("Content-Type") != "text/event-stream" || w.Header.Get("X-Accel-Buffering") != "no" ||
		w.Header.Get("Access-Control-Allow-Origin") != site || !strings.Contains(w.Header.Get("Cache-Control"), "no-store")) {
		t.Errorf("the stream has the header %v", w.Header)
	}
	go func() {
		defer close(s.events)
		defer w.Body.Close() //nolint:errcheck // it was read to its end
		lines := bufio.NewScanner(w.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if event, is := strings.CutPrefix(lines.Text(), "data: "); is {
				s.events <- event
			}
		}
	}()
	t.Cleanup(cancel)
	return s
}

// streamLimit is how long a test waits for what comes within milliseconds on a machine that is not busy.
const streamLimit = time.Minute

// hears returns the next event; "" at the end of the stream.
func (s *stream) hears() string {
	s.t.Helper()
	select {
	case event := <-s.events:
		return event
	case <-time.After(streamLimit):
		s.t.Fatal("nothing comes")
		return ""
	}
}

func (s *stream) hearsOf(text string) {
	s.t.Helper()
	if event := s.hears(); !strings.Contains(event, text) {
		s.t.Fatalf("the event is %q, without %q", event, text)
	}
}

func TestAPageHearsOfWhatItMaySee(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		o := newOffice(t, on)
		p := o.pinged(visitor(first))
		s := o.listens(t, o.URL, p)
		s.hearsOf(`{"conversations":[],"unread":0}`)
		id := o.writes(p, key1, "Hello")
		s.hearsOf(`"body":"Hello"`)
		// A note, and what somebody else writes, are no event: the next one is the answer.
		o.replies(id, inbox.Reply{Act: inbox.AdminNotes, Body: "<p>SECRET</p>"})
		o.writes(o.pinged(visitor(second)), key2, "Another's")
		o.replies(id, inbox.Reply{Act: inbox.AdminComments, Body: "<p>Answer</p>"})
		s.hearsOf(`"body":"Answer"`)
		o.asks(http.StatusNoContent, "read", p, map[string]string{"conversation_id": id, "part_id": "9"})
		s.hearsOf(`"unread":0`)
		s.cancel()
	})
}

func TestAStreamEndsWithItsRights(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	user := page{
		fields: map[string]string{"device_identifier": device},
		data:   map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": o.proof("42")},
	}
	session := o.sends(http.StatusOK, call("/messenger/web/ping", user.fields, user.data)).AnonymousSession
	held := page{fields: map[string]string{"device_identifier": device, "anonymous_session": session}, data: map[string]any{"anonymous_id": first}}
	id := o.writes(user, key1, "Hello")
	s := o.listens(t, o.URL, held)
	s.hearsOf("Hello")
	last := map[string]string{"source": "shutdown", "anonymous_session": session, "device_identifier": device}
	o.sends(http.StatusOK, call("/messenger/web/ping", last, held.data))
	o.replies(id, inbox.Reply{Act: inbox.AdminComments, Body: "<p>SECRET</p>"})
	if event := s.hears(); event != "" {
		t.Errorf("after shutdown the page hears %q", event)
	}
	// A visitor's stream ends when a user has absorbed the visitor.
	p := o.pinged(visitor(second))
	id = o.writes(p, key2, "Hi")
	s = o.listens(t, o.URL, p)
	s.hearsOf("Hi")
	o.pinged(page{data: map[string]any{"anonymous_id": second, "user_id": "42", "user_hash": o.proof("42")}})
	o.replies(id, inbox.Reply{Act: inbox.AdminComments, Body: "<p>SECRET</p>"})
	if event := s.hears(); event != "" {
		t.Errorf("after the merge the page hears %q", event)
	}
}

func TestAStreamOfNobodyIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if s := o.listens(t, o.URL, visitor(first)); s.status != http.StatusForbidden {
		t.Errorf("the status is %d", s.status)
	}
	r := httptest.NewRequest(http.MethodGet, "/messenger/web/live?"+url.Values{"app_id": {string(app)}}.Encode(), nil)
	if w := o.does(r); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("an address that could be logged is answered %d", w.Code)
	}
}

func TestAPageHearsOfWhatAnotherServerWrote(t *testing.T) {
	t.Parallel()
	o := newOffice(t, testkit.OnPostgres())
	other := o.Beside(t)
	p := o.pinged(visitor(first))
	id := o.writes(p, key1, "Hello")
	s := o.listens(t, other.URL, p)
	s.hearsOf("Hello")
	// What the servers do again and again in the background.
	follow := func() {
		t.Helper()
		if _, err := o.StampOutbox(t.Context(), "a server"); err != nil {
			t.Fatal(err)
		}
		if err := other.App.FollowOutbox(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	follow()
	for _, body := range []string{"One", "Two"} {
		o.replies(id, inbox.Reply{Act: inbox.AdminComments, Body: "<p>" + body + "</p>"})
		follow()
		s.hearsOf(body)
	}
	s.cancel()
}

func TestMoreStreamsThanAnAddressMayHaveAreRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	p := o.pinged(visitor(first))
	refused := 0
	for range 102 {
		if s := o.listens(t, o.URL, p); s.status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused != 2 {
		t.Errorf("%d of 102 are refused", refused)
	}
}
