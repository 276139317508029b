package messenger_test

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// tells sends of deeds of the visitor with an id, in a ping that has to be answered with the status.
func (l *lobby) tells(status int, id, deeds string, fields map[string]string) answer {
	l.t.Helper()
	all := map[string]string{"deeds": deeds}
	maps.Copy(all, fields)
	return l.sends(status, call("/messenger/web/ping", all, map[string]any{"anonymous_id": id}))
}

func (l *lobby) events(id string) []*people.Event {
	l.t.Helper()
	person := l.owner(id).ID
	var all []*people.Event
	err := l.Store.Read(l.t.Context(), func(r people.Reader) (err error) {
		all, err = r.Events(app, person, people.EventSpan{}, 10)
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
	deed := `[{"event_name":"ordered","created_at":` + strconv.FormatInt(begin-5, 10) +
		`,"metadata":{"price":{"amount":3},"a.b":1,"item":"<tea>"}}]`
	l.tells(http.StatusOK, first, deed, nil)
	l.tells(http.StatusOK, first, deed, nil)
	all := l.events(first)
	if len(all) != 1 {
		t.Fatalf("there are %d events", len(all))
	}
	if e := all[0]; e.Name != "ordered" || e.CreatedAt != begin-5 || e.Metadata != `{"item":"<tea>","price":{"amount":3}}` {
		t.Errorf("the event is %+v", e)
	}
}

func TestADeedThatWasHeardIsNotStoredAgainAtAnotherTime(t *testing.T) {
	t.Parallel()
	l := setup(t)
	session := map[string]string{"s": second, "n": "3"}
	l.tells(http.StatusOK, first, `[{"n":1,"event_name":"seen"},{"n":2,"event_name":"bought"}]`, session)
	l.clock.Add(30)
	session["n"] = "5"
	l.tells(http.StatusOK, first, `[{"n":2,"event_name":"bought"},{"n":4,"event_name":"left"}]`, session)
	var names []string
	for _, e := range l.events(first) {
		names = append(names, e.Name)
	}
	slices.Sort(names)
	if want := []string{"bought", "left", "seen"}; !slices.Equal(names, want) {
		t.Errorf("stored are %v, want %v", names, want)
	}
}

func TestAnEventHappenedWhenAClockThatIsWrongSaysItWas(t *testing.T) {
	t.Parallel()
	const hour = 3600
	for name, test := range map[string]struct{ clock, at, want int64 }{
		"a right clock":                {begin, begin - 5, begin - 5},
		"a clock a little slow":        {begin - 50, begin - 55, begin - 55},
		"a clock that is slow":         {begin - 9*hour, begin - 9*hour - 5, begin - 5},
		"a clock that is fast":         {begin + 9*hour, begin + 9*hour - 5, begin - 5},
		"an event of the future":       {begin, begin + 1000, begin},
		"an event of last year":        {begin, begin - 400*24*hour, begin},
		"an event of before the clock": {0, begin - 5, begin - 5},
	} {
		l := setup(t)
		deed := `[{"event_name":"seen","created_at":` + strconv.FormatInt(test.at, 10) + `}]`
		l.tells(http.StatusOK, first, deed, map[string]string{"clock": strconv.FormatInt(test.clock, 10)})
		if got := l.events(first)[0].CreatedAt; got != test.want {
			t.Errorf("%s: kept as %d, want %d", name, got-begin, test.want-begin)
		}
	}
	for _, at := range []string{`""`, `"soon"`, `-5`, `{}`, `1e400`} {
		l := setup(t)
		l.tells(http.StatusOK, first, `[{"event_name":"seen","created_at":`+at+`}]`, nil)
		if got := l.events(first)[0].CreatedAt; got != begin {
			t.Errorf("created_at %s was kept as %d", at, got)
		}
	}
}

func TestADeedThatCannotBeKeptCostsNothingElse(t *testing.T) {
	t.Parallel()
	many := `{"a":1`
	for i := range 20 {
		many += `,"k` + strconv.Itoa(i) + `":1`
	}
	for name, deed := range map[string]string{
		"no name":          `{}`,
		"a name as object": `{"event_name":{}}`,
		"a long name":      `{"event_name":"` + strings.Repeat("x", 256) + `"}`,
		"no object":        `{"event_name":"seen","metadata":[]}`,
		"many keys":        `{"event_name":"seen","metadata":` + many + `}}`,
	} {
		l := setup(t)
		a := l.tells(http.StatusOK, first, `[`+deed+`,{"event_name":"bought"}]`, nil)
		if len(a.Errors) != 1 || a.Errors[0].Code != "parameter_invalid" || a.User == nil {
			t.Errorf("%s: got %+v", name, a)
		}
		if all := l.events(first); len(all) != 1 || all[0].Name != "bought" {
			t.Errorf("%s: stored are %v", name, all)
		}
	}
}

func TestDeedsAreAListAndNotTooMany(t *testing.T) {
	t.Parallel()
	for _, deeds := range []string{"{}", "[1]", "price=3", "[" + strings.Repeat("{},", 50) + "{}]"} {
		l := setup(t)
		if a := l.tells(http.StatusBadRequest, first, deeds, nil); a.Errors[0].Code != "parameter_invalid" {
			t.Errorf("%.20s: got %+v", deeds, a.Errors)
		}
	}
}

func TestAPageViewIsASignOfLifeAndLeavesNoTrail(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.tells(http.StatusOK, first, `[{"n":1,"url":"https://shop.example/","title":"Shop","created_at":1}]`, nil)
	if p := l.visitor(first); p == nil || p.LastSeenAt != begin || len(l.events(first)) != 0 {
		t.Errorf("the visitor is %+v", p)
	}
}

func TestAProvenUsersEventIsTheUsers(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.tells(http.StatusOK, first, `[{"event_name":"looked"}]`, nil)
	for _, name := range []string{"signed-in", "bought"} {
		data := map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")}
		a := l.sends(http.StatusOK, call("/messenger/web/ping", map[string]string{"deeds": `[{"event_name":"` + name + `"}]`}, data))
		if a.User.Role != "user" || len(a.Errors) > 0 {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if all := l.events(first); len(all) != 3 {
		t.Errorf("the user did %v", all)
	}
	// Without the proof the same browser speaks for a stranger.
	l.tells(http.StatusOK, first, `[{"event_name":"unproven"}]`, nil)
	if all := l.events(first); len(all) != 3 {
		t.Errorf("the user did %v", all)
	}
}

func TestADeedOfASpentIDIsItsSuccessors(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")})
	a := l.tells(http.StatusOK, first, `[{"event_name":"seen"}]`, nil)
	if a.User.AnonymousID == first || len(l.events(a.User.AnonymousID)) != 1 || len(l.events(first)) != 0 {
		t.Errorf("got %+v", a.User)
	}
}

func TestAnIDThatCouldBeGuessedIsNotSpokenFor(t *testing.T) {
	t.Parallel()
	l := setup(t)
	if _, err := l.CreateVisitor(t.Context(), workspace.Caller{Workspace: app}, &people.Person{AnonymousID: "42"}); err != nil {
		t.Fatal(err)
	}
	if a := l.tells(http.StatusBadRequest, "42", `[{"event_name":"seen"}]`, nil); a.Errors[0].Code != "parameter_invalid" {
		t.Errorf("got %+v", a.Errors)
	}
}

func TestEventsAreTakenApartFromPingsToo(t *testing.T) {
	t.Parallel()
	l := setup(t)
	who := map[string]any{"anonymous_id": first}
	at := strconv.FormatInt(begin-5, 10)
	l.sends(http.StatusAccepted, call("/messenger/web/events", map[string]string{
		"event_name": "ordered", "created_at": at, "metadata": `{"item":"tea"}`,
	}, who))
	l.sends(http.StatusAccepted, call("/messenger/web/events", map[string]string{
		"events": `[{"event_name":"paid","created_at":` + at + `},{"event_name":"left"}]`,
	}, who))
	l.sends(http.StatusNoContent, call("/messenger/web/page_view_events", map[string]string{
		"page_views": `[{"url":"https://shop.example/tea","title":"Tea"}]`,
	}, who))
	var got []string
	for _, e := range l.events(first) {
		got = append(got, e.Name+" "+e.Metadata)
	}
	slices.Sort(got)
	if want := []string{"left ", `ordered {"item":"tea"}`, "paid "}; !slices.Equal(got, want) {
		t.Errorf("the events are %q, want %q", got, want)
	}
	l.hasVisitors(1)
	for _, fields := range []map[string]string{
		{"event_name": ""},
		{"event_name": "x", "metadata": "tea"},
		{"events": "[" + strings.Repeat(`{"event_name":"x"},`, 20) + `{"event_name":"x"}]`},
		{"events": `{"event_name":"x"}`},
	} {
		if a := l.sends(http.StatusBadRequest, call("/messenger/web/events", fields, who)); a.Errors[0].Code != "parameter_invalid" {
			t.Errorf("%v: %+v", fields, a.Errors)
		}
	}
	l.sends(http.StatusBadRequest, call("/messenger/web/page_view_events", nil, who))
}
