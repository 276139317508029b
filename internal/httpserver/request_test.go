package httpserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"lobby/internal/proxy"
)

func TestAClientThatLeftIsNoFailure(t *testing.T) {
	t.Parallel()
	entered, answered := make(chan bool), make(chan bool)
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		entered <- true
		<-r.Context().Done()
		w.WriteHeader(http.StatusServiceUnavailable)
		close(answered)
	}))
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() { <-entered; leave() }()
	if _, err := http.DefaultClient.Do(r); !errors.Is(err, context.Canceled) {
		t.Errorf("the request: %v", err)
	}
	<-answered
	for len(s.log.records(t, "request")) == 0 { // which is written after the handler
		time.Sleep(time.Millisecond)
	}
	if record := s.log.records(t, "request")[0]; record["status"] != 499.0 || record["level"] != "INFO" {
		t.Errorf("the log says %v, want 499 at the level INFO", record)
	}
}

func TestEveryAnswerHasAFreshRequestIDThatHandlersCanRead(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, w.Header().Get("X-Request-Id"))
	}))

	seen := map[string]bool{"forged": true}
	for range 3 {
		got, body := s.get(t, "/", http.Header{"X-Request-Id": {"forged"}})
		id := got.Header.Get("X-Request-Id")
		if seen[id] || len(got.Header["X-Request-Id"]) != 1 {
			t.Errorf("ids %q, want one new id", got.Header["X-Request-Id"])
		}
		if body != id {
			t.Errorf("the handler reads %q, the client %q", body, id)
		}
		seen[id] = true
	}
	for _, path := range []string{"/livez", "/metrics", "/demo"} {
		if got, _ := s.get(t, path, nil); got.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no id", path)
		}
	}
}

func TestAnswersSayHowTheyMayBeKeptAndRead(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/kept" {
			w.Header().Set("Cache-Control", "max-age=60")
		}
	}))

	for path, want := range map[string]string{"/": "no-cache", "/kept": "max-age=60", "/livez": "no-cache", "/demo": ""} {
		got, _ := s.get(t, path, nil)
		if caching := got.Header.Get("Cache-Control"); caching != want {
			t.Errorf("%s: Cache-Control %q, want %q", path, caching, want)
		}
		if sniffing := got.Header.Get("X-Content-Type-Options"); sniffing != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options %q", path, sniffing)
		}
		if server, ok := got.Header["Server"]; ok {
			t.Errorf("%s: Server %q", path, server)
		}
	}
}

func TestAHandlerThatAddsToAHeaderDoesNotReachOtherAnswers(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		w.Header().Add("Cache-Control", "private")
	}))

	for range 2 {
		got, _ := s.get(t, "/", nil)
		if vary, caching := len(got.Header["Vary"]), len(got.Header["Cache-Control"]); vary != 2 || caching != 2 {
			t.Errorf("%d values of Vary and %d of Cache-Control, want 2 each", vary, caching)
		}
	}
}

func TestAPanicBecomesAnErrorOfTheAPIAndIsLoggedOnceWithItsStack(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "7")
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		panic("the sky fell")
	}))

	got, body := s.get(t, "/visitors", nil)
	id := got.Header.Get("X-Request-Id")
	want := `{"type":"error.list","request_id":"` + id +
		`","errors":[{"code":"server_error","message":"Something went wrong on our side"}]}`
	if got.StatusCode != 500 || body != want {
		t.Errorf("%d %s, want 500 %s", got.StatusCode, body, want)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json; charset=utf-8", "Content-Length": fmt.Sprint(len(want)), "Etag": "",
		"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*",
	} {
		if value := got.Header.Get(name); value != want {
			t.Errorf("%s %q, want %q", name, value, want)
		}
	}
	panics := s.log.records(t, "panic")
	if len(panics) != 1 || panics[0]["panic"] != "string" || panics[0]["request_id"] != id ||
		!strings.Contains(fmt.Sprint(panics[0]["stack"]), "TestAPanicBecomes") {
		t.Errorf("logged: %v", panics)
	}
	if strings.Contains(s.log.String(), "the sky fell") {
		t.Error("the text of a panic is logged, which may quote what was sent")
	}
}

func TestAPanicThatComesTooLateBreaksTheConnection(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "half an ans")
		_ = http.NewResponseController(w).Flush()
		panic("the sky fell")
	}))

	c := s.dial(t)
	c.send(t, http.MethodGet, "/", nil)
	got, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(got.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q, %v, want that the client sees it is not whole", body, err)
	}
	if n := len(s.log.records(t, "panic")); n != 1 {
		t.Errorf("logged %d times, want once", n)
	}
}

func TestAHandlerMayAbortWithoutAWord(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }))

	c := s.dial(t)
	c.send(t, http.MethodGet, "/", nil)
	if _, err := http.ReadResponse(c.answers, nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v, want a connection closed without an answer", err)
	}
	if strings.Contains(s.log.String(), "panic") {
		t.Errorf("logged as a panic: %s", s.log)
	}
	if record := s.log.records(t, "request")[0]; record["status"] != 499.0 || record["level"] != "INFO" {
		t.Errorf("the request is logged as %v", record)
	}
}

