package app_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lobby/internal/account"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// page opens the live page of a workspace on a server, with a session, and returns the lines of its stream.
func (s *serving) page(ctx context.Context, t *testing.T, ws workspace.ID, session string) *bufio.Scanner {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/pages/"+string(ws)+"/live/stream", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "lobby-session", Value: session})
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the stream was answered %s", res.Status)
	}
	return bufio.NewScanner(res.Body)
}

// visit has a browser open a page of a site, and tell a server of it.
func (s *serving) visit(t *testing.T, ws workspace.ID, n int, page string) {
	t.Helper()
	form := url.Values{
		"app_id": {string(ws)}, "s": {visitorID}, "user_data": {`{"anonymous_id":"` + visitorID + `"}`}, "deeds": {fmt.Sprintf(`[{"n":%d,"url":%q}]`, n, page)},
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/messenger/web/ping", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close() //nolint:errcheck // nothing is read
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the ping was answered %s", res.Status)
	}
}

// A page view is written within a quarter of a second, and other servers look each second. Without that it would come with the
// look-around of an open page, each ten seconds. On a busy machine one of several visits must be faster than half of them.
func TestAVisitorIsOnTheLivePageOfAnotherServer(t *testing.T) {
	t.Parallel()
	dsn := testkit.MigratedPostgres(t)
	a, b := serve(t, "--database="+dsn), serve(t, "--database="+dsn)
	ctx, cancel := context.WithCancel(t.Context())
	all, _, err := a.Lobby.FirstWorkspace(ctx, workspace.Draft{ID: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	ws := all[0].ID
	link, err := a.Accounts.Invite(ctx, workspace.Caller{Workspace: ws}, account.Invitation{Email: "ada@shop.example", Role: account.Owner})
	if err != nil {
		t.Fatal(err)
	}
	session, err := a.Accounts.UseLink(ctx, link)
	if err != nil {
		t.Fatal(err)
	}
	lines := b.page(ctx, t, ws, session)
	hears := func(text string) (took time.Duration) {
		t.Helper()
		for begin := time.Now(); lines.Scan(); {
			if event, is := strings.CutPrefix(lines.Text(), "data: "); is && strings.Contains(event, text) {
				return time.Since(begin)
			}
		}
		t.Fatalf("%q does not come: %v", text, lines.Err())
		return 0
	}
	hears("Nobody is there")
	isPrompt := false
	for n := 1; n <= 8 && !isPrompt; n++ { // the first may come just before a look-around
		page := fmt.Sprintf("shop.example/%d", n)
		a.visit(t, ws, n, "https://"+page)
		isPrompt = hears(page) < 5*time.Second && n > 1
	}
	if !isPrompt {
		t.Error("visits come with the look-around of an open page only")
	}
	cancel()
	a.ends(t, nil)
	b.ends(t, nil)
}
