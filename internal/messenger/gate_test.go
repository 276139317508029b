package messenger_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"lobby/internal/messenger"
	"lobby/internal/people"
)

// limited is a browser side that lets no crowd in, with the settings.
func limited(t testing.TB, values map[string]string) *lobby {
	l := setupWith(t, messenger.Options{})
	l.sets(values)
	return l
}

// from is a ping from an address.
func from(address string, data map[string]any) *http.Request {
	r := call("/messenger/web/ping", nil, data)
	r.RemoteAddr = address
	return r
}

func newUUID(n int) string { return fmt.Sprintf("%08d-1111-4111-8111-111111111111", n) }

// isRefused reports whether a request was too much, and that it is said in the right way.
func (l *lobby) isRefused(r *http.Request) bool {
	l.t.Helper()
	w := l.does(r)
	wait, _ := strconv.Atoi(w.Header().Get("Retry-After"))
	switch w.Code {
	case http.StatusTooManyRequests:
		if wait < 1 || w.Header().Get("Access-Control-Allow-Origin") != site || !strings.Contains(w.Body.String(), "rate_limit_exceeded") {
			l.t.Errorf("the refusal was %v %s", w.Header(), w.Body)
		}
		return true
	case http.StatusOK:
	default:
		l.t.Errorf("the answer was %d %s", w.Code, w.Body)
	}
	return false
}

// admitted counts how many of a number of requests are let in.
func (l *lobby) admitted(of int, request func(i int) *http.Request) int {
	l.t.Helper()
	n := 0
	for i := range of {
		if !l.isRefused(request(i)) {
			n++
		}
	}
	return n
}

func TestAnAddressIsLetInTenTimesASecond(t *testing.T) {
	t.Parallel()
	l := limited(t, map[string]string{"new_visitors_per_minute": "0"})
	one := func(i int) *http.Request { return from("192.0.2.1:1", map[string]any{"anonymous_id": newUUID(i)}) }
	if n := l.admitted(100, one); n != 60 {
		t.Errorf("%d of 100 are let in", n)
	}
	if l.isRefused(from("192.0.2.2:1", nil)) {
		t.Error("another address is refused")
	}
	l.clock.Add(2)
	if n := l.admitted(100, one); n != 20 {
		t.Errorf("two seconds later %d of 100 are let in", n)
	}
	network := func(i int) *http.Request { return from(fmt.Sprintf("[2001:db8::%x]:1", i), nil) }
	if n := l.admitted(100, network); n != 60 {
		t.Errorf("of a network of one household %d are let in", n)
	}
}

func TestABrowserIsLetInTwiceASecond(t *testing.T) {
	t.Parallel()
	l := limited(t, nil)
	one := func(i int) *http.Request {
		return from(fmt.Sprintf("192.0.2.%d:1", i), map[string]any{"anonymous_id": first})
	}
	if n := l.admitted(50, one); n != 20 {
		t.Errorf("%d of 50 are let in", n)
	}
	l.clock.Add(1)
	if n := l.admitted(50, one); n != 2 {
		t.Errorf("a second later %d of 50 are let in", n)
	}
}

func TestAnAddressBringsAsManyNewVisitorsAsTheWorkspaceSays(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]int{"5": 5, "": 30, "0": 50} {
		l := limited(t, map[string]string{"new_visitors_per_minute": setting})
		one := func(i int) *http.Request { return from("192.0.2.1:1", map[string]any{"anonymous_id": newUUID(i)}) }
		if n := l.admitted(50, one); n != want {
			t.Errorf("%q: %d of 50 are let in", setting, n)
		}
		l.hasVisitors(want)
		if l.isRefused(one(0)) {
			t.Errorf("%q: who is known is refused", setting)
		}
	}
}

func TestANameCostsTheSameWhetherOrNotSomebodyHasIt(t *testing.T) {
	t.Parallel()
	l := limited(t, map[string]string{"new_visitors_per_minute": "3", "identity_web": "accept"})
	text := "ada"
	l.has(people.ContactFields{ExternalID: &text})
	names := []string{"ada", "bob", "ada", "eve", "dan", "ada", "bob"}
	var refused []string
	for _, name := range names {
		if l.isRefused(from("192.0.2.1:1", map[string]any{"user_id": name})) {
			refused = append(refused, name)
		}
	}
	if got := strings.Join(refused, " "); got != "dan" {
		t.Errorf("refused are %s", got)
	}
}

func TestEventsBeyondTheLimitComeAgain(t *testing.T) {
	t.Parallel()
	l := limited(t, nil)
	var deeds []string
	for i := range 30 {
		deeds = append(deeds, fmt.Sprintf(`{"n":%d,"event_name":"e%d"}`, i+1, i))
	}
	tell := func(n string) *http.Request {
		fields := map[string]string{"s": second, "n": n, "deeds": "[" + strings.Join(deeds, ",") + "]"}
		return call("/messenger/web/ping", fields, map[string]any{"anonymous_id": first})
	}
	count := func() int {
		person := l.owner(first).ID
		var all []*people.Event
		_ = l.Store.Read(t.Context(), func(r people.Reader) (err error) {
			all, err = r.Events(app, person, people.EventSpan{}, 100)
			return err
		})
		return len(all)
	}
	if !l.isRefused(tell("40")) || count() != 20 {
		t.Errorf("of thirty events %d are stored", count())
	}
	l.clock.Add(2)
	if l.isRefused(tell("41")) || count() != 30 {
		t.Errorf("after a while %d are stored", count())
	}
}

func TestAnInventedHeaderIsNoAddress(t *testing.T) {
	t.Parallel()
	l := limited(t, nil)
	one := func(i int) *http.Request {
		r := from("192.0.2.1:1", map[string]any{"anonymous_id": newUUID(i % 10)})
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
		return r
	}
	if n := l.admitted(100, one); n != 60 {
		t.Errorf("an invented header lets %d in", n)
	}
}

func TestARefusalIsCheap(t *testing.T) {
	l := limited(t, nil)
	body := strings.Repeat("x", 60<<10)
	flood := func() *httptest.ResponseRecorder {
		return l.does(from("192.0.2.1:1", map[string]any{"anonymous_id": first, "more": body}))
	}
	for range 60 {
		flood()
	}
	began := time.Now()
	for range 100 {
		if w := flood(); w.Code != http.StatusTooManyRequests {
			t.Fatalf("answered %d", w.Code)
		}
	}
	if took := time.Since(began) / 100; took > 5*time.Millisecond {
		t.Errorf("a refusal takes %v", took)
	}
}