func TestABodyThatIsTooLongEndsWithAnErrorAndTheConnection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ limit, length, read int64 }{
		{limit: 0, length: 1 << 20, read: 1 << 20},
		{limit: 0, length: 1<<20 + 1, read: 1 << 20},
		{limit: 10, length: 10, read: 10},
		{limit: 10, length: 11, read: 10},
	} {
		o := answering(func(w http.ResponseWriter, r *http.Request) {
			n, err := io.Copy(io.Discard, r.Body)
			var tooLong *http.MaxBytesError
			fmt.Fprint(w, n, errors.As(err, &tooLong))
		})
		o.MaxBody = c.limit
		s := start(t, o)
		body := strings.NewReader(strings.Repeat("x", int(c.length)))
		got, err := http.Post("http://"+s.address, "text/plain", body)
		if err != nil {
			t.Fatal(err)
		}
		read, _ := io.ReadAll(got.Body)
		got.Body.Close()
		tooLong := c.read < c.length
		if want := fmt.Sprint(c.read, tooLong); string(read) != want || got.Close != tooLong {
			t.Errorf("limit %d, %d bytes sent: read %s, closed %v, want %s, closed %v",
				c.limit, c.length, read, got.Close, want, tooLong)
		}
	}
}

func TestTheAccessLogHasOneRecordARequestWithoutPersonalData(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/visitors":
			r.Pattern = "/visitors"
		case "/broken":
			r.Pattern = "GET /broken"
			w.WriteHeader(http.StatusBadGateway)
		case "/contacts/find_by_external_id/ada@example.com":
			r.Pattern = "GET /contacts/find_by_external_id/{external_id}"
		}
		fmt.Fprint(w, "answer")
	}))
	secrets := http.Header{"Authorization": {"Bearer t0ken"}, "X-Forwarded-For": {"203.0.113.9"}}
	first, _ := s.get(t, "/visitors?email=ada@example.com", secrets)
	s.do(t, http.MethodHead, "/broken", nil)
	s.get(t, "/contacts/find_by_external_id/ada@example.com", nil)
	s.get(t, "/users/ada@example.com", nil)
	s.do(t, "ADA", "/ada@example.com", nil)

	records := s.log.records(t, "request")
	if len(records) != 5 {
		t.Fatalf("%d records, want 5: %s", len(records), s.log)
	}
	took, _ := records[0]["ms"].(float64)
	if took <= 0 || took > 5000 {
		t.Errorf("took %v ms", records[0]["ms"])
	}
	for i, want := range []map[string]any{
		{"level": "INFO", "method": "GET", "path": "/visitors", "status": 200.0, "bytes": 6.0},
		{"level": "ERROR", "method": "HEAD", "path": "/broken", "status": 502.0, "bytes": 0.0},
		{"path": "/contacts/find_by_external_id/{external_id}"},
		{"path": "(unknown)"},
		{"path": "(unknown)", "method": "other"},
	} {
		for name, value := range want {
			if records[i][name] != value {
				t.Errorf("record %d: %s is %v, want %v", i, name, records[i][name], value)
			}
		}
	}
	if id := first.Header.Get("X-Request-Id"); records[0]["request_id"] != id {
		t.Errorf("id %v, want %s", records[0]["request_id"], id)
	}
	for _, secret := range []string{"ada", "ADA", "t0ken", "203.0.113.9", "127.0.0.1", "answer"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestInformationalAnswersDoNotCount(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusAccepted)
	}))

	c := s.dial(t)
	c.send(t, http.MethodGet, "/", nil)
	if hint, _ := c.receive(t, http.MethodGet); hint.StatusCode != 103 {
		t.Errorf("first %d, want 103", hint.StatusCode)
	}
	if got, _ := c.receive(t, http.MethodGet); got.StatusCode != 202 {
		t.Errorf("then %d, want 202", got.StatusCode)
	}
	if record := s.log.records(t, "request")[0]; record["status"] != 202.0 {
		t.Errorf("logged as %v, want 202", record["status"])
	}
}

func TestAProxyThatNobodyNamedIsToldOnce(t *testing.T) {
	t.Parallel()
	const told = "a proxy that --trusted-proxies does not name"
	for name, c := range map[string]struct {
		proxies proxy.Proxies
		header  string
		want    int
	}{
		"unnamed": {proxy.Proxies{}, "X-Forwarded-For", 1},
		"named":   {proxy.Proxies{Trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, "X-Forwarded-For", 0},
		"none":    {proxy.Proxies{}, "X-Something", 0},
	} {
		s := start(t, Options{Proxies: c.proxies})
		for range 3 {
			s.get(t, "/visitors", http.Header{c.header: {"198.51.100.1"}})
		}
		log := s.log.String()
		if got := strings.Count(log, told); got != c.want {
			t.Errorf("%s: told %d times, want %d: %s", name, got, c.want, log)
		}
		if strings.Contains(log, "198.51.100.1") || strings.Contains(log, "127.0.0.1") {
			t.Errorf("%s: the log has an address: %s", name, log)
		}
	}
}
