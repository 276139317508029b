package api_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const (
	searchContacts = "POST /contacts/search"
	searchVisitors = "POST /lobby/v1/visitors/search"
	in216          = "Intercom-Version: 2.16"
	inPreview      = "Intercom-Version: Preview"
)

// where is a body that searches for a filter.
func where(field, operator, value string) string {
	return fmt.Sprintf(`{"query":{"field":%q,"operator":%q,"value":%s}}`, field, operator, value)
}

// found is an answer with these contacts and no further page.
func found(names ...string) string {
	var data []string
	for _, name := range names {
		data = append(data, `{"id":"$`+name+`"}`)
	}
	return fmt.Sprintf(`{"type":"list","data":[%s],"total_count":%d,"pages":{"type":"pages","page":1,"per_page":50,"total_pages":%d}}`,
		strings.Join(data, ","), len(names), min(len(names), 1))
}

var searches = groups{
	"contacts": {
		one("by the email, whatever its case", step{do: searchContacts, body: where("email", "=", `"ADA@example.com"`), has: found("ada")}),
		one("by the external id, which has a case", step{do: searchContacts, body: where("external_id", "=", `"ADA-1"`), has: found()}),
		one("by a custom attribute", step{do: searchContacts, body: where("custom_attributes.plan", "=", `"Free"`), has: found("ada")}),
		one("by what they lack", step{
			do: searchContacts, has: found("leo", "eve", "ann"),
			body: where("name", "=", "null"),
		}),
		one("neither visitors nor who is archived, blocked or merged", step{
			do: searchContacts, body: where("created_at", ">", "0"), has: found("leo", "eve", "ann", "ada"),
		}),
		one("with a group of groups", step{do: searchContacts, has: found("leo", "ada"), body: `{"query":{"operator":"AND","value":[
			{"operator":"OR","value":[{"field":"role","operator":"=","value":"lead"},{"field":"name","operator":"^","value":"A"}]},
			{"operator":"OR","value":[{"field":"email","operator":"!=","value":null},{"field":"role","operator":"=","value":"user"}]}]}}`}),
		one("sorted by a field, who has none of it last", step{
			do: searchContacts, body: `{"query":{"field":"role","operator":"IN","value":["user"]},"sort":{"field":"email","order":"ascending"}}`,
			has: `{"data":[{"id":"$ada"},{"id":"$ann"},{"id":"$eve"}]}`,
		}),
		one("sorted by the older names, too", step{
			do: searchContacts, body: `{"query":{"field":"role","operator":"=","value":"user"},"sort_field":"email","sort_order":"descending"}`,
			has: `{"data":[{"id":"$ann"},{"id":"$ada"},{"id":"$eve"}]}`,
		}),
		one("a cursor in the URL does not count", step{
			do: searchContacts + "?starting_after=nonsense&per_page=1", body: where("email", "=", `"ann@example.com"`), has: found("ann"),
		}),
		one("nobody", step{do: searchContacts, body: where("id", "=", `"6657a9246abd0160d35d1f68"`), has: found()}),
		{"who was just made and just changed", []step{
			{do: "POST /contacts", body: `{"email":"new@example.com"}`, as: "new", fires: []string{"contact.created new"}},
			{do: searchContacts, body: where("email_domain", "=", `"example.com"`), has: found("new", "leo", "ann", "ada")},
			{do: "PUT /contacts/$new", body: `{"email":"new@else.example"}`, fires: []string{"contact.updated new", "contact.email.updated new"}},
			{do: searchContacts, body: where("email", "$", `"@example.com"`), has: found("leo", "ann", "ada")},
			{do: searchContacts, body: where("email_domain", "=", `"else.example"`), has: found("new")},
			{do: "POST /contacts/$new/archive", fires: []string{"contact.archived new"}},
			{do: searchContacts, body: where("email_domain", "=", `"else.example"`), has: found()},
			{do: "POST /contacts/$new/unarchive", fires: []string{"contact.unarchived new"}},
			{do: searchContacts, body: where("email_domain", "=", `"else.example"`), has: found("new")},
			{do: "DELETE /contacts/$new", fires: []string{"contact.deleted new"}},
			{do: searchContacts, body: where("email_domain", "=", `"else.example"`), has: found()},
		}},
	},
	"visitors": {
		one("by the time they were last seen", step{do: searchVisitors, body: where("last_request_at", "!=", "null"), has: found("victor")}),
		one("by the email, whatever its case", step{do: searchVisitors, body: where("email", "=", `"TWINS@example.com"`), has: found("tom", "tim")}),
		one("by a campaign", step{do: searchVisitors, body: where("utm_campaign", "=", `"Spring"`), has: found("victor")}),
		one("by their own id", step{do: searchVisitors, body: where("user_id", "=", `"$vera.user_id"`), has: found("vera")}),
		one("by a custom attribute", step{do: searchVisitors, body: where("custom_attributes.seats", ">", "2"), has: found("victor")}),
		one("no contacts", step{do: searchVisitors, body: where("email", "=", `"ada@example.com"`), has: found()}),
		one("not by what contacts have only", step{
			do: searchVisitors, body: where("external_id", "=", `"x"`), status: 400, refused: "invalid_field: external_id is not a valid search field",
		}),
	},
	"refused": {
		one("without a query", step{do: searchContacts, body: `{}`, status: 400, refused: "parameter_not_found: query must be given"}),
		one("a field that cannot be searched", step{
			do: searchContacts, body: where("utm_source", "=", `"x"`), status: 400, refused: "invalid_field: utm_source is not a valid search field",
		}),
		one("an attribute that is not defined", step{
			do: searchContacts, body: where("custom_attributes.nope", "=", `"x"`), status: 400,
			refused: "invalid_field: custom_attributes.nope is not a valid search field",
		}),
		one("AND on a single filter", step{
			do: searchContacts, body: where("email", "AND", `"x"`), status: 400,
			refused: "parameter_invalid: query.operator must compare the field with the value: AND joins several filters",
		}),
		one("milliseconds", step{
			do: searchContacts, body: where("created_at", ">", `1714557600000`), status: 400,
			refused: "parameter_invalid: created_at must be compared with a Unix time in seconds, from 0 to 2147483647; 1714557600000 seems to be milliseconds",
		}),
		one("a value that does not fit", step{
			do: searchContacts, body: where("created_at", ">", `"foobar"`), status: 400,
			refused: "parameter_invalid: created_at must be compared with a Unix time in seconds, from 0 to 2147483647",
		}),
		one("counting back from today", step{
			do: searchContacts, body: where("created_at", ">", `{"days_ago":3}`), status: 400,
			refused: "parameter_invalid: created_at cannot be compared with a number of days ago",
		}),
		one("a cursor that is none", step{
			do: searchContacts, body: `{"query":{"field":"role","operator":"=","value":"user"},"pagination":{"starting_after":"nonsense"}}`, status: 400,
			refused: "client_error: Invalid starting_after param. Please try again using a starting_after value from a paginated response",
		}),
		one("another order in 2.16", step{
			do: searchContacts, body: `{"query":{"field":"role","operator":"=","value":"user"},"sort":{"field":"email","order":"desc"}}`, status: 400,
			headers: []string{in216}, refused: "invalid_sort_order: Invalid sort order 'desc'. Must be one of: ascending, descending",
		}),
		one("a field that gives no order in 2.16", step{
			do: searchContacts, body: `{"query":{"field":"role","operator":"=","value":"user"},"sort":{"field":"nope"}}`, status: 400,
			headers: []string{in216}, refused: "invalid_field: nope is not a field to sort by",
		}),
		one("no other order before", step{
			do: searchContacts, body: `{"query":{"field":"role","operator":"=","value":"lead"},"sort":{"field":"nope","order":"desc"}}`, has: found("leo"),
		}),
	},
	"versions": {
		one("times by the day", step{do: searchContacts, body: where("last_seen_at", "=", `"1699913601"`), has: found("ada")}),
		one("times by the second in Preview", step{
			do: searchContacts, body: where("last_seen_at", "=", `"1699913601"`), has: found(), headers: []string{inPreview},
		}),
		one("not by one second or more before Preview", step{
			do: searchContacts, body: where("last_seen_at", ">=", `1`), status: 400, refused: "parameter_invalid: last_seen_at cannot be compared by >=",
		}),
		one("from a second on in Preview", step{
			do: searchContacts, body: where("last_seen_at", ">=", `1699913600`), has: found("ada"), headers: []string{inPreview},
		}),
		{"a phone number and an address have many spellings", []step{
			{
				do: "POST /contacts", body: `{"email":"\u202aPhil@BU\u0308CHER.example\u202c","phone":"\u202a+44 20 7946 0958\u202c"}`,
				fires: []string{"contact.created new"},
			},
			{do: searchContacts, body: where("phone", "=", `"+442079460958"`), has: `{"total_count":1,"data":[{"phone":"\u202a+44 20 7946 0958\u202c"}]}`},
			{do: searchContacts, body: where("phone", "IN", `["+44 (0)20 7946 0958"]`), has: `{"total_count":1}`},
			{do: searchContacts, body: where("phone", "~", `"7946-0958"`), has: `{"total_count":1}`},
			{do: searchContacts, body: where("phone", "^", `"+44 20"`), has: `{"total_count":1}`},
			{do: searchContacts, body: where("email", "=", `"phil@xn--bcher-kva.example"`), has: `{"total_count":1}`},
			{do: "POST /contacts", body: `{"email":"\u2066ADA\u00ad@example.com\u2069"}`, status: 409, refused: adasWay},
		}},
		one("formatted_phone is new in 2.16", step{
			do: searchContacts, body: where("formatted_phone", "=", `"+1"`), status: 400, refused: "invalid_field: formatted_phone is not a valid search field",
		}),
		one("formatted_phone in 2.16", step{do: searchContacts, body: where("formatted_phone", "=", `"+1"`), has: found(), headers: []string{in216}}),
		one("the owner is a text in 2.16", step{do: searchContacts, body: where("owner_id", "=", `"nobody"`), has: found(), headers: []string{in216}}),
		one("the owner is a number before", step{
			do: searchContacts, body: where("owner_id", "=", `"nobody"`), status: 400, refused: "parameter_invalid: owner_id must be compared with a whole number",
		}),
	},
}

