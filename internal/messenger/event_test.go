package messenger_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"lobby/internal/people"
)

// tracks sends an event of a visitor, which has to be answered with the status.
func (l *lobby) tracks(status int, id string, fields map[string]string) answer {
	l.t.Helper()
	return l.sends(status, call("/messenger/web/events", fields, map[string]any{"anonymous_id": id}))
}

func (l *lobby) events(id string) []*people.DataEvent {
	l.t.Helper()
	person := l.owner(id).ID
	var all []*people.DataEvent
	err := l.Store.Read(l.t.Context(), func(r people.Reader) (err error) {
		all, err = r.DataEvents(app, person, people.EventSpan{}, 10)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

func TestAnEventIsStoredOnceForItsVisitor(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first})
	fields := map[string]string{
		"event_name": "ordered", "created_at": strconv.FormatInt(begin-5, 10), "metadata": `{"price":{"amount":3},"a.b":1,"item":"<tea>"}`,
	}
	l.tracks(http.StatusAccepted, first, fields)
	l.tracks(http.StatusAccepted, first, fields)
	all := l.events(first)
	if len(all) != 1 {
		t.Fatalf("there are %d events", len(all))
	}
	if e := all[0]; e.Name != "ordered" || e.CreatedAt != begin-5 || e.Metadata != `{"item":"<tea>","price":{"amount":3}}` {
		t.Errorf("the event is %+v", e)
	}
}

func TestAnEventThatOvertakesThePingBringsItsVisitor(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.tracks(http.StatusAccepted, first, map[string]string{"event_name": "seen"})
	if p := l.visitor(first); p == nil || p.Browser != "Chrome" {
		t.Fatalf("the visitor is %+v", p)
	}
	if len(l.events(first)) != 1 {
		t.Error("the event is lost")
	}
}

func TestAnEventOfAWrongClockHappensNow(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"", "soon", "-5", "1000", strconv.FormatInt(begin+1000, 10)} {
		l := setup(t)
		l.tracks(http.StatusAccepted, first, map[string]string{"event_name": "seen", "created_at": at})
		if got := l.events(first)[0].CreatedAt; got != begin {
			t.Errorf("created_at %q was kept as %d", at, got)
		}
	}
}

func TestAnEventThatCannotBeKeptIsRefused(t *testing.T) {
	t.Parallel()
	many := `{"a":1`
	for i := range 20 {
		many += `,"k` + strconv.Itoa(i) + `":1`
	}
	for name, test := range map[string]struct {
		id, event, metadata string
	}{
		"no name":        {first, "", ""},
		"a long name":    {first, strings.Repeat("x", 256), ""},
		"no person":      {"", "seen", ""},
		"no object":      {first, "seen", "[]"},
		"many keys":      {first, "seen", many + "}"},
		"no JSON at all": {first, "seen", "price=3"},
	} {
		l := setup(t)
		a := l.tracks(http.StatusBadRequest, test.id, map[string]string{"event_name": test.event, "metadata": test.metadata})
		if a.Errors[0].Code != "parameter_invalid" {
			t.Errorf("%s: got %+v", name, a.Errors)
		}
	}
}

func TestAnIDThatCouldBeGuessedIsNotSpokenFor(t *testing.T) {
	t.Parallel()
	l := setup(t)
	if _, err := l.CreateVisitor(t.Context(), people.Caller{Workspace: app}, &people.Person{AnonymousID: "42"}); err != nil {
		t.Fatal(err)
	}
	if a := l.tracks(http.StatusBadRequest, "42", map[string]string{"event_name": "seen"}); a.Errors[0].Code != "parameter_invalid" {
		t.Errorf("got %+v", a.Errors)
	}
}

func TestAnEventOfASpentIDIsRefused(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")})
	if a := l.tracks(http.StatusConflict, first, map[string]string{"event_name": "seen"}); a.Errors[0].Code != "conflict" {
		t.Errorf("got %+v", a.Errors)
	}
}
