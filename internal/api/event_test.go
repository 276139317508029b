package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// ordered is the body of an event of somebody.
func ordered(who string) string {
	return `{"event_name":"placed-order","created_at":1699999000,` + who + `}`
}

// told is a step in which an event is accepted that nobody knew of.
func told(body, whose string) step {
	return step{do: "POST /events", body: body, status: 202, fires: []string{"event.created " + whose}}
}

const (
	nobodyNamed = "parameter_not_found: id, user_id or email must be supplied"
	adasEvents  = "GET /events?type=user&intercom_user_id=$ada"
	adasSummary = adasEvents + "&summary=true"
)

var createdEvents = []scenario{
	{"a contact is named by id, user_id or email, the first of them that is given", []step{
		told(ordered(`"id":"$ada","user_id":"nobody","email":"ann@example.com"`), "ada"),
		told(ordered(`"user_id":"leo-1","email":"ann@example.com"`), "leo"),
		told(ordered(`"email":"ANN@example.com","id":null,"user_id":""`), "ann"),
		{do: "GET /events?type=user&user_id=leo-1", has: `{"events":[{"type":"event","event_name":"placed-order","created_at":1699999000,
			"user_id":"leo-1","intercom_user_id":"$leo","email":"leo@example.com","metadata":{}}],"user_id":"leo-1","intercom_user_id":"$leo"}`},
		{do: "GET /events?type=user&email=ann@example.com", has: `{"events":[{"email":"ann@example.com"}],"email":"ann@example.com"}`},
	}},
	{"the same again is accepted and known", []step{
		told(ordered(`"id":"$ada","metadata":{"n":1}`), "ada"),
		{do: "POST /events", body: ordered(`"user_id":"ada-1","metadata":{"n":2}`), status: 202},
		{do: adasEvents, has: `{"events":[{"metadata":{"n":1}}]}`},
	}},
	{"what was told is read back by any id, of a visitor too", []step{
		told(ordered(`"id":"$ada"`), "ada"),
		told(`{"event_name":"looked","created_at":1699999001,"user_id":"ada-1"}`, "ada"),
		{do: "GET /lobby/v1/people/ada-1/events", has: `{"type":"list","data":[
			{"type":"event","event_name":"looked","created_at":1699999001,"intercom_user_id":"$ada","user_id":"ada-1","metadata":{}},
			{"event_name":"placed-order","created_at":1699999000}],"pages":{"type":"pages","per_page":15,"next":null}}`},
		{do: "GET /lobby/v1/people/lena-1/events", has: `{"data":[{"event_name":"looked"},{"event_name":"placed-order"}]}`},
		{do: "GET /lobby/v1/people/$ada/events?per_page=1", has: `{"data":[{"event_name":"looked"}],"pages":{"next":{"per_page":1}}}`},
		{do: "GET /lobby/v1/people/$vera.user_id/events", has: `{"data":[],"pages":{"next":null}}`},
		{do: "GET /lobby/v1/people/nobody/events", status: 404, refused: "not_found: Person Not Found"},
		{do: "GET /lobby/v1/people/$ada/events?starting_after=x", status: 400, refused: "client_error: Invalid starting_after param. Please try again using a starting_after value from a paginated response"},
		{do: "GET /events?type=user&intercom_user_id=$vera", status: 404, refused: noUser},
	}},
	{"another second or name is another event", []step{
		told(ordered(`"id":"$ada"`), "ada"),
		told(`{"event_name":"Placed-order","created_at":1699999000,"id":"$ada"}`, "ada"),
		told(`{"event_name":"placed-order","created_at":"1699999001","id":"$ada"}`, "ada"),
		{do: adasEvents, has: `{"events":[{"created_at":1699999001},{"event_name":"Placed-order"},{"event_name":"placed-order"}]}`},
	}},
	{"ten keys of metadata are kept, of every kind", []step{
		told(ordered(`"id":"$ada","metadata":{"source":"desktop 日本","load":3.67,"contact_date":1392036272,"article":"https://example.org/ab1de.html",
			"rich":{"url":"https://example.org/ab1de.html","value":"the dude abides","extra":1},"price":{"amount":34999,"currency":"eur"},
			"none":null,"yes":true,"":"no name","n9":9,"n10":10,"n11":[1]}`), "ada"),
		{do: adasEvents, has: `{"events":[{"metadata":{"source":"desktop 日本","load":3.67,"contact_date":1392036272,
			"article":"https://example.org/ab1de.html","rich":{"url":"https://example.org/ab1de.html","value":"the dude abides"},
			"price":{"amount":34999,"currency":"eur"},"yes":true,"":"no name","n9":9,"n10":10}}]}`},
	}},
	{"what an absorbed contact did is its survivor's", []step{
		becameLead,
		told(ordered(`"user_id":"$vera.user_id"`), "vera"),
		{do: "GET /events?type=user&intercom_user_id=$vera", has: `{"events":[{"event_name":"placed-order"}]}`},
	}},
	turnsDown("nobody is named", "POST /events", ordered(`"metadata":{}`), 400, nobodyNamed),
	turnsDown("an unknown id", "POST /events", ordered(`"id":"6657a9246abd0160d35d1f68","user_id":"ada-1"`), 404, noUser),
	turnsDown("an unknown user_id", "POST /events", ordered(`"user_id":"nobody"`), 404, noUser),
	turnsDown("an unknown email", "POST /events", ordered(`"email":"nobody@example.com"`), 404, noUser),
	turnsDown("a visitor", "POST /events", ordered(`"id":"$vera"`), 404, noUser),
	turnsDown("a visitor's email", "POST /events", ordered(`"email":"victor@example.com"`), 404, noUser),
	turnsDown("an archived contact", "POST /events", ordered(`"id":"$archie"`), 404, noUser),
	turnsDown("a blocked contact", "POST /events", ordered(`"user_id":"bob-1"`), 404, noUser),
	one("a merged contact is gone", step{
		do: "POST /events", body: ordered(`"id":"$olga"`), headers: at("2.16"), status: 410,
		refused: "contact_merged: This contact has been merged. See the 'Link' header for the canonical contact.",
	}),
	turnsDown("a merged contact", "POST /events", ordered(`"id":"$olga"`), 404, noUser),
	turnsDown("no name", "POST /events", `{"created_at":1,"id":"$ada"}`, 400, "parameter_not_found: event_name not specified"),
	turnsDown("null for a name", "POST /events", `{"event_name":null,"created_at":1,"id":"$ada"}`, 400, "parameter_not_found: event_name not specified"),
	turnsDown("a blank name", "POST /events", `{"event_name":"","created_at":1,"id":"$ada"}`, 400, "parameter_invalid: event_name must have 1 to 255 bytes"),
	turnsDown("a long name", "POST /events", `{"event_name":"`+strings.Repeat("x", 256)+`","created_at":1,"id":"$ada"}`, 400,
		"parameter_invalid: event_name must have 1 to 255 bytes"),
	turnsDown("a name that is none", "POST /events", `{"event_name":1,"created_at":1,"id":"$ada"}`, 400, "type_mismatch: event_name must be a string"),
	turnsDown("no time", "POST /events", `{"event_name":"x","id":"$ada"}`, 400, "parameter_not_found: created_at not specified"),
	turnsDown("milliseconds", "POST /events", `{"event_name":"x","created_at":1699999000000,"id":"$ada"}`, 400,
		"parameter_invalid: created_at must be a Unix time in seconds, from 0 to 2147483647; 1699999000000 seems to be milliseconds"),
	turnsDown("metadata that is none", "POST /events", ordered(`"id":"$ada","metadata":"x"`), 400, "type_mismatch: metadata must be an object"),
	turnsDown("a list in metadata", "POST /events", ordered(`"id":"$ada","metadata":{"a":[1]}`), 400,
		`type_mismatch: metadata.a must be a string, a number, a boolean, {"url","value"} or {"amount","currency"}`),
	turnsDown("an object in metadata", "POST /events", ordered(`"id":"$ada","metadata":{"a":{"url":"x"}}`), 400,
		`type_mismatch: metadata.a must be a string, a number, a boolean, {"url","value"} or {"amount","currency"}`),
	turnsDown("a link without a text", "POST /events", ordered(`"id":"$ada","metadata":{"a":{"url":"x","value":null}}`), 400,
		`type_mismatch: metadata.a.value must be a string`),
	turnsDown("half a cent", "POST /events", ordered(`"id":"$ada","metadata":{"a":{"amount":0.5,"currency":"eur"}}`), 400,
		`parameter_invalid: metadata.a.amount must be a whole number`),
	turnsDown("less than nothing", "POST /events", ordered(`"id":"$ada","metadata":{"a":{"amount":-1,"currency":"eur"}}`), 400,
		`parameter_invalid: metadata.a.amount must be a whole number of cents, and not negative`),
	turnsDown("a number beyond all", "POST /events", ordered(`"id":"$ada","metadata":{"a":1e400}`), 400,
		`parameter_invalid: metadata.a is too large a number to be kept exactly; send it as a string`),
}

