package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lobby/internal/account"
	"lobby/internal/testkit"
)

var rowLink = regexp.MustCompile(`href="([^"]*/people/([0-9a-f]{24}))" data-row`)

// listed returns the ids on a page of the list.
func (p page) listed() (ids []string) {
	for _, found := range rowLink.FindAllStringSubmatch(p.body, -1) {
		ids = append(ids, found[2])
	}
	return ids
}

var nextLink = regexp.MustCompile(`href="([^"]*)" rel="next"`)

// walk returns the ids of a whole list, page by page.
func (f fixture) walk(query string) (ids []string, pages int) {
	f.Helper()
	for pages < 20 {
		p := f.must(f.get(f.at("people")+query), http.StatusOK)
		ids, pages = append(ids, p.listed()...), pages+1
		next := nextLink.FindStringSubmatch(p.body)
		if next == nil {
			break
		}
		query = strings.ReplaceAll(next[1], "&amp;", "&")
	}
	return ids, pages
}

func (f fixture) visitor(fields map[string]any) string {
	f.Helper()
	return f.api("/lobby/v1/visitors", fields)["id"].(string)
}

func TestOneListHasEverybodyOnce(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		var all []string
		for i := range 64 { // some were never seen, and several at the same time
			fields := map[string]any{"user_id": fmt.Sprintf("00000000-0000-4000-8000-%012d", i), "created_at": testkit.Began - 1000 + int64(i/3)}
			if i%4 > 0 {
				fields["last_request_at"] = testkit.Began - int64(i/5)
			}
			all = append(all, f.visitor(fields))
		}
		for i := range 50 {
			fields := map[string]any{"role": []string{"lead", "user"}[i%2], "email": fmt.Sprintf("p%d@shop.example", i), "name": fmt.Sprintf("Person %c", 'z'-i%26)}
			if i%3 > 0 {
				fields["last_seen_at"] = testkit.Began - int64(i/5)
			}
			all = append(all, f.create(fields))
		}
		slices.Sort(all)
		for _, sort := range []string{"created_at", "last_seen_at", "name", "email", "updated_at"} {
			for _, order := range []string{"", "up"} {
				ids, pages := f.walk("?sort=" + sort + "&order=" + order)
				if slices.Sort(ids); !slices.Equal(ids, all) || pages != 3 {
					f.Errorf("sorted by %s %s: %d people on %d pages, want %d on 3, each once", sort, order, len(ids), pages, len(all))
				}
			}
		}
		for query, want := range map[string]int{"?role=visitor": 64, "?role=lead": 25, "?role=user": 25, "?q=p1%40SHOP": 1, "?q=00000000-0000-4000-8000-000000000007": 1} {
			if ids, _ := f.walk(query); len(ids) != want {
				f.Errorf("%s lists %d, want %d", query, len(ids), want)
			}
		}
		f.get(f.at("people")).shows(f.T, "114 people", "1 to 50 of 114")
	})
}

