package testkit_test

import (
	"net/http"
	"testing"
	"time"

	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestAnInstanceAnswersOnEveryDatabase(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]testkit.Option{
		"SQLite in memory": nil,
		"an SQLite file":   {testkit.OnFile()},
		"PostgreSQL":       {testkit.OnPostgres()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testkit.Start(t, options...)
			s.Clock.Pass(time.Minute)
			r := s.Do(t, "POST", "/lobby/v1/visitors", map[string]any{"name": "Ada"})
			if r.Status != http.StatusOK || r.Get("name") != "Ada" || r.Get("app_id") != string(s.Workspace) {
				t.Errorf("%d %s", r.Status, r.Text)
			}
			if want := float64(testkit.Began + 60); r.Get("created_at") != want {
				t.Errorf("created_at is %v, want %v by the clock of the instance", r.Get("created_at"), want)
			}
			for path, want := range map[string]int{"/livez": 200, "/readyz": 200, "/metrics": 200, "/demo": 200} {
				if r := s.Do(t, "GET", path, nil); r.Status != want {
					t.Errorf("GET %s: %d, want %d", path, r.Status, want)
				}
			}
		})
	}
}

func TestAClientHasItsOwnWorkspaceAndScopes(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t, testkit.PublicURL("https://lobby.example"), testkit.RateLimit(60))
	vera := s.Do(t, "POST", "/lobby/v1/visitors", "{}")
	path := "/visitors/" + vera.Get("id").(string)

	reader, stranger := s.NewToken(t, workspace.ReadUsers), s.NewWorkspace(t)
	for _, c := range []struct {
		client *testkit.Client
		method string
		want   int
	}{{reader, "GET", 200}, {reader, "DELETE", 403}, {stranger, "GET", 404}, {stranger, "DELETE", 404}, {s.Client, "DELETE", 200}} {
		if r := c.client.Do(t, c.method, path, nil); r.Status != c.want {
			t.Errorf("%s in %s: %d %s, want %d", c.method, c.client.Workspace, r.Status, r.Text, c.want)
		}
	}
	if r := s.Do(t, "GET", "/visitors", nil, "Authorization:"); r.Refusal() != "unauthorized: Access Token Invalid" {
		t.Errorf("without a token: %s", r.Text)
	}
	if limit := s.Do(t, "GET", "/visitors?id=x", nil).Header.Get("X-RateLimit-Limit"); limit != "10" {
		t.Errorf("60 calls a minute are %q in ten seconds", limit)
	}
}
