package admin_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lobby/internal/account"
)

// visit has a browser open a page, and returns the id of the visitor.
func (f fixture) visit(browser, page string) string {
	f.Helper()
	form := url.Values{
		"app_id": {string(f.server.Workspace)}, "user_data": {fmt.Sprintf(`{"anonymous_id":%q}`, browser)}, "s": {browser},
		"deeds": {fmt.Sprintf(`[{"url":%q,"referrer":"https://search.example/?q=1","n":1}]`, page)},
	}
	req, _ := http.NewRequestWithContext(f.Context(), http.MethodPost, f.server.URL+"/messenger/web/ping", strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.Fatal(err)
	}
	res.Body.Close() //nolint:errcheck // nothing is read
	if err := f.server.App.FlushTraffic(f.Context()); err != nil || res.StatusCode != http.StatusOK {
		f.Fatalf("a ping: %d, %v", res.StatusCode, err)
	}
	return f.server.Do(f.T, "GET", "/lobby/v1/people/"+browser, nil).Get("id").(string)
}

const someBrowser = "00000000-0000-4000-8000-%012d"

func TestLiveShowsWhoIsThereAndIsTold(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("live")), http.StatusOK).shows(f.T, "Nobody is there")
		events := make(chan string, 100)
		res, err := f.client.Get(f.server.URL + f.at("live/stream"))
		if err != nil {
			f.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // it is read to its end
		go func() {
			defer close(events)
			for lines := bufio.NewScanner(res.Body); lines.Scan(); {
				if text, is := strings.CutPrefix(lines.Text(), "data: "); is {
					events <- text
				}
			}
		}()
		if first := <-events; !strings.Contains(first, "Nobody is there") {
			f.Errorf("a stream begins with %s", first)
		}
		id := f.visit(fmt.Sprintf(someBrowser, 0), "https://shop.example/<script>alert(1)</script>")
		if next := <-events; !strings.Contains(next, id) || strings.Contains(next, "<script>") {
			f.Errorf("after a visit a stream has %s", next)
		}
		for n := range 80 {
			f.visit(fmt.Sprintf(someBrowser, n), "https://shop.example/b")
		}
		time.Sleep(time.Second) // what was read is used for a moment
		p := f.must(f.get(f.at("live")), http.StatusOK).shows(f.T, "80 people", "and 30 more", "first visit", "search.example")
		if rows := strings.Count(p.body, "<tr>") - 1; rows != 50 {
			f.Errorf("the page lists %d people, want 50", rows)
		}
		if got := len(events); got > 40 {
			f.Errorf("80 visits were %d events", got)
		}
		// Another workspace sees nothing, and who is out gets no more.
		other := f.server.NewWorkspace(f.T)
		f.must(f.get("/pages/"+string(other.Workspace)+"/live"), http.StatusNotFound)
		f.must(f.get("/pages/"+string(other.Workspace)+"/live/stream"), http.StatusNotFound)
		f.must(f.get("/pages/"+string(other.Workspace)+"/overview"), http.StatusNotFound)
		f.server.Clock.Pass(6 * time.Minute)
		time.Sleep(time.Second)
		f.get(f.at("live")).shows(f.T, "Nobody is there", "80 page views")
		reader := f.as(account.ReadOnly, "eve@shop.example")
		reader.must(reader.get(reader.at("overview")), http.StatusOK)
	})
}

func TestOverviewInPages(t *testing.T) {
	eachDatabase(t, func(f fixture) {
		f.must(f.get(f.at("overview")), http.StatusOK).shows(f.T, "Nothing was counted")
		id := f.visit(fmt.Sprintf(someBrowser, 0), "https://shop.example/?utm_source=%3Cb%3Enews%3C/b%3E")
		p := f.must(f.get(f.at("overview")), http.StatusOK).shows(f.T, "New visitors", "search.example", "Chrome", "Visitors by day")
		if strings.Contains(p.body, "<b>news") || !strings.Contains(p.body, "news") {
			f.Error("a campaign is not written as text")
		}
		f.must(f.get(f.at("overview?unit=month&from=2000-01-01&to=2030-01-01")), http.StatusUnprocessableEntity).shows(f.T, "A day is written")
		f.must(f.get(f.at("overview?unit=day&from=1990-01-01")), http.StatusOK).shows(f.T, "Visitors by month")
		for _, wrong := range []string{"from=x", "from=0001-01-01", "to=9999-12-31", "from=2023-13-01"} {
			f.must(f.get(f.at("overview?"+wrong)), http.StatusUnprocessableEntity)
		}
		f.get(f.at("people/"+id)).shows(f.T, "Looked at")
		// An erasure leaves the numbers.
		f.server.Do(f.T, "DELETE", "/lobby/v1/visitors/"+id, nil)
		f.get(f.at("overview")).shows(f.T, "search.example")
	})
}