func TestFilters(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.api("/data_attributes", map[string]any{"name": "plan", "model": "contact", "data_type": "string"})
		f.api("/data_attributes", map[string]any{"name": "seats", "model": "contact", "data_type": "integer"})
		ada := f.create(map[string]any{"role": "user", "email": "ada@one.example", "name": "Ada", "signed_up_at": testkit.Began - 86400*10, "custom_attributes": map[string]any{"plan": "pro", "seats": 7}})
		bob := f.create(map[string]any{"role": "lead", "email": "bob@two.example", "name": "Bob", "unsubscribed_from_emails": true})
		eve := f.visitor(map[string]any{"session_count": 5, "last_request_at": testkit.Began - 86400*3})
		f.api("/tags", map[string]any{"name": "VIP", "users": []map[string]any{{"id": ada}}})
		segment := f.api("/lobby/v1/segments", map[string]any{"name": "Ones", "person_type": "user", "query": map[string]any{"field": "email_domain", "operator": "=", "value": "one.example"}})
		row := func(field, op, value string) string {
			return "f=" + url.QueryEscape(field) + "&o=" + op + "&v=" + url.QueryEscape(value)
		}
		for query, want := range map[string][]string{
			row("email", "has", "one"):                                        {ada},
			row("name", "not", "Bob") + "&role=lead":                          nil,
			row("custom_attributes.plan", "is", "pro"):                        {ada},
			row("custom_attributes.seats", "over", "6"):                       {ada},
			row("custom_attributes.seats", "under", "7"):                      nil,
			row("custom_attributes.plan", "unknown", ""):                      {bob, eve},
			row("signed_up_at", "older", "7"):                                 {ada},
			row("signed_up_at", "within", "7"):                                nil,
			row("last_seen_at", "within", "4"):                                {eve},
			row("unsubscribed_from_emails", "is", "yes"):                      {bob},
			row("session_count", "over", "4"):                                 {eve},
			row("email", "has", "example") + "&" + row("name", "starts", "A"): {ada},
			"tag=1":                             {ada},
			"segment=" + segment["id"].(string): {ada},
			"tag=none":                          nil,
			"segment=none":                      nil,
			"q=" + ada:                          {ada},
			"q=nobody":                          nil,
			"role=nonsense&sort=nonsense":       {ada, bob, eve},
		} {
			got, _ := f.walk("?" + query)
			slices.Sort(got)
			if slices.Sort(want); !slices.Equal(got, want) {
				f.Errorf("%s finds %v, want %v", query, got, want)
			}
		}
		for query, says := range map[string]string{
			row("created_at", "after", "yesterday"):          "Write a day as 2026-01-31.",
			row("custom_attributes.seats", "over", "many"):   "Write a number.",
			row("last_seen_at", "within", "0"):               "Write a number of days",
			row("name", "over", "1"):                         "does not go with Name",
			row("nonsense", "is", "1"):                       "Choose a field",
			row("name", "is", ""):                            "Say what to compare with.",
			row("unsubscribed_from_emails", "is", "perhaps"): "Write yes or no.",
			row("phone", "has", "abc"):                       "",
		} {
			p := f.get(f.at("people?" + query))
			if says == "" && p.status != http.StatusOK && p.status != http.StatusUnprocessableEntity {
				f.Errorf("%s: %d", query, p.status)
			}
			if says != "" {
				f.must(p, http.StatusUnprocessableEntity).shows(f.T, says)
			}
		}
		for _, query := range []string{"after=x", "after=e30", "q=%00", "f=%ff&o=is&v=x", "after=" + strings.Repeat("A", 5000)} {
			f.must(f.get(f.at("people?"+query)), http.StatusNotFound)
		}
		f.must(f.get(f.at("people?c=email&c=custom_attributes.plan&c=nonsense")), http.StatusOK).shows(f.T, "pro")
		many := strings.Repeat(row("name", "is", "x")+"&", 100)
		f.must(f.get(f.at("people?"+many+"q="+strings.Repeat("y", 9000))), http.StatusOK)
	})
}