var listedEvents = []scenario{
	one("who did nothing has none", step{do: adasEvents, has: `{"type":"event.list","events":[],"pages":{"type":"pages","next":null,"since":null},
		"email":"Ada@example.com","user_id":"ada-1","intercom_user_id":"$ada"}`}),
	one("a merged contact's address", step{do: "GET /events?type=user&intercom_user_id=$lena", status: 404, refused: noUser}),
	turnsDown("no type", "GET /events?user_id=ada-1", "", 400, "parameter_not_found: type not specified"),
	turnsDown("another type", "GET /events?type=lead&user_id=ada-1", "", 400, "parameter_invalid: type must be user"),
	turnsDown("nobody is asked for", "GET /events?type=user&user_id=", "", 400, nobodyNamed),
	turnsDown("two are asked for", "GET /events?type=user&user_id=ada-1&email=ada@example.com", "", 400,
		"parameter_invalid: only one of user_id, email and intercom_user_id may be supplied"),
	turnsDown("nobody has that", "GET /events?type=user&user_id=nobody", "", 404, noUser),
	turnsDown("a visitor's events", "GET /events?type=user&user_id=$vera.user_id", "", 404, noUser),
	turnsDown("a page of no size", adasEvents+"&per_page=x", "", 400, "parameter_invalid: per_page must be a whole number"),
	turnsDown("a place that is none", adasEvents+"&before=x", "", 400, "parameter_invalid: before must be a time in milliseconds, as pages have it"),
	turnsDown("a place before all", adasEvents+"&since=-1", "", 400, "parameter_invalid: since must be a time in milliseconds, as pages have it"),
	turnsDown("a summary or not", adasEvents+"&summary=1", "", 400, "parameter_invalid: summary must be true or false"),
}

