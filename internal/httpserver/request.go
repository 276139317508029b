package httpserver

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"lobby/internal/metrics"
)

// Handler returns everything the server does to a request, for any listener. Behind it, handlers find the request's id
// in the header of their answer, as X-Request-Id.
func (s *Server) Handler() http.Handler { return s.handler(s.front) }

// handler is Handler with another choice of the front.
func (s *Server) handler(choose func(*http.Request) *front) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, choose) })
}

var (
	nosniff = []string{"nosniff"}
	closing = []string{"close"}
)

func (s *Server) serve(w http.ResponseWriter, r *http.Request, choose func(*http.Request) *front) {
	start := time.Now()
	s.metrics.Started()
	s.inFlight.Add(1)
	defer s.inFlight.Add(-1)
	s.noticeProxy(r, start)
	singleSlashes(r.URL)
	front, id, method := choose(r), s.ids.next(), r.Method

	header := w.Header()
	header["X-Request-Id"] = []string{id}
	header["X-Content-Type-Options"] = nosniff
	if front.caching != nil {
		header["Cache-Control"] = front.caching
	}
	if s.draining.Load() || len(r.TransferEncoding) > 0 {
		// A chunked request may also have had a Content-Length, which net/http drops. RFC 9112, 6.1, wants the connection
		// closed then: a proxy that believed the length would take the rest for a request of its own.
		header["Connection"] = closing
	}
	if r.Body != http.NoBody {
		// With the writer itself, not ours around it, net/http also closes the connection of a body too long.
		r.Body = http.MaxBytesReader(w, r.Body, s.maxBody)
	}

	a := &answer{ResponseWriter: w}
	complete := s.run(front, a, r, id)
	took := time.Since(start)
	status := a.outcome(complete)
	if status >= http.StatusInternalServerError && r.Context().Err() != nil {
		status = statusClosed // nobody is there to be told, and nothing is wrong with the server
	}
	s.metrics.Observe(front.Name, method, status, took)
	if method == http.MethodHead {
		a.bytes = 0 // what a front writes as body of such an answer stays here
	}
	s.logAccess(r.Context(), start.Add(took), took, metrics.MethodLabel(method), shownPath(r), id, status, a.bytes)
	if !complete {
		panic(http.ErrAbortHandler)
	}
}

// noticeProxy logs that a proxy was not named, since all of its clients then are one. It names the network only.
func (s *Server) noticeProxy(r *http.Request, now time.Time) {
	if network, is := s.unnamed.Unnamed(s.proxies, r, now); is {
		s.log.LogAttrs(r.Context(), slog.LevelWarn, "requests come through a proxy that --trusted-proxies does not name: "+
			"all of its clients share one address and its limits, and links may have the wrong scheme or host",
			slog.String("network", network.String()))
	}
}

// run calls the front and reports whether its answer is complete. It is not after a panic that came too late for an
// error, and only a connection that breaks tells the client so.
func (s *Server) run(f *front, a *answer, r *http.Request, id string) (complete bool) {
	defer func() {
		failure := recover()
		if failure == nil || failure == http.ErrAbortHandler {
			return
		}
		s.log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("panic", shownPanic(failure)),
			slog.String("request_id", id), slog.String("stack", string(debug.Stack())))
		if a.status == 0 {
			writeServerError(a, id)
			complete = true
		}
	}()
	f.Handler.ServeHTTP(a, r)
	return true
}

// writeServerError answers 500 in the form of the public API's errors, whatever headers the handler has left behind.
// Those about who may read the answer stay, or a browser would hide it from its page.
func writeServerError(w http.ResponseWriter, id string) {
	body := errorList(id, "server_error", "Something went wrong on our side")
	header := w.Header()
	for _, name := range [...]string{"Content-Encoding", "Etag", "Last-Modified"} {
		header.Del(name)
	}
	header["Cache-Control"] = noCache
	header.Set("Content-Type", "application/json; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write([]byte(body))
}

// unknownPath is what the log says of a path that no front knows. Any part of such a path may be about somebody.
const unknownPath = "(unknown)"

// shownPath is what the log says of a request's path: the pattern that its front knows it by, since the path itself may
// hold whose data was asked for.
func shownPath(r *http.Request) string {
	if i := strings.IndexByte(r.Pattern, '/'); i >= 0 {
		return r.Pattern[i:]
	}
	return unknownPath
}

// shownPanic is what the log says of the value of a panic: the text of an error of Go's runtime, and of everything else
// the type only, since the text may quote what was sent. The stack says where it happened.
func shownPanic(value any) string {
	if failure, ok := value.(runtime.Error); ok {
		return failure.Error()
	}
	return fmt.Sprintf("%T", value)
}

// logAccess writes the record of a request. It has no source line: finding out that it is always this one would cost
// more than the rest of the record.
func (s *Server) logAccess(
	ctx context.Context, now time.Time, took time.Duration, method, path, id string, status int, bytes int64,
) {
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	if !s.log.Enabled(ctx, level) {
		return
	}
	record := slog.NewRecord(now, level, "request", 0)
	record.AddAttrs(
		slog.String("method", method),
		slog.String("path", path),
		slog.Int("status", status),
		slog.Int64("bytes", bytes),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.String("request_id", id),
	)
	_ = s.log.Handler().Handle(ctx, record)
}
