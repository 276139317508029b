// Package messenger is what a browser talks to: the script that pages load as Intercom's, its pings, the
// pictures of pseudonyms, and a page to try it all.
// httpserver mounts it; it turns what pages say, unsigned or proven, into use cases of people.
// It must not know the public API, its JSON, or how anything is kept.
package messenger

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"lobby/internal/enrich"
	"lobby/internal/people"
)

// Prefixes are the paths that [New]'s handler is for: one that ends with a slash stands for every path below it, any
// other for itself alone.
var Prefixes = []string{"/messenger/", "/widget/", "/avatars/", "/demo", "/demo/"}

// Options are what the browser side needs.
type Options struct {
	Lobby *people.Lobby
	// PublicURL is where browsers reach this server, without a slash at the end. When it is empty they are told the host
	// that they asked for.
	PublicURL string
	// Places tells where addresses are; nil knows nothing of any.
	Places *enrich.Places
	// TrustedProxies are the networks of those who may say for whom they ask, and where that is.
	TrustedProxies []netip.Prefix
	// Unlimited lets any crowd in: for tests and measurements.
	Unlimited bool
	// MaxInFlight is how many requests of pages are worked on at once; 0 is 4.
	MaxInFlight int
	Log         *slog.Logger
}

type messenger struct {
	lobby      *people.Lobby
	publicURL  string
	places     *enrich.Places
	proxies    proxies
	gate       *gate
	cookieless cookieless
	log        *slog.Logger
	workspaces *memory[people.WorkspaceID, *people.Workspace]
	scripts    *memory[string, *script] // by their first lines
	zones      *memory[string, bool]
	sessions   *memory[sessionKey, *session]
}

// New makes the handler of all paths of [Prefixes]. It reads the id of a request from the answer's
// X-Request-Id header, which the server around it has set.
func New(o Options) http.Handler {
	m := &messenger{
		lobby: o.Lobby, publicURL: o.PublicURL, places: o.Places, proxies: o.TrustedProxies, gate: newGate(o.Unlimited, o.MaxInFlight), log: o.Log,
		workspaces: newMemory[people.WorkspaceID, *people.Workspace](time.Second, 1024),
		scripts:    newMemory[string, *script](time.Hour, 1024),
		zones:      newMemory[string, bool](time.Hour, 1024),
		sessions:   newMemory[sessionKey, *session](time.Hour, 1<<16),
	}
	web := http.NewServeMux()
	for path, handle := range map[string]endpoint{
		"/messenger/web/ping": m.ping, "/messenger/web/events": m.events, "/messenger/web/page_view_events": m.pageViews,
		"/messenger/web/opt_out": m.optOut,
	} {
		web.Handle("POST "+path, m.answer(m.guarded(handle)))
		web.HandleFunc("OPTIONS "+path, preflight)
		web.Handle(path, m.answer(wrongMethod))
	}
	web.Handle("/", m.answer(wrongPath))

	mux := http.NewServeMux()
	mux.Handle("/messenger/", crossOrigin(web))
	mux.HandleFunc("GET /widget/{app}", m.widget)
	mux.HandleFunc("GET /widget/{app}/form.js", form)
	mux.HandleFunc("GET /avatars/pseudonym/{picture}", picture)
	mux.HandleFunc("GET /demo", m.demo)
	mux.HandleFunc("GET /demo/demo.css", demoFile)
	mux.HandleFunc("GET /demo/demo.js", demoFile)
	return mux
}
