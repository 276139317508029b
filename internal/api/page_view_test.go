package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lobby/internal/testkit"
	"lobby/internal/traffic"
	"lobby/internal/workspace"
)

const (
	browserID = "11111111-1111-4111-8111-111111111111"
	chromeUA  = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)

// look sends a ping of a browser with page views, a JSON list, and returns the id of the person.
func look(t *testing.T, i *testkit.Instance, browser, deeds string, headers ...string) string {
	t.Helper()
	form := url.Values{
		"app_id": {string(i.Workspace)}, "user_data": {`{"anonymous_id":"` + browser + `"}`}, "referer": {"https://shop.example/"}, "deeds": {deeds},
		"s": {"boot-" + browser},
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, i.URL+"/messenger/web/ping", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("User-Agent", chromeUA)
	for n := 0; n < len(headers); n += 2 {
		request.Header.Set(headers[n], headers[n+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("a ping: %d %s %v", response.StatusCode, body.String(), err)
	}
	if err := i.App.FlushTraffic(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, id, _ := strings.Cut(body.String(), `"id":"`)
	id, _, _ = strings.Cut(id, `"`)
	return id
}

func pageViewsOf(t *testing.T, c *testkit.Client, id string) (urls []string) {
	t.Helper()
	r := c.Do(t, "GET", "/lobby/v1/people/"+id+"/page_views?per_page=150", nil)
	if r.Status != http.StatusOK {
		t.Fatalf("page views: %d %s", r.Status, r.Text)
	}
	all, _ := r.Get("data").([]any)
	for _, v := range all {
		urls = append(urls, v.(map[string]any)["url"].(string))
	}
	return urls
}

func TestPageViewsAreKeptApartFromEvents(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		i := testkit.Start(t, on)
		list := `[{"url":"https://u:p@shop.example/a?utm_source=news#secret","referrer":"https://search.example/x","title":"A","n":1},{"url":"https://shop.example/b","n":2},{"event_name":"ordered","n":3}]`
		id := look(t, i, browserID, list)
		look(t, i, browserID, list) // as after a lost answer
		if got := fmt.Sprint(pageViewsOf(t, i.Client, browserID)); got != "[https://shop.example/b https://shop.example/a?utm_source=news]" {
			t.Errorf("the page views are %s", got)
		}
		if got := len(i.Do(t, "GET", "/lobby/v1/people/"+id+"/events", nil).Get("data").([]any)); got != 1 {
			t.Errorf("there are %d events, want the one that is none of pages", got)
		}
		export := i.Do(t, "GET", "/lobby/v1/people/"+id+"/export", nil).Text
		if !strings.Contains(export, "shop.example/b") {
			t.Error("the export of the person lacks its page views")
		}
		for _, path := range []string{"/visitors?id=" + id, "/lobby/v1/people/" + id, "/lobby/v1/visitors"} {
			if body := i.Do(t, "GET", path, nil).Text; strings.Contains(body, "shop.example/b") {
				t.Errorf("GET %s tells of page views", path)
			}
		}
		other := i.NewWorkspace(t)
		if r := other.Do(t, "GET", "/lobby/v1/people/"+id+"/page_views", nil); r.Status != http.StatusNotFound {
			t.Errorf("another workspace gets %d", r.Status)
		}
		// They follow the person through a merge, and go with an erasure, also those that still waited.
		user := i.Do(t, "POST", "/contacts", map[string]any{"role": "user", "external_id": "u1"}).Get("id").(string)
		i.Do(t, "POST", "/visitors/convert", map[string]any{"visitor": map[string]any{"id": id}, "user": map[string]any{"id": user}, "type": "user"})
		if got := pageViewsOf(t, i.Client, user); len(got) != 2 {
			t.Errorf("after the merge there are the page views %q", got)
		}
		if r := i.Do(t, "DELETE", "/contacts/"+user, nil); r.Status != http.StatusOK {
			t.Fatalf("erase: %d %s", r.Status, r.Text)
		}
		err := i.Store.Traffic().Read(t.Context(), func(r traffic.Reader) error {
			left, err := r.PageViews(i.Workspace, id, "", 10)
			if len(left) > 0 {
				t.Errorf("after the erasure there are %d page views", len(left))
			}
			return err
		})
		live, err2 := traffic.ReadLive(t.Context(), i.Store.Traffic(), i.Workspace, i.Lobby.Unix())
		if err != nil || err2 != nil || len(live.People) > 0 || live.Views[traffic.SparkMinutes-1] != 2 {
			t.Errorf("after the erasure, %v %v, there are %v; only numbers may stay", err, err2, live)
		}
	})
}

func TestPageViewsOfTheGoneAndTheUnwillingAreNotKept(t *testing.T) {
	t.Parallel()
	i := testkit.Start(t)
	i.Do(t, "PUT", "/lobby/v1/settings", map[string]any{"dnt_mode": "minimal"})
	view := `[{"url":"https://shop.example/secret","referrer":"https://search.example/","n":1}]`
	if id := look(t, i, browserID, view, "DNT", "1"); len(pageViewsOf(t, i.Client, id)) > 0 {
		t.Error("a page view of somebody with Do Not Track is kept")
	}
	i.Do(t, "PUT", "/lobby/v1/settings", map[string]any{"page_view_life": 0})
	if id := look(t, i, "22222222-2222-4222-8222-222222222222", view); len(pageViewsOf(t, i.Client, id)) > 0 {
		t.Error("a page view is kept although page_view_life is 0")
	}
	o := overview(t, i, traffic.Day)
	if got := o.Totals[traffic.Views]; got != 2 {
		t.Errorf("%d page views are counted, want 2 without a page", got)
	}
	i.Do(t, "PUT", "/lobby/v1/settings", map[string]any{"page_view_life": 1})
	id := look(t, i, "33333333-3333-4333-8333-333333333333", view)
	ws := &workspace.Workspace{ID: i.Workspace}
	for _, life := range []int64{90, 0} {
		ws.Settings = map[string]string{"page_view_life": fmt.Sprint(life)}
		_, err := traffic.Sweep(t.Context(), i.Store.Traffic(), ws, testkit.Began+2*24*60*60)
		if got := len(pageViewsOf(t, i.Client, id)); err != nil || (got == 0) != (life == 0) {
			t.Errorf("after a sweep with a life of %d days there are %d page views, %v", life, got, err)
		}
	}
}

func overview(t *testing.T, i *testkit.Instance, unit traffic.Unit) *traffic.Overview {
	t.Helper()
	now := i.Lobby.Now().UTC()
	o, err := traffic.ReadOverview(t.Context(), i.Store.Traffic(), i.Workspace, traffic.SpanOf(unit, now.AddDate(0, 0, -20), now))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCountersCountEachPersonOnceInAPeriod(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		i := testkit.Start(t, on)
		page := func(n int) string {
			return fmt.Sprintf(`[{"url":"https://shop.example/?utm_source=news","referrer":"https://www.search.example/x","n":%d}]`, n)
		}
		browsers := []string{browserID, "22222222-2222-4222-8222-222222222222", "33333333-3333-4333-8333-333333333333"}
		var ids []string
		for _, b := range browsers {
			ids = append(ids, look(t, i, b, page(1)))
		}
		look(t, i, browserID, page(2))
		i.Clock.Pass(24 * time.Hour)
		look(t, i, browserID, page(3))

		i.Do(t, "POST", "/contacts", map[string]any{"role": "lead", "email": "l@shop.example"})
		i.Do(t, "POST", "/visitors/convert", map[string]any{"visitor": map[string]any{"id": ids[1]}, "type": "lead"})
		i.Do(t, "POST", "/visitors/convert", map[string]any{"visitor": map[string]any{"id": ids[2]}, "user": map[string]any{"user_id": "u-3"}, "type": "user"})
		if _, err := i.Lobby.StampOutbox(t.Context(), "test"); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := traffic.CountSteps(t.Context(), i.Store.Traffic()); err != nil {
				t.Fatal(err)
			}
		}
		o := overview(t, i, traffic.Day)
		last := o.Periods[len(o.Periods)-2:]
		if got := fmt.Sprint(last[0].Counts[traffic.Visitors], last[0].Counts[traffic.New], last[0].Counts[traffic.Views], last[1].Counts[traffic.Visitors], last[1].Counts[traffic.New]); got != "3 3 4 1 0" {
			t.Errorf("visitors, new and views of yesterday, visitors and new of today are %s", got)
		}
		if got := fmt.Sprint(o.Totals[traffic.Leads], o.Totals[traffic.Users], o.Totals[traffic.VisitorToLead], o.Totals[traffic.VisitorToUser]); got != "2 1 1 1" {
			t.Errorf("leads, users and conversions are %s", got)
		}
		month := overview(t, i, traffic.Month)
		if got := month.Named[traffic.Referrers]; len(got) != 1 || got[0].Name != "search.example" || got[0].Count != 3 {
			t.Errorf("the referrers of the month are %v", got)
		}
		if got := month.Named[traffic.Campaigns]; len(got) != 1 || got[0].Name != "news" {
			t.Errorf("the campaigns of the month are %v", got)
		}
		// Nobody can fill the table with names.
		for n := range 120 {
			look(t, i, fmt.Sprintf("44444444-4444-4444-8444-%012d", n), fmt.Sprintf(`[{"url":"https://shop.example/?utm_source=made-up-%d","n":1}]`, n))
		}
		if got := len(overview(t, i, traffic.Day).Named[traffic.Campaigns]); got > 53 {
			t.Errorf("a day has %d campaigns", got)
		}
	})
}
