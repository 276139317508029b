package messenger_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"lobby/internal/people"
)

var errOnPurpose = errors.New("failed on purpose")

// counting is a store that counts its transactions, and whose writes fail at their end while isFailing.
type counting struct {
	people.Store
	reads, writes atomic.Int64
	isFailing     atomic.Bool
}

func (s *counting) Read(ctx context.Context, fn func(people.Reader) error) error {
	s.reads.Add(1)
	return s.Store.Read(ctx, fn)
}

func (s *counting) Write(ctx context.Context, fn func(people.Writer) error) error {
	s.writes.Add(1)
	return s.Store.Write(ctx, func(w people.Writer) error {
		if err := fn(w); err != nil {
			return err
		}
		if s.isFailing.Load() {
			return errOnPurpose
		}
		return nil
	})
}

// counts makes the transactions of a lobby countable. The workspace is in the cache from then on.
func (l *lobby) counts() *counting {
	l.t.Helper()
	store := &counting{Store: l.Store}
	l.Store = store
	l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"cc": "0"}, nil))
	return store
}

func TestAPingIsAtMostOneReadAndOneWrite(t *testing.T) {
	t.Parallel()
	var many []string
	for range 50 {
		many = append(many, `{"event_name":"seen"}`)
	}
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	store := l.counts()
	events := map[string]string{"deeds": "[" + strings.Join(many, ",") + "]", "device_identifier": device}
	proven := map[string]any{
		"anonymous_id": first, "user_id": "42", "email": "ada@example.com", "user_hash": l.proof("42"), "plan": "pro",
		"companies": []any{map[string]any{"id": "6", "plan": "gold", "tier": 1}, map[string]any{"id": "7"}, map[string]any{"id": "8", "size": -1}},
	}
	const third = "33333333-3333-4333-8333-333333333333"
	session := "" // of the last answer
	for _, c := range []struct {
		name          string
		fields        map[string]string
		data          map[string]any
		reads, writes int64
		role          string
	}{
		{"a first visit", nil, map[string]any{"anonymous_id": second, "plan": "pro"}, 1, 1, "visitor"},
		{"a visit with nothing new", nil, map[string]any{"anonymous_id": second, "plan": "pro"}, 1, 0, "visitor"},
		{"a page view", map[string]string{"deeds": `[{"n":1,"url":"https://shop.example/"}]`}, map[string]any{"anonymous_id": second}, 1, 0, "visitor"},
		{"an address and events", events, map[string]any{"anonymous_id": second, "supplied_email": "bob@example.com"}, 0, 1, "lead"},
		{"a claim", events, map[string]any{"anonymous_id": second, "user_id": "43"}, 0, 1, ""},
		{"a proven user", events, proven, 0, 1, "user"},
		{"a user by its session", events, map[string]any{"anonymous_id": first}, 0, 1, "user"},
		{"another's session", events, map[string]any{"anonymous_id": third}, 0, 1, "visitor"},
		{"a last ping", map[string]string{"source": "shutdown", "anonymous_session": "x"}, map[string]any{"anonymous_id": third}, 0, 1, "visitor"},
		{"a stranger who may not be remembered", map[string]string{"cc": "0"}, map[string]any{"anonymous_id": third}, 0, 0, ""},
	} {
		fields := map[string]string{"anonymous_session": session}
		maps.Copy(fields, c.fields)
		store.reads.Store(0)
		store.writes.Store(0)
		a := l.sends(http.StatusOK, call("/messenger/web/ping", fields, c.data))
		if reads, writes := store.reads.Load(), store.writes.Load(); reads != c.reads || writes != c.writes {
			t.Errorf("%s: %d reads and %d writes, want %d and %d", c.name, reads, writes, c.reads, c.writes)
		}
		if got := a.User; (got == nil) != (c.name == "a stranger who may not be remembered") || got != nil && got.Role != c.role {
			t.Errorf("%s: the answer is %+v", c.name, got)
		}
		session = a.AnonymousSession
	}
	for path, fields := range map[string]map[string]string{
		"/messenger/web/events":           {"event_name": "paid"},
		"/messenger/web/page_view_events": {"page_views": `[{"url":"https://shop.example/"}]`},
		"/messenger/web/opt_out":          nil,
	} {
		store.reads.Store(0)
		store.writes.Store(0)
		if w := l.does(call(path, fields, map[string]any{"anonymous_id": second})); w.Code >= http.StatusInternalServerError {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if reads, writes := store.reads.Load(), store.writes.Load(); reads > 1 || writes > 1 {
			t.Errorf("%s: %d reads and %d writes", path, reads, writes)
		}
	}
}

func TestAPingWhoseWriteFailsComesAgain(t *testing.T) {
	t.Parallel()
	l := setup(t)
	store := l.counts()
	send := func(status int) answer {
		t.Helper()
		fields := map[string]string{"s": second, "n": "1", "deeds": `[{"n":1,"event_name":"seen"}]`}
		return l.sends(status, call("/messenger/web/ping", fields, map[string]any{
			"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42"), "company": map[string]any{"id": "6"},
		}))
	}
	store.isFailing.Store(true)
	send(http.StatusInternalServerError)
	if l.user("42") != nil || l.company("6") != nil {
		t.Error("a ping that failed left something")
	}
	l.hasVisitors(0)
	store.isFailing.Store(false)
	if a := send(http.StatusOK); a.User.Role != "user" || len(l.events(first)) != 1 || l.company("6") == nil {
		t.Errorf("the ping that came again is %+v", a)
	}
}