func TestSearch(t *testing.T) {
	t.Parallel()
	play(t, searches)
}

// foundBy answers the names whom a search finds, page by page.
func (s *stage) foundBy(t *testing.T, query, sort string, perPage int, between func()) (ids []string) {
	t.Helper()
	cursor := "null"
	for {
		body := fmt.Sprintf(`{"query":%s,"sort":%s,"pagination":{"per_page":%d,"starting_after":%s}}`, query, sort, perPage, cursor)
		r := s.client.Do(t, "POST", "/contacts/search", body)
		if r.Status != 200 {
			t.Fatalf("%s: %d %s", body, r.Status, r.Text)
		}
		for _, item := range r.Get("data").([]any) {
			ids = append(ids, item.(map[string]any)["id"].(string))
		}
		after, more := r.Get("pages.next.starting_after").(string)
		if !more {
			return ids
		}
		if url.QueryEscape(after) != after {
			t.Fatalf("the cursor %q changes in a URL", after)
		}
		cursor = `"` + after + `"`
		between()
	}
}

func TestAWalkThroughASearchShowsWhoStaysOnce(t *testing.T) {
	t.Parallel()
	for _, option := range [][]testkit.Option{nil, {testkit.OnPostgres()}} {
		s := testkit.Start(t, option...)
		on := set(t, s, s.NewWorkspace(t))
		var stay []string
		make := func(i int) string {
			r := on.client.Do(t, "POST", "/contacts", fmt.Sprintf(`{"email":"n%d@walk.example","name":"N%d"}`, i, i%4))
			return r.Get("id").(string)
		}
		for i := range 20 {
			stay = append(stay, make(i))
		}
		for _, sort := range []string{`{}`, `{"field":"name","order":"ascending"}`, `{"field":"email"}`, `{"field":"phone"}`} {
			var churn sync.WaitGroup
			i := 20
			seen := on.foundBy(t, `{"field":"email","operator":"$","value":"@walk.example"}`, sort, 3, func() {
				i++
				gone := make(i)
				churn.Go(func() { on.client.Do(t, "DELETE", "/contacts/"+gone, nil) })
				churn.Go(func() { on.client.Do(t, "PUT", "/contacts/"+stay[i%20], `{"owner_id":1}`) })
			})
			churn.Wait()
			times := map[string]int{}
			for _, id := range seen {
				times[id]++
			}
			for _, id := range stay {
				if times[id] != 1 {
					t.Errorf("sorted by %s, a contact that stays is seen %d times", sort, times[id])
				}
			}
			for id, n := range times {
				if n > 1 {
					t.Errorf("sorted by %s, %s is seen %d times", sort, id, n)
				}
			}
		}
	}
}

