package httpserver

import (
	"cmp"
	"context"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	// headerTimeout is how long a client may take to send a header unless the options say otherwise.
	headerTimeout = 10 * time.Second
	maxHeader     = 64 << 10 // bytes
)

// newServer returns a server without a handler.
func (s *Server) newServer() *http.Server {
	return &http.Server{
		ReadHeaderTimeout: cmp.Or(s.timeouts.Header, headerTimeout),
		ReadTimeout:       s.timeouts.Read,
		WriteTimeout:      s.timeouts.Write,
		IdleTimeout:       s.timeouts.Idle,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(errorLog{s.log}, "", 0),
	}
}

// maxStreams is how many requests of one HTTP/2 connection are answered at once. A browser needs far fewer.
const maxStreams = 100

// serveOn serves a listener, with or without TLS. Over TLS what net/http refuses is refused in its own form: it looks at
// the type of a connection, so none may be around it.
func (s *Server) serveOn(server *http.Server, l net.Listener) error {
	if s.tls == nil {
		return server.Serve(refusalListener{l, s.ids})
	}
	server.TLSConfig, server.HTTP2 = s.tls, &http.HTTP2Config{MaxConcurrentStreams: maxStreams}
	return server.ServeTLS(l, "", "")
}

// stopping is how long each step of an orderly stop takes.
type stopping struct {
	// farewell is how long connections are still taken after /readyz has turned. Closing the listener resets whatever
	// waits in its queue; until then every answer carries "Connection: close", which sends busy clients elsewhere.
	farewell time.Duration
	// lastCall is how long connections already taken may still begin a request, for [http.Server.Shutdown] drops each
	// request whose header it has not read yet.
	lastCall time.Duration
	// after is time.After, except in tests.
	after func(time.Duration) <-chan time.Time
}

const lastCall = 100 * time.Millisecond

// Serve answers what comes to l until ctx ends, then stops and returns nil: /readyz is 503 at once, connections are
// still taken for the DrainDelay of [Timeouts] but none is kept, the listener closes, connections already taken may begin a request for
// another 100 ms, and whatever began has the Drain of [Timeouts] to end. The listener ending in any other way is an
// error. A server serves once.
//
// Two gaps are in the nature of TCP and HTTP/1.1: a connection that reaches the listener in the very instant it closes
// is reset, and so is one that was idle to the end and is used in that instant. Neither request was carried out.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := s.newServer()
	server.Handler = s.Handler()
	open := newConnections(s.limits, s.proxies)
	server.ConnState = open.observe
	if s.admin != nil {
		admin := s.newServer()
		defer admin.Close() //nolint:errcheck // what is cut off is a probe
		go s.serveAdmin(admin)
	}
	l = limited{l, open}
	ended := make(chan error, 1)
	go func() { ended <- s.serveOn(server, l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}

	began := time.Now()
	s.draining.Store(true)
	s.log.LogAttrs(ctx, slog.LevelInfo, "stopping", slog.Any("reason", context.Cause(ctx)), slog.Int64("in_flight", s.inFlight.Load()))
	select {
	case err := <-ended:
		return err
	case <-s.stopping.after(s.stopping.farewell):
	}
	_ = l.Close() // ends server.Serve, but no connection
	<-s.stopping.after(s.stopping.lastCall)
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timeouts.Drain)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		s.log.LogAttrs(limit, slog.LevelWarn, "requests were cut off", slog.Any("error", err), slog.Int64("in_flight", s.inFlight.Load()))
		_ = server.Close()
		return nil
	}
	s.log.LogAttrs(ctx, slog.LevelInfo, "drained", slog.Int64("ms", time.Since(began).Milliseconds()))
	return nil
}
