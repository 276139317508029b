package httpserver

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	gzipHeader = http.Header{"Accept-Encoding": {"gzip"}}
	short      = `"` + strings.Repeat("s", worthwhile-3) + `"`
	long       = `"` + strings.Repeat("long", 25_000) + `"`
)

// writes answers with JSON, piece by piece.
func writes(pieces ...string) func(w http.ResponseWriter, r *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		for _, piece := range pieces {
			_, _ = io.WriteString(w, piece)
		}
	}
}

// declares is writes with Content-Length and status.
func declares(status int, body string) func(w http.ResponseWriter, r *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestOnlyLongJSONIsCompressed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handler func(w http.ResponseWriter, r *http.Request)
		status  int
		body    string
		zipped  bool
	}{
		"short":                     {writes(short), 200, short, false},
		"short, declared":           {declares(404, short), 404, short, false},
		"long":                      {writes(long), 200, long, true},
		"long, declared":            {declares(422, long), 422, long, true},
		"just long enough":          {writes(short + "\n"), 200, short + "\n", true},
		"long in short pieces":      {writes(short, short, "x"), 200, short + short + "x", true},
		"short in pieces":           {writes("[", "1", "]"), 200, "[1]", false},
		"empty":                     {func(http.ResponseWriter, *http.Request) {}, 200, "", false},
		"a status and nothing":      {failing(202).ServeHTTP, 202, "", false},
		"no content":                {failing(204).ServeHTTP, 204, "", false},
		"not modified":              {failing(304).ServeHTTP, 304, "", false},
		"not modified, declared":    {declares(304, long), 304, "", false},
		"long, but no JSON":         {func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, long) }, 200, long, false},
		"encoded by the handler":    {encoded("br", long), 200, long, false},
		"flushed before it is long": {flushes(short, long), 200, short + long, false},
		"flushed when long":         {flushes(long, short), 200, long + short, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, answering(c.handler))
			got, body := s.get(t, "/", gzipHeader)
			if zipped := got.Header.Get("Content-Encoding") == "gzip"; zipped != c.zipped {
				t.Fatalf("compressed: %v, want %v", zipped, c.zipped)
			}
			if c.zipped {
				body = unzipped(t, body)
			}
			if got.StatusCode != c.status || body != c.body {
				t.Errorf("%d with %d bytes, want %d with %d", got.StatusCode, len(body), c.status, len(c.body))
			}
			if vary := got.Header.Values("Vary"); len(vary) != 1 || vary[0] != "Accept-Encoding" {
				t.Errorf("Vary %q", vary)
			}

			plain, body := s.get(t, "/", nil)
			if plain.StatusCode != c.status || body != c.body {
				t.Errorf("to a client without gzip: %d with %d bytes", plain.StatusCode, len(body))
			}
			if plain.Header.Get("Content-Encoding") == "gzip" || len(plain.Header.Values("Vary")) != 1 {
				t.Errorf("to a client without gzip: %v", plain.Header)
			}
		})
	}
}

func TestShortAnswersKeepTheirLength(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]func(w http.ResponseWriter, r *http.Request){
		"declared": declares(200, short), "in one piece": writes(short), "in pieces": writes(short[:9], short[9:]),
	} {
		s := start(t, answering(handler))
		if got, _ := s.get(t, "/", gzipHeader); got.ContentLength != int64(len(short)) {
			t.Errorf("%s: Content-Length %d, want %d", name, got.ContentLength, len(short))
		}
	}
}

func TestHEADHasTheHeadersOfGETAndNoBody(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]func(w http.ResponseWriter, r *http.Request){
		"short": declares(200, short), "long": declares(200, long), "long, in pieces": writes(short, short),
		"not found": declares(404, short),
	} {
		s := start(t, answering(handler))
		want, _ := s.get(t, "/", gzipHeader)
		got, body := s.do(t, http.MethodHead, "/", gzipHeader)
		if body != "" {
			t.Errorf("%s: the body has %d bytes", name, len(body))
		}
		if got.StatusCode != want.StatusCode || got.ContentLength != want.ContentLength {
			t.Errorf("%s: %d with length %d, want %d with %d", name, got.StatusCode, got.ContentLength,
				want.StatusCode, want.ContentLength)
		}
		for _, field := range []string{"Content-Type", "Content-Encoding", "Vary", "Cache-Control"} {
			if got.Header.Get(field) != want.Header.Get(field) {
				t.Errorf("%s: %s %q, want %q", name, field, got.Header.Get(field), want.Header.Get(field))
			}
		}
	}
}

func TestHEADMayLeaveItsBodyOut(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(long)))
		w.WriteHeader(http.StatusOK)
	}))
	got, _ := s.do(t, http.MethodHead, "/", gzipHeader)
	if got.Header.Get("Content-Encoding") != "gzip" || got.Header.Get("Content-Length") != "" {
		t.Errorf("%v, want the header of a compressed body whose length nobody knows", got.Header)
	}
}

func TestAFlushReachesTheClientThroughTheCompression(t *testing.T) {
	t.Parallel()
	read := make(chan bool)
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		flushes(long)(w, r)
		select {
		case <-read:
		case <-time.After(time.Minute):
			t.Error("the client got nothing of what was flushed")
		}
	}))
	c := s.dial(t)
	c.send(t, http.MethodGet, "/", gzipHeader)
	answer, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(body, make([]byte, len(long))); err != nil {
		t.Error(err)
	}
	close(read)
}

func TestTheMessengerIsLeftToEncodeItself(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Fronts: fronts(named("api"), http.HandlerFunc(writes(long)))})
	got, body := s.get(t, "/widget/x.json", gzipHeader)
	if got.Header.Get("Content-Encoding") != "" || got.Header.Get("Vary") != "" || body != long {
		t.Errorf("%v with %d bytes, want it as written", got.Header, len(body))
	}
}

func TestAPanicBehindHeldBytesIsStillAnError(t *testing.T) {
	t.Parallel()
	s := start(t, answering(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"half":`)
		panic("the sky fell")
	}))
	if got, body := s.get(t, "/", gzipHeader); got.StatusCode != 500 || !strings.HasPrefix(body, `{"type":"error.list"`) {
		t.Errorf("%d %s, want 500 and nothing of what was held", got.StatusCode, body)
	}
	// The next one must not find the other's bytes.
	if _, body := start(t, answering(writes("[", "]"))).get(t, "/", gzipHeader); body != "[]" {
		t.Errorf("the next answer is %s", body)
	}
}

func TestTheLogCountsCompressedBytes(t *testing.T) {
	t.Parallel()
	s := start(t, answering(declares(200, long)))
	_, body := s.get(t, "/", gzipHeader)
	s.stop()
	<-s.ended
	if record := s.log.records(t, "request")[0]; record["bytes"] != float64(len(body)) {
		t.Errorf("%v bytes, want the %d that were sent", record["bytes"], len(body))
	}
}

func encoded(coding, body string) func(w http.ResponseWriter, r *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", coding)
		writes(body)(w, r)
	}
}

// flushes flushes after each piece, by both ways there are.
func flushes(pieces ...string) func(w http.ResponseWriter, r *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, piece := range pieces {
			writes(piece)(w, r)
			w.(http.Flusher).Flush()
			_ = http.NewResponseController(w).Flush()
		}
	}
}

func unzipped(t *testing.T, body string) string {
	t.Helper()
	reader, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}
