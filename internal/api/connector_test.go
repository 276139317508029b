package api_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"lobby/internal/testkit"
)

// The connectors replayed here send what docs and source of the published ones say, with their headers and their way of
// going from page to page.

// crowded is a workspace with more contacts than a page has, each with a tag and a company.
func crowded(t *testing.T, contacts int) (s *testkit.Instance, ids map[string]bool) {
	t.Helper()
	s, ids = testkit.Start(t), map[string]bool{}
	for i := range contacts {
		made := s.Do(t, "POST", "/contacts", fmt.Sprintf(`{"role":"user","external_id":"u-%d","email":"u%d@example.com","name":"U %d"}`, i, i, i))
		id := made.Get("id").(string)
		ids[id] = true
		tag := s.Do(t, "POST", "/tags", fmt.Sprintf(`{"name":"tag %d"}`, i%3)).Get("id").(string)
		company := s.Do(t, "POST", "/companies", fmt.Sprintf(`{"company_id":"c-%d","name":"C %d"}`, i%4, i%4)).Get("id").(string)
		for path, body := range map[string]string{"/tags": tag, "/companies": company} {
			if r := s.Do(t, "POST", "/contacts/"+id+path, `{"id":"`+body+`"}`); r.Status != 200 {
				t.Fatalf("%s: %d %s", path, r.Status, r.Text)
			}
		}
	}
	return s, ids
}

// mustSee takes the ids of a list off those that are expected.
func mustSee(t *testing.T, r *testkit.Response, left map[string]bool) {
	t.Helper()
	all, _ := r.Get("data").([]any)
	for i := range all {
		id, _ := r.Get("data." + strconv.Itoa(i) + ".id").(string)
		if !left[id] {
			t.Errorf("%s is there twice, or should not be", id)
		}
		delete(left, id)
	}
}

// mustPace fails t when a connector would wait between calls: it does when it is not told how many are left, or few are.
func mustPace(t *testing.T, r *testkit.Response) {
	t.Helper()
	limit, _ := strconv.Atoi(r.Header.Get("X-RateLimit-Limit"))
	left, _ := strconv.Atoi(r.Header.Get("X-RateLimit-Remaining"))
	if reset, err := strconv.ParseInt(r.Header.Get("X-RateLimit-Reset"), 10, 64); err != nil || reset < testkit.Began || limit == 0 || left*2 < limit {
		t.Errorf("the limits are %q of %q until %q", r.Header.Get("X-RateLimit-Remaining"), r.Header.Get("X-RateLimit-Limit"), r.Header.Get("X-RateLimit-Reset"))
	}
}

// Singer's tap searches contacts by updated_at, and follows the url of what a contact has more of, joined with the base
// address and a slash.
func TestSingersTap(t *testing.T) {
	t.Parallel()
	s, left := crowded(t, 7)
	const version = "Intercom-Version: 2.5"
	header := []string{version, "Accept: application/json", "User-Agent: tap-intercom"}
	after, tags := "", 0
	for page := 0; page == 0 || after != ""; page++ {
		if page > 10 {
			t.Fatal("the pages have no end")
		}
		cursor := ""
		if after != "" {
			cursor = `,"starting_after":"` + after + `"`
		}
		r := s.Do(t, "POST", "/contacts/search", `{"pagination":{"per_page":3`+cursor+`},"query":{"operator":"OR","value":[
			{"field":"updated_at","operator":">","value":1},{"field":"updated_at","operator":"=","value":1}]},"sort":{"field":"updated_at","order":"ascending"}}`, header...)
		if r.Status != 200 {
			t.Fatalf("page %d: %d %s", page, r.Status, r.Text)
		}
		mustPace(t, r)
		mustSee(t, r, left)
		for i := range r.Get("data").([]any) {
			for _, list := range []string{"tags", "companies", "notes"} {
				where, _ := r.Get(fmt.Sprintf("data.%d.%s.url", i, list)).(string)
				if got := s.Do(t, "GET", "/"+where+"?per_page=60", nil, header...); got.Status != 200 {
					t.Errorf("GET /%s: %d %s", where, got.Status, got.Text)
				} else if list == "tags" {
					tags += len(got.Get("data").([]any))
				}
			}
		}
		after, _ = r.Get("pages.next.starting_after").(string)
	}
	if len(left) != 0 || tags != 7 {
		t.Errorf("%d contacts were not seen, and %d of 7 tags were", len(left), tags)
	}
	for _, path := range []string{"/admins", "/tags", "/segments?include_count=true", "/teams", "/data_attributes?model=contact", "/data_attributes?model=company"} {
		if r := s.Do(t, "GET", path, nil, header...); r.Status != 200 || r.Header.Get("Lobby-Warning") != "" {
			t.Errorf("%s: %d with %q", path, r.Status, r.Header.Get("Lobby-Warning"))
		}
	}
	if seen := scroll(t, s, header); seen != 4 {
		t.Errorf("%d of 4 companies were seen", seen)
	}
}

// scroll reads all companies as connectors do, until a page is empty.
func scroll(t *testing.T, s *testkit.Instance, header []string) (seen int) {
	t.Helper()
	for param, page := "", 0; page < 10; page++ {
		r := s.Do(t, "GET", "/companies/scroll"+param, nil, header...)
		all, _ := r.Get("data").([]any)
		if r.Status != 200 || len(all) == 0 {
			return seen
		}
		seen += len(all)
		param = "?scroll_param=" + url.QueryEscape(r.Get("scroll_param").(string))
	}
	t.Error("the scroll has no end")
	return seen
}