func summary(members string) string { return `{"user_id":"ada-1","event_summaries":` + members + `}` }

var summarizedEvents = []scenario{
	one("who did nothing has none", step{
		do: adasSummary, has: `{"type":"event.summary","events":[],"email":"Ada@example.com","user_id":"ada-1","intercom_user_id":"$ada"}`,
	}),
	{"all that was done is counted, here and elsewhere", []step{
		told(ordered(`"id":"$ada"`), "ada"),
		told(`{"event_name":"placed-order","created_at":1,"id":"$ada"}`, "ada"),
		told(`{"event_name":"left","created_at":1699999001,"id":"$ada"}`, "ada"),
		{do: "POST /events/summaries", body: summary(`{"event_name":"placed-order","count":40,"first":1389913941,"last":1699999500}`)},
		{do: adasSummary, has: `{"events":[
			{"name":"placed-order","count":42,"first":"1970-01-01T00:00:01.000+00:00","last":"2023-11-14T22:05:00.000+00:00","description":""},
			{"name":"left","count":1,"first":"2023-11-14T21:56:41.000+00:00","last":"2023-11-14T21:56:41.000+00:00"}]}`},
		{do: adasEvents, has: `{"type":"event.list","events":[{"event_name":"left"},{"event_name":"placed-order"}]}`},
	}},
	{"what was said is replaced, and not counted twice", []step{
		{do: "POST /events/summaries", body: summary(`[{"event_name":"a","count":4,"first":1,"last":2},{"event_name":"b","count":"5","first":3,"last":3}]`)},
		{do: "POST /events/summaries", body: summary(`[{"event_name":"a","count":4,"first":1,"last":2}]`)},
		{do: adasSummary, has: `{"events":[{"name":"b","count":5},{"name":"a","count":4}]}`},
	}},
	turnsDown("nobody is named", "POST /events/summaries", `{"event_summaries":{"event_name":"a","count":4,"first":1,"last":2}}`, 400, nobodyNamed),
	turnsDown("nobody has that", "POST /events/summaries", `{"user_id":"x","event_summaries":{"event_name":"a","count":4,"first":1,"last":2}}`, 404, noUser),
	turnsDown("no summaries", "POST /events/summaries", `{"user_id":"ada-1"}`, 400, "parameter_not_found: event_summaries not specified"),
	turnsDown("an empty list", "POST /events/summaries", summary(`[]`), 400, "parameter_not_found: event_summaries not specified"),
	turnsDown("no list", "POST /events/summaries", summary(`"a"`), 400, "type_mismatch: event_summaries must be a list of objects"),
	turnsDown("no object", "POST /events/summaries", summary(`[1]`), 400, "type_mismatch: event_summaries must be a list of objects"),
	turnsDown("no name", "POST /events/summaries", summary(`{"count":4,"first":1,"last":2}`), 400,
		"parameter_not_found: event_summaries.event_name not specified"),
	turnsDown("no count", "POST /events/summaries", summary(`[{"event_name":"a","first":1,"last":2}]`), 400,
		"parameter_not_found: event_summaries.count not specified"),
	turnsDown("a time as it is answered", "POST /events/summaries", summary(`{"event_name":"a","count":1,"first":"2014-01-16T23:12:21.000+00:00","last":2}`), 400,
		"type_mismatch: event_summaries.first must be a Unix time in seconds, from 0 to 2147483647"),
	turnsDown("none", "POST /events/summaries", summary(`[{"event_name":"a","count":1,"first":1,"last":2},{"event_name":"b","count":0,"first":1,"last":2}]`), 400,
		"parameter_invalid: event_summaries.count must be from 1 to 2147483647"),
	turnsDown("backwards", "POST /events/summaries", summary(`{"event_name":"a","count":1,"first":3,"last":2}`), 400,
		"parameter_invalid: event_summaries.last must not be before first"),
}

