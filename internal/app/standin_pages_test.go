package app_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lobby/internal/account"
)

const someBrowser = `{"anonymous_id":"11111111-1111-4111-8111-111111111111"}`

// page is a request of a page, for the app whose id is given.
func (s standin) page(t *testing.T, app, path string, pairs ...string) *http.Request {
	t.Helper()
	form := url.Values{"app_id": {app}, "user_data": {someBrowser}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/messenger/web/"+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	return r
}

// status is that of the response to a request.
func status(t *testing.T, r *http.Request) int {
	t.Helper()
	response, err := fresh.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close() //nolint:errcheck // only the status counts
	return response.StatusCode
}

// events returns what a stream sends, until it ends.
func events(t *testing.T, r *http.Request) <-chan string {
	t.Helper()
	response, err := fresh.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", r.URL.Path, response.StatusCode)
	}
	all := make(chan string, 100)
	go func() {
		defer close(all)
		defer response.Body.Close() //nolint:errcheck // it was read to its end
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if event, is := strings.CutPrefix(lines.Text(), "data: "); is {
				all <- event
			}
		}
	}()
	return all
}

// hears waits for an event with a text, or without one when the text begins with an exclamation mark, or for the end.
func hears(t *testing.T, events <-chan string, text string) {
	t.Helper()
	text, without := strings.CutPrefix(text, "!")
	end := time.After(time.Minute)
	for {
		select {
		case event, is := <-events:
			if strings.Contains(event, text) != without {
				return
			}
			if !is {
				t.Fatalf("the stream ends before it says %q", text)
			}
		case <-end:
			t.Fatalf("the stream never says %q (or without: %v)", text, without)
		}
	}
}

// Open pages, of visitors and of the team, show what was put back, whatever they showed before.
func TestOpenPagesShowWhatWasPutBack(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	app := string(s.AppID)
	s.must(t, 200, "PUT", "/lobby/v1/settings", `{"messenger":true}`)
	link, err := s.Accounts.SetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.Accounts.SetUp(t.Context(), link, account.Credentials{Name: "Ada", Email: "ada@shop.example", Password: "a long password of a test"})
	if err != nil {
		t.Fatal(err)
	}
	status(t, s.page(t, app, "ping"))
	s.control(t, "snapshot", `{"name":"before"}`)
	team, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/pages/"+app+"/live/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	team.AddCookie(&http.Cookie{Name: "lobby-session", Value: session})
	visitor, onLive := events(t, s.page(t, app, "live")), events(t, team)
	hears(t, visitor, `"conversations":[]`)
	hears(t, onLive, "")
	for range 2 {
		if got := status(t, s.page(t, app, "reply", "message_id", "aaaaaaaa-0000-4000-8000-000000000001", "text", "Hello")); got != http.StatusOK {
			t.Fatalf("a reply: %d", got)
		}
		status(t, s.page(t, app, "ping", "deeds", `[{"url":"https://shop.example/prices","n":1}]`))
		hears(t, visitor, "Hello")
		hears(t, onLive, "shop.example/prices")
		s.control(t, "restore", `{"name":"before"}`)
		hears(t, visitor, "!Hello")
		hears(t, onLive, "!shop.example/prices")
	}
	status(t, s.page(t, app, "reply", "message_id", "aaaaaaaa-0000-4000-8000-000000000001", "text", "Hello"))
	hears(t, visitor, "Hello")
	s.control(t, "reset", "") // after which nobody is known, so that all streams end
	hears(t, visitor, "!Hello")
	hears(t, onLive, "!shop.example/prices")
}

// What the server knows of a page in memory goes with the data.
func TestAResetForgetsPages(t *testing.T) {
	t.Parallel()
	s := startStandin(t, "--rate-limit=600")
	made := s.control(t, "workspaces", `{"id":"second"}`)
	own := []string{"Authorization", "Bearer " + made.get("access_token").(string)}
	for range 2 {
		status(t, s.page(t, "second", "ping", "s", "page", "n", "5"))
		s.must(t, 200, "GET", "/visitors?user_id=11111111-1111-4111-8111-111111111111", "", own...)
		s.control(t, "reset", `{"workspace":"second"}`)
	}
	// The first workspace: page views that wait are not written into what was put back, and writers are counted anew.
	id := string(s.AppID)
	for range 2 {
		s.must(t, 200, "PUT", "/lobby/v1/settings", `{"messenger":true}`)
		status(t, s.page(t, id, "ping", "s", "page", "n", "5", "deeds", `[{"url":"https://shop.example/","n":1}]`))
		refused := false
		for n := 0; n < 40 && !refused; n++ {
			key := "aaaaaaaa-0000-4000-8000-0000000000" + string(rune('0'+n/10)) + string(rune('0'+n%10))
			got := status(t, s.page(t, id, "reply", "message_id", key, "text", "Hello"))
			if refused = got == http.StatusTooManyRequests; n == 0 && refused {
				t.Error("after a reset a writer is refused at once")
			}
		}
		if !refused {
			t.Error("a writer is never refused, so nothing is tested")
		}
		s.control(t, "reset", "")
		if err := s.FlushTraffic(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows, err := s.Store.Dump(t.Context(), s.AppID)
		if err != nil {
			t.Fatal(err)
		}
		if got := rows["page_views"]; len(got) > 0 {
			t.Errorf("after a reset there is %q", got)
		}
	}
}

// A use of a token that was noted before a reset is not written after it.
func TestAResetForgetsUsesOfTokens(t *testing.T) {
	t.Parallel()
	s := startStandin(t)
	made := s.control(t, "workspaces", `{"id":"second"}`)
	tokens := func() []string {
		t.Helper()
		rows, err := s.Store.Dump(t.Context(), "second")
		if err != nil {
			t.Fatal(err)
		}
		return rows["tokens"]
	}
	before := strings.Join(tokens(), "\n")
	s.must(t, 200, "GET", "/me", "", "Authorization", "Bearer "+made.get("access_token").(string))
	s.control(t, "reset", `{"workspace":"second"}`)
	s.must(t, 200, "GET", door+"mails", "") // which does all that is due
	if after := strings.Join(tokens(), "\n"); after != before {
		t.Errorf("the tokens are\n%s\nwant\n%s", after, before)
	}
}
