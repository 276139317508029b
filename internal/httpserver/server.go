// Package httpserver makes one HTTP server out of the fronts: it sends each request to its front and adds what all of
// them need, from request ids and limits to the access log and an orderly stop. cmd/lobby and testkit make one and run
// it. It must not know what a front answers, any rule about people, or where they are kept.
package httpserver

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"lobby/internal/metrics"
	"lobby/internal/proxy"
)

// Options are what a server is made of. Unless said otherwise, all are required.
type Options struct {
	// Fronts handle all requests but those of the probes. One of them must have no prefixes.
	Fronts []Front
	// Ready says by an error why requests had better not come here now; it has two seconds. nil is always ready.
	Ready func(context.Context) error
	// Metrics records every request, and /metrics shows it.
	Metrics *metrics.Metrics
	// Log gets one record a request, without query, body or address, and the stack of every panic.
	Log *slog.Logger
	// MaxBody is the longest request body in bytes. Reading on gives an [http.MaxBytesError].
	MaxBody int64
	// Timeouts are for [Server.Serve]; zero ones never end.
	Timeouts Timeouts
	// Limits are for [Server.Serve].
	Limits Limits
	// Proxies are those in front of the server, which stand for many clients.
	Proxies proxy.Proxies
	// TLS is for [Server.Serve]; nil serves plain HTTP. The listener of Admin always does.
	TLS *tls.Config
	// Admin serves the probes and the metrics, which the listener of [Server.Serve] then does not; nil leaves them there.
	Admin net.Listener
}

// Timeouts are how long clients and requests may take.
type Timeouts struct {
	// Header is the time in which a client must have sent a header; 0 is ten seconds.
	Header time.Duration
	// Read is the time in which a client must have sent a request, Write the time in which the request must be answered
	// and the answer taken.
	Read, Write time.Duration
	// Idle is how long a client may leave a connection unused.
	Idle time.Duration
	// Drain is how long requests that began may take to end when the server stops.
	Drain time.Duration
	// DrainDelay is how long connections are still taken when the server stops, after /readyz has turned.
	DrainDelay time.Duration
}

// Front is one of the handlers behind the server. The package that makes the handler also says which paths are its own.
type Front struct {
	// Name is the front's name in the metrics.
	Name string
	// Prefixes are the paths that the front handles: one that ends with a slash stands for every path below it, any other
	// for itself alone. A front without prefixes handles what belongs to no other.
	Prefixes []string
	Handler  http.Handler
	// Plain leaves compression and caching to the handler. Without it, long JSON is compressed for clients that accept
	// it, and Cache-Control is "no-cache" unless the handler sets it.
	Plain bool
}

// Server serves all fronts on one address.
type Server struct {
	fronts       []front // those with prefixes
	rest, probes front

	ready    func(context.Context) error
	metrics  *metrics.Metrics
	log      *slog.Logger
	maxBody  int64
	timeouts Timeouts
	limits   Limits
	proxies  proxy.Proxies
	tls      *tls.Config  // nil for plain HTTP
	admin    net.Listener // nil when the probes are with the rest

	ids      *idSource
	draining atomic.Bool
	inFlight atomic.Int64
	stopping stopping
	unnamed  proxy.Notice
}

// front is a [Front] as requests meet it.
type front struct {
	Front
	caching []string // its Cache-Control unless it sets one, nil for none
}

// noCache is shared by all answers: a header's values are replaced or appended to, never changed in place.
var noCache = []string{"no-cache"}

// New returns a server that is ready to serve.
func New(o Options) *Server {
	s := &Server{
		ready:    o.Ready,
		metrics:  o.Metrics,
		log:      o.Log,
		maxBody:  o.MaxBody,
		timeouts: o.Timeouts,
		limits:   o.Limits,
		proxies:  o.Proxies,
		tls:      o.TLS,
		admin:    o.Admin,
		ids:      newIDSource(),
		stopping: stopping{farewell: o.Timeouts.DrainDelay, lastCall: lastCall, after: time.After},
	}
	for _, given := range o.Fronts {
		f := front{Front: given}
		if !f.Plain {
			f.Handler, f.caching = compress(f.Handler), noCache
		}
		if len(f.Prefixes) == 0 {
			s.rest = f
		} else {
			s.fronts = append(s.fronts, f)
		}
	}
	s.probes = front{Front{Name: "probes", Handler: s.probeHandler()}, noCache}
	return s
}

// front returns the front that handles a request. It looks at the path as it was sent: a slash that came escaped
// separates nothing, and the router behind must find it still escaped. Probes with another method than GET and HEAD are
// left to the front without prefixes, which refuses them in the form its clients know.
func (s *Server) front(r *http.Request) *front {
	path := r.URL.RawPath
	if path == "" {
		path = r.URL.Path
	}
	if s.admin == nil && isProbe(r) {
		return &s.probes
	}
	for i := range s.fronts {
		if s.fronts[i].handles(path) {
			return &s.fronts[i]
		}
	}
	return &s.rest
}

func (f *front) handles(path string) bool {
	for _, prefix := range f.Prefixes {
		if path == prefix || strings.HasSuffix(prefix, "/") && strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}