func TestACursorIsGoodForItsOwnOrderOnly(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	const query = `{"field":"role","operator":"IN","value":["user","lead"]}`
	r := on.client.Do(t, "POST", "/contacts/search", `{"query":`+query+`,"pagination":{"per_page":1}}`)
	cursor := r.Get("pages.next.starting_after").(string)
	forged := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for _, c := range []struct {
		cursor, sort string
		status       int
	}{
		{cursor, `{}`, 200},
		{cursor, `{"field":"email"}`, 400},
		{cursor, `{"order":"ascending"}`, 400},
		{cursor[1:], `{}`, 400},
		{forged("\nfalse\n2\n4\nnot-an-id\n"), `{}`, 400},
		{forged("\nfalse\n-2\n4\n6657a9246abd0160d35d1f68\n"), `{}`, 400},
		{forged("\nfalse\n2\n4\n6657a9246abd0160d35d1f68\n\x00"), `{}`, 400},
	} {
		body := fmt.Sprintf(`{"query":%s,"sort":%s,"pagination":{"starting_after":%q}}`, query, c.sort, c.cursor)
		if r := on.client.Do(t, "POST", "/contacts/search", body); r.Status != c.status {
			t.Errorf("%s: %d %s", body, r.Status, r.Text)
		}
	}
}

