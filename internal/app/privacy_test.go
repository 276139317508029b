package app_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// canaries are in every part of the requests below, and may be nowhere in the log and the metrics.
var canaries = []string{"canary", "203.0.113.77", "5ca1ab1e0ddba11c0ffee000", "127.0.0.1:"}

// failing is a store that fails, or panics, with an error that quotes what was sent.
type failing struct {
	people.Store
	how atomic.Value // of "", "error" and "panic"
}

func (s *failing) fail() error {
	const text = `ERROR: invalid input syntax for type bigint: "canary" (SQLSTATE 22P02), canary@example.com, 5ca1ab1e0ddba11c0ffee000`
	switch s.how.Load() {
	case "error":
		return errors.New(text)
	case "panic":
		panic(errors.New(text))
	}
	return nil
}

func (s *failing) Read(ctx context.Context, fn func(people.Reader) error) error {
	if err := s.fail(); err != nil {
		return err
	}
	return s.Store.Read(ctx, fn)
}

func (s *failing) Write(ctx context.Context, fn func(people.Writer) error) error {
	if err := s.fail(); err != nil {
		return err
	}
	return s.Store.Write(ctx, fn)
}

// canaryRequests are the paths, methods and bodies; each goes out with canaries in its headers and its query.
var canaryRequests = []struct{ method, path, body string }{
	{"GET", "/visitors?user_id=canary", ""},
	{"PUT", "/visitors", `{"user_id":"canary","name":"canary","email":"canary@example.com"}`},
	{"POST", "/contacts", `{"role":"user","email":"canary@example.com","canary":1}`},
	{"POST", "/contacts", `{"role":"canary"`},
	{"POST", "/contacts/search", `{"query":{"field":"canary","operator":"=","value":"canary"}}`},
	{"GET", "/contacts/5ca1ab1e0ddba11c0ffee000", ""},
	{"GET", "/contacts/find_by_external_id/canary", ""},
	{"PATCH", "/contacts/canary@example.com", "canary"},
	{"OPTIONS", "/contacts/canary", ""},
	{"CANARY", "/contacts/canary", ""},
	{"GET", "/contacts/canary%00", ""},
	{"GET", "/canary@example.com", ""},
	{"GET", "/canary/canary", ""},
	{"GET", "/lobby/v1/people/canary", ""},
	{"GET", "/docs?version=canary", ""},
	{"POST", "/livez/canary", "canary"},
	{"POST", "/messenger/web/ping", form("app_id", "shop", "user_data", `{"email":"canary@example.com","user_id":"canary"}`)},
	{"POST", "/messenger/web/ping", form("app_id", "shop", "user_data", `{"anonymous_id":"5ca1ab1e-0000-4000-8000-ca9a12000000","canary":"canary"}`)},
	{"POST", "/messenger/web/ping", form("app_id", "canary", "user_data", "canary")},
	{"POST", "/messenger/web/events", form("app_id", "shop", "user_data", `{"canary":`)},
	{"GET", "/messenger/web/ping?canary=canary", ""},
	{"POST", "/messenger/canary", "canary"},
	{"GET", "/widget/canary", ""},
	{"GET", "/widget/canary/canary", ""},
	{"GET", "/avatars/pseudonym/canary.png", ""},
	{"GET", "/demo?app_id=canary", ""},
	{"GET", "/demo/canary", ""},
}

func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

func TestNothingThatWasSentIsInTheLogOrTheMetrics(t *testing.T) {
	t.Parallel()
	s := serve(t, "--ephemeral", "--log-level=debug", "--max-body=64KiB")
	created, err := s.Lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	store := &failing{Store: s.Lobby.Store}
	store.how.Store("")
	s.Lobby.Store = store
	for _, how := range []string{"", "error", "panic"} {
		store.how.Store(how)
		worst := 0
		for _, c := range canaryRequests {
			for _, token := range []string{created.Token.Secret, "canary-token"} {
				worst = max(worst, s.sendCanary(t, c.method, c.path, c.body, token))
			}
		}
		if how != "" && worst != http.StatusInternalServerError {
			t.Errorf("%s: the worst status is %d", how, worst)
		}
	}
	store.how.Store("")
	for _, raw := range []string{
		"GET /canary% HTTP/1.1\r\nHost: canary\r\n\r\n",
		"canary\r\n\r\n",
		"GET /canary HTTP/1.1\r\nHost: canary\r\ncanary : canary\r\n\r\n",
		"POST /visitors HTTP/1.1\r\nHost: canary\r\nTransfer-Encoding: canary\r\n\r\n",
	} {
		s.sendRaw(t, raw)
	}
	metrics := s.get(t, "/metrics")
	s.ends(t, nil)

	log := s.log.String()
	for _, want := range []string{"request failed", "browser request failed", "panic", "(unknown)", "/contacts/{id}", "/messenger/web/ping"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log has no %s", want)
		}
	}
	for _, canary := range canaries {
		for name, text := range map[string]string{"log": log, "metrics": metrics} {
			for line := range strings.Lines(text) {
				if strings.Contains(strings.ToLower(line), canary) && !strings.Contains(line, `"msg":"ready"`) {
					t.Errorf("the %s has %s: %s", name, canary, line)
				}
			}
		}
	}
}

// sendCanary sends a request with canaries in its headers and returns the status.
func (s *serving) sendCanary(t *testing.T, method, path, body, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "canary.example.com"
	for name, value := range map[string]string{
		"Authorization": "Bearer " + token, "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Canary/1", "Referer": "https://canary.example.com/", "Cookie": "canary=canary",
		"Origin": "https://canary.example.com", "X-Forwarded-For": "203.0.113.77", "X-Request-Id": "canary", "Idempotency-Key": "canary",
	} {
		r.Header.Set(name, value)
	}
	if strings.HasPrefix(path, "/messenger/") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()               //nolint:errcheck // it is read to its end
	_, _ = io.Copy(io.Discard, response.Body) // what it says is the business of other tests
	return response.StatusCode
}

// sendRaw sends what is no HTTP and waits for the end.
func (s *serving) sendRaw(t *testing.T, text string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // nothing is read after
	if _, err := fmt.Fprint(conn, text); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, bufio.NewReader(conn)) // the server ends it
}