func TestAPersonFromNoteToErasure(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		lead := f.create(map[string]any{"role": "lead", "email": "grace@home.example", "name": "Grace", "phone": "+4930111"})
		user := f.create(map[string]any{"role": "user", "external_id": "u-1", "name": "Grace Hopper"})
		f.api("/events", map[string]any{"event_name": "ordered", "id": lead, "created_at": testkit.Began - 60, "metadata": map[string]any{"order": "A-7"}})
		at := func(id string, more ...string) string {
			return f.at("people/" + strings.Join(append([]string{id}, more...), "/"))
		}

		f.must(f.post(at(lead, "notes"), url.Values{"note": {"  "}}), http.StatusUnprocessableEntity).shows(f.T, "The note is blank")
		f.must(f.post(at(lead, "notes"), url.Values{"note": {"Likes <b>bold</b>\nideas"}}), http.StatusSeeOther)
		f.must(f.post(at(lead, "tags"), url.Values{"tag": {"VIP"}}), http.StatusSeeOther)
		f.must(f.get(at(lead)), http.StatusOK).shows(f.T, "Grace", "Lead", "Likes <b>bold</b> ideas", "VIP", "ordered", "A-7", "grace@home.example")

		ask := at(lead, "identity") + "?to=merge&into="
		f.must(f.get(ask+"nobody"), http.StatusUnprocessableEntity).shows(f.T, "names nobody here")
		f.must(f.get(ask+lead), http.StatusUnprocessableEntity).shows(f.T, "names the same person")
		before := f.dump(f.server.Workspace)
		preview := f.must(f.get(ask+"u-1"), http.StatusOK).shows(f.T, "Grace Hopper", "taken over", "not taken over", "+4930111")
		seen := regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`).FindStringSubmatch(preview.body)[1]
		form := url.Values{"to": {"merge"}, "into": {"u-1"}, "seen": {seen}}
		if after := f.dump(f.server.Workspace); fmt.Sprint(after["people"], after["changes"]) != fmt.Sprint(before["people"], before["changes"]) {
			f.Error("a preview has changed something")
		}
		// What was seen is what happens: with other values the preview comes again.
		f.must(f.post(at(user, "notes"), url.Values{"note": {"irrelevant"}}), http.StatusSeeOther)
		stale := url.Values{"to": {"merge"}, "into": {"u-1"}, "seen": {"0123"}}
		f.must(f.post(at(lead, "identity"), stale), http.StatusConflict).shows(f.T, "Something has changed since you looked")
		f.must(f.post(at(lead, "identity"), form), http.StatusSeeOther)
		if p := f.must(f.get(at(lead)), http.StatusSeeOther); p.location != at(user) {
			f.Errorf("an old id leads to %s", p.location)
		}
		p := f.must(f.get(at(user)), http.StatusOK).shows(f.T, "The lead Grace was merged in", lead, "grace@home.example", "u-1", "in these pages", "ordered", "VIP", "from Grace, merged")
		change := regexp.MustCompile(`name="change" value="([0-9a-f]+)"`).FindStringSubmatch(p.body)[1]
		f.must(f.post(at(user, "undo"), url.Values{"change": {change}}), http.StatusSeeOther)
		f.must(f.get(at(lead)), http.StatusOK).shows(f.T, "Grace", "was taken back")
		f.must(f.post(at(user, "undo"), url.Values{"change": {"nonsense"}}), http.StatusNotFound)

		f.must(f.get(at(lead, "remove", "archive")), http.StatusOK).shows(f.T, "Archive 1 person")
		f.must(f.post(at(lead, "remove", "archive"), nil), http.StatusSeeOther)
		f.must(f.get(at(lead)), http.StatusOK).shows(f.T, "Archived", "!Save the note")
		f.must(f.post(at(lead, "remove", "restore"), nil), http.StatusSeeOther)
		f.must(f.post(at(lead, "remove", "nonsense"), nil), http.StatusNotFound)

		f.must(f.get(at(lead, "remove", "erase")), http.StatusOK).shows(f.T, "1 record", "1 note", "1 event", "1 tag", "Erase 1 record for good")
		f.must(f.post(at(lead, "remove", "erase"), url.Values{"count": {"2"}}), http.StatusUnprocessableEntity).shows(f.T, "Write 1 to confirm")
		f.must(f.post(at(lead, "remove", "erase"), url.Values{"count": {"1"}}), http.StatusSeeOther)
		f.must(f.get(at(lead)), http.StatusNotFound)
		f.must(f.get(at(user)), http.StatusOK)
	})
}

func TestAVisitorBecomesSomebody(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		seen := func(p page) string {
			f.Helper()
			found := regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`).FindStringSubmatch(p.body)
			if found == nil {
				f.Fatalf("no preview: %s", text(p.body))
			}
			return found[1]
		}
		first, second, third := f.visitor(map[string]any{}), f.visitor(map[string]any{}), f.visitor(map[string]any{})
		user := f.create(map[string]any{"role": "user", "email": "ada@shop.example"})
		at := func(id, query string) string { return f.at("people/" + id + "/identity" + query) }

		p := f.must(f.get(at(first, "?to=lead")), http.StatusOK).shows(f.T, "Make a lead")
		f.must(f.post(at(first, ""), url.Values{"to": {"lead"}, "seen": {seen(p)}}), http.StatusSeeOther)
		f.get(f.at("people/"+first)).shows(f.T, "Visitor became a lead")

		f.must(f.get(at(second, "?to=user")), http.StatusOK).shows(f.T, "!What would happen")
		f.must(f.get(at(second, "?to=user&email=null")), http.StatusUnprocessableEntity).shows(f.T, "Email")
		p = f.must(f.get(at(second, "?to=user&email=bob%40shop.example")), http.StatusOK)
		f.must(f.post(at(second, ""), url.Values{"to": {"user"}, "email": {"bob@shop.example"}, "seen": {seen(p)}}), http.StatusSeeOther)

		p = f.must(f.get(at(third, "?to=merge&into=ADA%40shop.example")), http.StatusOK)
		p = f.must(f.post(at(third, ""), url.Values{"to": {"merge"}, "into": {"ADA@shop.example"}, "seen": {seen(p)}}), http.StatusSeeOther)
		if !strings.HasPrefix(p.location, f.at("people/"+user)) {
			f.Errorf("led to %s", p.location)
		}
		f.must(f.get(at(user, "?to=nonsense")), http.StatusNotFound)
		f.must(f.get(at(user, "?to=lead")), http.StatusUnprocessableEntity)
	})
}

func TestRolesSeeWhatTheyMay(t *testing.T) {
	t.Parallel()
	f := start(t)
	lead := f.create(map[string]any{"role": "lead", "name": "Grace"})
	page := f.at("people/" + lead)
	f.get(page).shows(t, "Save the note", "Merge", "Erase")
	teammate := f.as(account.Teammate, "bob@shop.example")
	teammate.get(page).shows(t, "Save the note", "Merge", "Block", "!Erase")
	teammate.must(teammate.get(page+"/remove/erase"), http.StatusForbidden)
	reader := f.as(account.ReadOnly, "eve@shop.example")
	reader.get(page).shows(t, "Grace", "!Save the note", "!Merge", "!Block", "!Erase")
	reader.must(reader.get(page+"/identity?to=merge"), http.StatusForbidden)
}