// Airbyte's connector checks with /me or /tags, lists by cursors in the query, and stops where there is no next page. It reads
// segments and contacts of each company, and the log of what admins did since a time.
func TestAirbytesConnector(t *testing.T) {
	t.Parallel()
	s, left := crowded(t, 7)
	header := []string{"Intercom-Version: 2.11", "Accept: application/json"}
	for _, path := range []string{"/me", "/tags", "/admins", "/teams", "/segments", "/data_attributes?model=contact"} {
		r := s.Do(t, "GET", path, nil, header...)
		if r.Status != 200 {
			t.Errorf("%s: %d %s", path, r.Status, r.Text)
		}
		mustPace(t, r)
	}
	for path, page := "/contacts?per_page=3", 0; path != ""; page++ {
		r := s.Do(t, "GET", path, nil, header...)
		if r.Status != 200 || page > 10 {
			t.Fatalf("page %d: %d %s", page, r.Status, r.Text)
		}
		mustSee(t, r, left)
		path = ""
		if after, _ := r.Get("pages.next.starting_after").(string); after != "" {
			path = "/contacts?per_page=3&starting_after=" + after
		}
	}
	if len(left) != 0 {
		t.Errorf("%d contacts were not seen", len(left))
	}
	companies := s.Do(t, "GET", "/companies?per_page=60", nil, header...)
	for i := range companies.Get("data").([]any) {
		id := companies.Get(fmt.Sprintf("data.%d.id", i)).(string)
		for _, path := range []string{"/companies/" + id + "/segments", "/companies/" + id + "/contacts", "/companies/" + id + "/contacts?per_page=1"} {
			if r := s.Do(t, "GET", path, nil, header...); r.Status != 200 {
				t.Errorf("%s: %d %s", path, r.Status, r.Text)
			}
		}
	}
	for _, since := range []string{"1700000000", "2023-11-14T00:00:00Z", "2023-11-14T00:00:00.000Z", "2023-11-14T00:00:00+00:00"} {
		path := "/admins/activity_logs?created_at_after=" + since + "&created_at_before=" + url.QueryEscape("2030-01-01T00:00:00.000+00:00")
		if r := s.Do(t, "GET", path, nil, header...); r.Status != 200 || r.Get("pages.next") != nil {
			t.Errorf("%s: %d %s", path, r.Status, r.Text)
		}
	}
	if seen := scroll(t, s, header); seen != 4 {
		t.Errorf("%d of 4 companies were seen", seen)
	}
}

// n8n follows pages.next as an address until it is null, and not until it is absent. Where next is an object it takes the
// cursor in it.
func TestN8nsNode(t *testing.T) {
	t.Parallel()
	s, left := crowded(t, 5)
	header := []string{"Accept: application/json"}
	seen := map[string]bool{}
	for path, page := "/companies?per_page=2", 0; ; page++ {
		r := s.Do(t, "GET", path, nil, header...)
		for i := range r.Get("data").([]any) {
			seen[r.Get(fmt.Sprintf("data.%d.id", i)).(string)] = true
		}
		next, isText := r.Get("pages.next").(string)
		if !isText {
			if !strings.Contains(r.Text, `"next":null`) {
				t.Errorf("the last page does not say null: %s", r.Text)
			}
			break
		}
		at, err := url.Parse(next)
		if err != nil || at.Host == "" || page > 10 {
			t.Fatalf("the next page is %q: %v", next, err)
		}
		path = at.RequestURI()
	}
	if len(seen) != 4 {
		t.Errorf("%d of 4 companies were seen", len(seen))
	}
	for path, page := "/contacts?per_page=2", 0; ; page++ {
		r := s.Do(t, "GET", path, nil, header...)
		mustSee(t, r, left)
		after, more := r.Get("pages.next.starting_after").(string)
		if !more {
			if !strings.Contains(r.Text, `"next":null`) {
				t.Errorf("the last page does not say null: %s", r.Text)
			}
			break
		}
		if path = "/contacts?per_page=2&starting_after=" + after; page > 10 {
			t.Fatal("the pages have no end")
		}
	}
	if len(left) != 0 {
		t.Errorf("%d contacts were not seen", len(left))
	}
	made := s.Do(t, "POST", "/contacts", `{"role":"lead","email":"n@example.com","name":"N"}`, header...)
	id := made.Get("id").(string)
	for _, call := range []struct{ method, path, body string }{
		{"PUT", "/contacts/" + id, `{"name":"M","custom_attributes":{}}`},
		{"GET", "/contacts/" + id, ""},
		{"POST", "/companies", `{"company_id":"n","name":"N"}`},
		{"GET", "/companies?company_id=n", ""},
		{"DELETE", "/contacts/" + id, `{}`},
	} {
		if r := s.Do(t, call.method, call.path, call.body, header...); r.Status != 200 || r.Header.Get("Lobby-Warning") != "" {
			t.Errorf("%s %s: %d with %q: %s", call.method, call.path, r.Status, r.Header.Get("Lobby-Warning"), r.Text)
		}
	}
}
