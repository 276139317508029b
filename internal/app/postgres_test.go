package app_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// ask makes a request with the token and returns the response without its body.
func (s *serving) ask(ctx context.Context, method, path, body string) (*http.Response, error) {
	answer, err := s.send(ctx, method, path, body)
	if err == nil {
		answer.Body.Close()
	}
	return answer, err
}

// becomes waits until a request has a status, which it returns the response with.
func (s *serving) becomes(t *testing.T, want int, method, path, body string) *http.Response {
	t.Helper()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		answer, err := s.ask(t.Context(), method, path, body)
		if err == nil && answer.StatusCode == want {
			return answer
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("%s %s is not %d: %v %v", method, path, want, answer, err)
		}
	}
}

func TestAServerThatOnlyReadsIsReadFrom(t *testing.T) {
	t.Parallel()
	postgres := testkit.PostgresServer(t)
	s := serveTogether(t, 1, "--database", postgres.DSN())[0]
	v, err := s.Lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: "pool"}, &people.Person{})
	if err != nil {
		t.Fatal(err)
	}
	update := `{"id":"` + v.ID + `","name":"Ada"}`
	s.becomes(t, 200, "GET", "/readyz", "")

	postgres.Set(t, "default_transaction_read_only", "on")
	s.becomes(t, 503, "GET", "/readyz", "")
	if answer, err := s.ask(t.Context(), "PUT", "/visitors", update); err != nil || answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" {
		t.Errorf("a write: %v %v, want 503 with Retry-After", answer, err)
	}
	if answer, err := s.ask(t.Context(), "GET", "/visitors/"+v.ID, ""); err != nil || answer.StatusCode != 200 {
		t.Errorf("a read: %v %v, want 200", answer, err)
	}
	postgres.Set(t, "default_transaction_read_only", "off")
	s.becomes(t, 200, "GET", "/readyz", "")
	s.becomes(t, 200, "PUT", "/visitors", update)

	postgres.Stop(t)
	if answer := s.becomes(t, 503, "GET", "/visitors/"+v.ID, ""); answer.Header.Get("Retry-After") == "" {
		t.Error("a read without a database has no Retry-After")
	}
	s.becomes(t, 503, "GET", "/readyz", "")
	postgres.Restart(t)
	s.becomes(t, 200, "GET", "/readyz", "")
	s.becomes(t, 200, "PUT", "/visitors", update)
}

// A client that leaves is no failure of the server, and costs no connection.
func TestAClientThatLeavesCostsNoConnectionAndNoError(t *testing.T) {
	t.Parallel()
	postgres := testkit.PostgresServer(t)
	s := serveTogether(t, 1, "--database", postgres.DSN(), "--postgres-pool=1")[0]
	const connections = "SELECT string_agg(pid::text, ' ' ORDER BY pid) FROM pg_stat_activity WHERE application_name = 'lobby'"
	s.becomes(t, 200, "GET", "/contacts", "")
	var before, after string
	postgres.Query(t, connections, &before)

	for _, r := range []struct{ method, path, body string }{
		{"POST", "/contacts", `{"email":"a@example.com"}`}, {"GET", "/visitors?user_id=nobody", ""}, {"GET", "/contacts", ""},
	} {
		thaw := postgres.Freeze(t)
		ctx, leave := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if _, err := s.ask(ctx, r.method, r.path, r.body); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a request to a frozen database: %v", err)
		}
		leave()
		thaw()
		s.becomes(t, 200, "GET", "/contacts", "")
		postgres.Query(t, connections, &after)
		if before != after {
			t.Errorf("%s %s: the connections were %s, and are %s", r.method, r.path, before, after)
		}
	}
	if log := s.log.String(); strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("the log has errors:\n%s", log)
	}
}