func TestASearchCanLag(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	on := set(t, s, s.Client)
	if _, err := s.Lobby.ChangeSettings(t.Context(), workspace.Caller{Workspace: s.Client.Workspace}, map[string]string{"search_lag": "120"}); err != nil {
		t.Fatal(err)
	}
	s.Clock.Pass(2e9) // until the setting is known everywhere
	on.client.Do(t, "PUT", on.fill("/contacts/$ada"), `{"name":"Ada"}`)
	const query = `{"field":"role","operator":"=","value":"user"}`
	want := []string{on.ids["$ann"], on.ids["$eve"]}
	slices.Sort(want)
	got := on.foundBy(t, query, `{}`, 50, nil)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("just after a change to Ada %v are found, not %v", got, want)
	}
	s.Clock.Pass(121e9)
	if got := on.foundBy(t, query, `{}`, 50, nil); len(got) != 3 {
		t.Errorf("two minutes later %v are found", got)
	}
}

func TestASearchOfAnotherWorkspaceFindsNobodyOfThis(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	ours, theirs := set(t, s, s.Client), set(t, s, s.NewWorkspace(t))
	for _, id := range []string{theirs.ids["$ada"], theirs.ids["$leo"]} {
		if got := ours.foundBy(t, fmt.Sprintf(`{"field":"id","operator":"=","value":%q}`, id), `{}`, 50, nil); len(got) > 0 {
			t.Errorf("%v are found", got)
		}
	}
	if got := ours.foundBy(t, `{"field":"id","operator":"!=","value":null}`, `{}`, 50, nil); len(got) != 4 {
		t.Errorf("%v are found", got)
	}
}