func TestEvents(t *testing.T) {
	t.Parallel()
	play(t, groups{"made": createdEvents, "listed": listedEvents, "summarized": summarizedEvents})
}

// names follows addresses from page to page and answers the events on each.
func eventNames(t *testing.T, s *testkit.Instance, first string) (pages []string, last *testkit.Response) {
	t.Helper()
	for path := first; path != ""; {
		last = s.Do(t, "GET", path, nil)
		var names []string
		for i := 0; last.Get(fmt.Sprintf("events.%d.event_name", i)) != nil; i++ {
			names = append(names, last.Get(fmt.Sprintf("events.%d.event_name", i)).(string))
		}
		pages = append(pages, strings.Join(names, ""))
		next, _ := last.Get("pages.next").(string)
		path = strings.TrimPrefix(next, "https://lobby.example.com")
		if len(pages) > 20 {
			t.Fatalf("the pages have no end: %q", pages)
		}
	}
	return pages, last
}

func TestEventsAreReadPageByPageAndThenWhatIsNew(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, testkit.PublicURL("https://lobby.example.com"))
	id := s.Do(t, "POST", "/contacts", `{"email":"a+b@example.com"}`).Get("id").(string)
	tell := func(name string, at int64) {
		t.Helper()
		if r := s.Do(t, "POST", "/events", fmt.Sprintf(`{"id":"%s","event_name":"%s","created_at":%d}`, id, name, at)); r.Status != 202 || r.Text != "" {
			t.Fatalf("%d %s", r.Status, r.Text)
		}
	}
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		tell(name, testkit.Began-10+int64(i/3)) // a, b and c in one second
	}
	path := "/events?type=user&email=" + url.QueryEscape("a+b@example.com")
	for size, want := range map[int]string{1: "e|d|c|b|a", 2: "ed|cb|a", 3: "edc|ba", 4: "edcb|a", 5: "edcba", 15: "edcba"} {
		pages, _ := eventNames(t, s, fmt.Sprint(path, "&per_page=", size))
		if got := strings.Join(pages, "|"); got != want {
			t.Errorf("pages of %d: %s, want %s", size, got, want)
		}
	}
	since := s.Do(t, "GET", path, nil).Get("pages.since").(string)
	news := strings.TrimPrefix(since, "https://lobby.example.com")
	pages, last := eventNames(t, s, news)
	if strings.Join(pages, "|") != "" || last.Get("pages.since") != since {
		t.Errorf("before anything is new there is %q, since %v", pages, last.Get("pages.since"))
	}
	for i, name := range []string{"f", "g", "h"} {
		tell(name, testkit.Began-9+int64(i))
	}
	if pages, _ = eventNames(t, s, news+"&per_page=2"); strings.Join(pages, "|") != "hg|f" {
		t.Errorf("what is new is %q", pages)
	}
}

func TestAnEventOfAMergedContactIsToldOfItsSurvivorWhereThatIsWanted(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	st := set(t, s, s.Client)
	if _, err := s.Lobby.ChangeWorkspace(t.Context(), workspace.Caller{Workspace: s.Workspace}, func(ws *workspace.Workspace) error {
		ws.ResolveMerged = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if r := s.Do(t, "POST", "/events", st.fill(ordered(`"id":"$olga"`))); r.Status != 202 {
			t.Errorf("%d %s", r.Status, r.Text)
		}
	}
	r := s.Do(t, "GET", st.fill("/events?type=user&intercom_user_id=$lena"), nil)
	if r.Get("events.0.intercom_user_id") != st.fill("$ada") || r.Get("events.1") != nil {
		t.Errorf("%d %s", r.Status, r.Text)
	}
}
