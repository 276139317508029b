package httpserver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/metrics"
)

func TestPathsGoToTheirFronts(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})

	for path, want := range map[string]string{
		"/":                       "api /",
		"/visitors/a%2Fb?x=1":     "api /visitors/a%2Fb",
		"/visitors//x/../y/":      "api /visitors/x/../y/",
		"/widget":                 "api /widget",
		"/demography":             "api /demography",
		"/widget%2Fabc":           "api /widget%2Fabc",
		"/widget/abc.js":          "messenger /widget/abc.js",
		"/widget//a/../b%2Fc":     "messenger /widget/a/../b%2Fc",
		"/messenger/web/ping":     "messenger /messenger/web/ping",
		"/avatars/1.png":          "messenger /avatars/1.png",
		"/demo":                   "messenger /demo",
		"/demo/":                  "messenger /demo/",
		"/livez":                  "ok",
		"/livez/":                 "api /livez/",
		"http://elsewhere/admins": "api /admins",
		"http://elsewhere/livez":  "ok",
	} {
		if _, body := s.get(t, path, nil); body != want {
			t.Errorf("%s is answered by %q, want %q", path, body, want)
		}
	}
}

func TestProbesAreOnlyRead(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})

	for _, path := range []string{"/livez", "/readyz", "/metrics"} {
		if got, body := s.do(t, http.MethodHead, path, nil); got.StatusCode != 200 || body != "" {
			t.Errorf("HEAD %s: %d %q, want 200 without a body", path, got.StatusCode, body)
		}
		if _, body := s.do(t, http.MethodPost, path, nil); body != "api "+path {
			t.Errorf("POST %s is answered by %q, want the API", path, body)
		}
	}
}

func TestReadinessIsWhatTheOwnerSays(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	s := start(t, Options{Ready: func(ctx context.Context) error {
		if _, limited := ctx.Deadline(); !limited {
			t.Error("the question has no time limit")
		}
		if full.Load() {
			return errors.New("the disk is full")
		}
		return nil
	}})

	if got, body := s.get(t, "/readyz", nil); got.StatusCode != 200 || body != "ok" {
		t.Errorf("ready: %d %q", got.StatusCode, body)
	}
	full.Store(true)
	if got, body := s.get(t, "/readyz", nil); got.StatusCode != 503 || strings.Contains(body, "disk") {
		t.Errorf("not ready: %d %q, want 503 without the reason", got.StatusCode, body)
	}
	if !strings.Contains(s.log.String(), "the disk is full") {
		t.Error("the log lacks the reason")
	}
	if got, _ := s.get(t, "/livez", nil); got.StatusCode != 200 {
		t.Errorf("alive though not ready: %d", got.StatusCode)
	}
}

func TestRequestsAreMeasuredByFront(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Fronts: fronts(failing(http.StatusTeapot), named("messenger"))})
	s.get(t, "/visitors", nil)
	s.get(t, "/demo", nil)
	s.get(t, "/livez", nil)

	_, page := s.get(t, "/metrics", nil)
	for _, line := range []string{
		`lobby_http_requests_total{code="418",front="api",method="GET"} 1`,
		`lobby_http_requests_total{code="200",front="messenger",method="GET"} 1`,
		`lobby_http_requests_total{code="200",front="probes",method="GET"} 1`,
		`lobby_http_requests_in_flight 1`, // the one that asks
	} {
		if !strings.Contains(page, line) {
			t.Errorf("the page lacks %s", line)
		}
	}
}

// running is a server that serves until the end of the test or the call of stop.
type running struct {
	*Server
	address string
	log     *logged
	stop    func()
	ended   chan error
}

func start(t *testing.T, o Options) *running {
	t.Helper()
	s := prepare(t, o)
	s.listen(t)
	return s
}

// prepare makes a server with a log, metrics and, where the options have none, fronts and limits. It stops without ceremony.
func prepare(t *testing.T, o Options) *running {
	t.Helper()
	s := &running{log: new(logged), ended: make(chan error, 1)}
	o.Metrics = metrics.New("test")
	o.Log = slog.New(slog.NewJSONHandler(s.log, nil))
	if o.Fronts == nil {
		o.Fronts = fronts(named("api"), named("messenger"))
	}
	if o.MaxBody == 0 {
		o.MaxBody = 1 << 20
	}
	if o.Timeouts.Drain == 0 {
		o.Timeouts.Drain = 10 * time.Second
	}
	s.Server = New(o)
	s.stopping = stopping{after: time.After}
	return s
}

func (s *running) listen(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() {
		s.ended <- s.Serve(ctx, listener)
		close(s.ended)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-s.ended; err != nil {
			t.Errorf("serving ended with %v", err)
		}
	})
}

func (s *running) get(t *testing.T, target string, header http.Header) (*http.Response, string) {
	t.Helper()
	return s.do(t, http.MethodGet, target, header)
}

// do sends one request on a connection of its own, with the target exactly as it is, and decodes nothing.
func (s *running) do(t *testing.T, method, target string, header http.Header) (*http.Response, string) {
	t.Helper()
	c := s.dial(t)
	c.send(t, method, target, header)
	return c.receive(t, method)
}

// connection is the client's end of one.
type connection struct {
	net.Conn
	answers *bufio.Reader
}

func (s *running) dial(t *testing.T) *connection {
	t.Helper()
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &connection{conn, bufio.NewReader(conn)}
}

func (c *connection) send(t *testing.T, method, target string, header http.Header) {
	t.Helper()
	var request bytes.Buffer
	fmt.Fprintf(&request, "%s %s HTTP/1.1\r\nHost: lobby\r\n", method, target)
	_ = header.Write(&request)
	request.WriteString("\r\n")
	if _, err := c.Write(request.Bytes()); err != nil {
		t.Fatal(err)
	}
}

func (c *connection) receive(t *testing.T, method string) (*http.Response, string) {
	t.Helper()
	answer, err := http.ReadResponse(c.answers, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// logged is the log of a server, one JSON object a line.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// records returns the records with a message, oldest first.
func (l *logged) records(t *testing.T, message string) (found []map[string]any) {
	t.Helper()
	for line := range strings.Lines(l.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		if record["msg"] == message {
			found = append(found, record)
		}
	}
	return found
}

// named answers with a name and the escaped path it was asked for.
func named(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, name+" "+r.URL.EscapedPath())
	})
}

func failing(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })
}

func answering(handle func(w http.ResponseWriter, r *http.Request)) Options {
	return Options{Fronts: fronts(http.HandlerFunc(handle), named("messenger"))}
}

// fronts are two as Lobby has them: one for whatever is nobody else's, one for paths of its own.
func fronts(api, messenger http.Handler) []Front {
	prefixes := []string{"/messenger/", "/widget/", "/avatars/", "/demo", "/demo/"}
	return []Front{{Name: "api", Handler: api}, {Name: "messenger", Prefixes: prefixes, Handler: messenger, Plain: true}}
}
