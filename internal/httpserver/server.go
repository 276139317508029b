// Package httpserver makes one HTTP server out of the fronts: it sends each request to its front and adds what all of
// them need, from request ids and limits to the access log and an orderly stop. cmd/lobby and testkit make one and run
// it. It must not know what a front answers, any rule about people, or where they are kept.
package httpserver

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"

	"lobby/internal/metrics"
)

// DefaultMaxBody is the longest request body, in bytes, when [Options] names none.
const DefaultMaxBody = 1 << 20

// Options are what a server is made of. Unless said otherwise, all are required.
type Options struct {
	// API answers every request that is nobody else's. Its JSON is compressed for clients that accept it.
	API http.Handler
	// Messenger serves the paths that [FrontOf] gives it, and compresses and caches as it likes.
	Messenger http.Handler
	// Ready says by an error why requests had better not come here now; it has two seconds. nil is always ready.
	Ready func(context.Context) error
	// Metrics records every request, and /metrics shows it.
	Metrics *metrics.Metrics
	// Log gets one record a request, without query, body or address, and the stack of every panic.
	Log *slog.Logger
	// MaxBody is the longest request body in bytes; 0 is [DefaultMaxBody]. Reading on gives an [http.MaxBytesError].
	MaxBody int64
}

// Server serves all fronts on one address.
type Server struct {
	api, messenger, probes front

	ready   func(context.Context) error
	metrics *metrics.Metrics
	log     *slog.Logger
	maxBody int64

	ids      *idSource
	draining atomic.Bool
	stopping stopping
}

// front is one of the handlers behind the server.
type front struct {
	name    string // in the metrics
	handler http.Handler
	caching []string // its Cache-Control unless it sets one, nil for none
}

// noCache is shared by all answers: a header's values are replaced or appended to, never changed in place.
var noCache = []string{"no-cache"}

// New returns a server that is ready to serve.
func New(o Options) *Server {
	s := &Server{
		api:       front{APIFront, compress(o.API), noCache},
		messenger: front{MessengerFront, o.Messenger, nil},
		ready:     o.Ready,
		metrics:   o.Metrics,
		log:       o.Log,
		maxBody:   o.MaxBody,
		ids:       newIDSource(),
		stopping:  orderly,
	}
	s.probes = front{ProbesFront, s.probeHandler(), noCache}
	if s.maxBody == 0 {
		s.maxBody = DefaultMaxBody
	}
	return s
}

// front returns the front that serves a request. It looks at the path as it was sent: a slash that came escaped separates
// nothing, and the router behind must find it still escaped. Probes with another method than GET and HEAD are left to
// the API, which refuses them in the form its clients know.
func (s *Server) front(r *http.Request) *front {
	path := r.URL.RawPath
	if path == "" {
		path = r.URL.Path
	}
	switch FrontOf(path) {
	case ProbesFront:
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return &s.probes
		}
	case MessengerFront:
		return &s.messenger
	}
	return &s.api
}

// The fronts, by the names that logs and metrics have for them.
const (
	APIFront       = "api"
	MessengerFront = "messenger"
	ProbesFront    = "probes"
)

// FrontOf returns the front that a path belongs to. What is nobody else's is the API's.
func FrontOf(path string) string {
	switch path {
	case "/livez", "/readyz", "/metrics":
		return ProbesFront
	case "/demo":
		return MessengerFront
	}
	for _, prefix := range [...]string{"/messenger/", "/widget/", "/avatars/", "/demo/"} {
		if strings.HasPrefix(path, prefix) {
			return MessengerFront
		}
	}
	return APIFront
}
