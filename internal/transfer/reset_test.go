package transfer_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// browse leaves what no export has: what is known of pages that are open, and how far somebody walked through a list.
func browse(t *testing.T, s *testkit.Instance, client *testkit.Client, session string) {
	t.Helper()
	c := caller{client, t}
	c.do("PUT", "/lobby/v1/settings", object{"messenger": true})
	c.do("GET", "/companies/scroll", nil)
	post := func(path string, pairs ...string) {
		t.Helper()
		form := url.Values{"app_id": {string(client.Workspace)}, "s": {session}, "n": {"1"}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, client.URL+"/messenger/web/"+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s, %v", path, response.StatusCode, text, err)
		}
	}
	const browser = `{"anonymous_id":"bbbbbbbb-0000-4000-8000-000000000001"}`
	post("ping", "user_data", browser, "deeds", `[{"url":"https://shop.example/","n":1}]`)
	post("ping", "user_data", browser, "n", "2", "u", "1")
	post("reply", "user_data", browser, "message_id", "aaaaaaaa-0000-4000-8000-000000000001", "text", "Hello")
	_, err := s.Lobby.DailySalt(t.Context(), client.Workspace, workspace.DayOf(s.Clock.Now()))
	if err = errors.Join(err, s.App.FlushTraffic(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// Whatever a workspace has, putting back an image leaves nothing of it, in whichever tables there are.
func TestAnImageSweepsEveryTable(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		s := testkit.Start(t, on)
		other := s.NewWorkspace(t)
		furnish(t, s, other)
		beside, before := allOf(t, s.Store, other), allOf(t, s.Store, s.Client)
		alone, err := s.Store.WorkspaceImage(t.Context(), s.Workspace)
		if err != nil {
			t.Fatal(err)
		}
		images := map[string]func(context.Context) error{"workspace": alone}
		if s.Store.Kind() == "memory" {
			if images["whole"], err = s.Store.Image(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for name, putBack := range images {
			furnish(t, s, s.Client)
			browse(t, s, s.Client, name)
			for table, rows := range allOf(t, s.Store, s.Client) {
				if len(rows) == 0 {
					t.Errorf("nothing of %s can be swept: neither furnish nor browse makes any", table)
				}
			}
			if err := putBack(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, allOf(t, s.Store, s.Client)); diff != "" {
				t.Errorf("%s: the tables have something else:\n%s", name, diff)
			}
			if diff := cmp.Diff(beside, allOf(t, s.Store, other)); diff != "" {
				t.Errorf("%s: those of another workspace have something else:\n%s", name, diff)
			}
		}
	})
}

// allOf returns all rows of a workspace.
func allOf(t *testing.T, store *sqlstore.Store, of *testkit.Client) map[string][]string {
	t.Helper()
	if err := store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := store.Dump(t.Context(), of.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
