// Package messenger serves browsers: the script that pages load in place of Intercom's, its pings, the pictures of
// pseudonyms, and a demo page.
// httpserver mounts it. It parses what pages tell, unsigned or proven, and hands it to the use cases of people.
// It must not know the public API, its JSON, or how anything is stored.
package messenger

import (
	"log/slog"
	"net/http"
	"time"

	"lobby/internal/cache"
	"lobby/internal/enrich"
	"lobby/internal/inbox"
	"lobby/internal/live"
	"lobby/internal/people"
	"lobby/internal/proxy"
	"lobby/internal/tally"
	"lobby/internal/traffic"
	"lobby/internal/visit"
	"lobby/internal/workspace"
	"lobby/web"
)

// Prefixes are the paths that [New]'s handler is for: one that ends with a slash stands for every path below it, any
// other for itself alone.
var Prefixes = []string{"/messenger/", "/widget/", "/avatars/", "/demo", "/demo/"}

// Options are what the browser side needs.
type Options struct {
	Lobby *people.Lobby
	// Inbox has the conversations, and Persons returns the reader of persons in the same view as one of conversations. HTML
	// returns a text, in which markup means nothing, as safe HTML. All three are needed where a workspace has the setting
	// messenger.
	Inbox   *inbox.Inbox
	Persons func(inbox.Reader) people.Reader
	HTML    func(text string) string
	// Hub wakes the pages that show conversations; nil leaves them to ask again and again.
	Hub *live.Hub
	// Record takes what is seen of persons on pages; nil records nothing.
	Record func(*traffic.View)
	// Proxies say at which URL browsers reach the server, for which client a proxy asks, and which may say where it is.
	Proxies proxy.Proxies
	// Places finds out where addresses are; nil finds none.
	Places *enrich.Places
	// Unlimited turns the rate limits off, for tests and measurements.
	Unlimited bool
	// Board shares the counts of requests with other servers; nil counts those of this server alone.
	Board *tally.Board
	// MaxInFlight is how many requests of pages are worked on at once; 0 is 4.
	MaxInFlight int
	Log         *slog.Logger
}

type messenger struct {
	lobby      *people.Lobby
	visits     visit.Visits
	inbox      *inbox.Inbox
	persons    func(inbox.Reader) people.Reader
	html       func(string) string
	hub        *live.Hub
	record     func(*traffic.View)
	proxies    proxy.Proxies
	places     *enrich.Places
	limiter    *rateLimiter
	cookieless cookieless
	log        *slog.Logger
	// The caches are filled by strangers, so their keys are digests, and their values have a size of their own.
	workspaces *cache.Cache[cache.Digest, *workspace.Workspace]
	scripts    *cache.Cache[cache.Digest, *script] // by their first lines
	sessions   *cache.Cache[cache.Digest, *session]
}

// New makes the handler of all paths of [Prefixes]. It reads the id of a request from the response header X-Request-Id,
// which the server around it has set.
func New(o Options) http.Handler { return newMessenger(o).handler() }

func newMessenger(o Options) *messenger {
	return &messenger{
		lobby: o.Lobby, visits: visit.Visits{Lobby: o.Lobby}, proxies: o.Proxies, places: o.Places, limiter: newRateLimiter(o.Unlimited, o.MaxInFlight, o.Board, o.Lobby.Now), log: o.Log,
		inbox: o.Inbox, persons: o.Persons, html: o.HTML, hub: o.Hub, record: o.Record,
		cookieless: cookieless{load: o.Lobby.DailySalt},
		workspaces: cache.New[cache.Digest, *workspace.Workspace](time.Second, 1024),
		scripts:    cache.New[cache.Digest, *script](time.Hour, maxScripts),
		sessions:   cache.New[cache.Digest, *session](time.Hour, 1<<16),
	}
}

// forget drops what is known of a workspace that was written, and everything when all were replaced, which has no id.
func (m *messenger) forget(id workspace.ID) {
	m.sessions.Clear() // the database has them, too
	m.cookieless.forget()
	if id != "" {
		m.workspaces.Forget(cache.DigestOf(string(id)))
		return
	}
	m.workspaces.Clear()
	m.scripts.Clear()
	m.limiter.forget()
}

func (m *messenger) handler() http.Handler {
	m.lobby.Watch(m.forget)
	calls := http.NewServeMux()
	for path, handle := range map[string]endpoint{
		"/messenger/web/ping": m.limited(m.ping), "/messenger/web/events": m.limited(m.events),
		"/messenger/web/page_view_events": m.limited(m.pageViews), "/messenger/web/opt_out": m.limited(m.optOut),
		"/messenger/web/conversations": m.limited(m.listConversations), "/messenger/web/conversation": m.limited(m.readConversation),
		"/messenger/web/reply": m.limited(m.sendWords), "/messenger/web/read": m.limited(m.markRead), "/messenger/web/live": m.admitted(m.stream),
	} {
		calls.Handle("POST "+path, m.serve(handle))
		calls.HandleFunc("OPTIONS "+path, preflight)
		calls.Handle(path, m.serve(only("POST, OPTIONS")))
	}
	calls.Handle("/", m.serve(wrongPath))

	mux := http.NewServeMux()
	mux.Handle("/messenger/", crossOrigin(calls))
	for path, handle := range map[string]http.Handler{
		"/widget/{app}": public(m.serve(m.widget)), "/widget/{app}/form.js": public(m.serve(module(web.Form))),
		"/widget/{app}/thread.js":      public(m.serve(module(web.Thread))),
		"/avatars/pseudonym/{picture}": public(m.serve(picture)),
		"/demo":                        m.serve(m.demo), "/demo/demo.css": m.serve(demoFile), "/demo/demo.js": m.serve(demoFile),
	} {
		mux.Handle("GET "+path, whole(handle))
		mux.Handle(path, m.serve(only("GET, HEAD")))
	}
	mux.Handle("/", m.serve(wrongPath))
	return mux
}
