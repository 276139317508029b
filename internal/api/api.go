package api

import (
	"context"
	"log/slog"
	"net/http"

	"lobby/internal/apidoc"
	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/proxy"
	"lobby/internal/tally"
	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// Options is what the API needs.
type Options struct {
	Lobby    *people.Lobby
	Inbox    *inbox.Inbox
	Webhooks *webhook.Registry
	// Feed reads the change feed.
	Feed FeedReader
	// Stopping is closed when the server begins to stop, which ends streams; nil never is.
	Stopping <-chan struct{}
	// Proxies say at which URL a client reaches the server, which begins absolute links.
	Proxies proxy.Proxies
	// RateLimit is how many calls a token may make in a minute; 0 lifts the limit.
	RateLimit int
	// Board shares the counts of calls with other servers; nil counts those of this server alone.
	Board *tally.Board
	// OpenExamples opens an empty database in memory, on which the examples of the API's description are run. Without it
	// there is no description.
	OpenExamples func(context.Context) (Examples, error)
	// Handled is told what became of each request, before its response is written; nil is nobody.
	Handled func(Handled)
	// Strict refuses members and query parameters that the operation does not know.
	Strict bool
	Log    *slog.Logger
}

// FeedReader returns at most limit entries of a workspace's outbox after a cursor, in the shape of version v. base begins
// the URLs of pictures. Errors: those of [webhook.Entries].
type FeedReader = func(ctx context.Context, l *people.Lobby, ws workspace.ID, after int64, limit int, v apiversion.Version, base string) (wire.Feed, error)

// Examples are the use cases over one empty store, which belongs to the lobby and has to be closed.
type Examples struct {
	Lobby    *people.Lobby
	Inbox    *inbox.Inbox
	Webhooks webhook.Store
}

// API answers the public API.
type API struct {
	lobby    *people.Lobby
	inbox    *inbox.Inbox
	webhooks *webhook.Registry
	feed     FeedReader
	stopping <-chan struct{}
	streams  streams
	proxies  proxy.Proxies
	limits   *rateLimit
	tokens   *tokenCache
	docs     *apidoc.Handler // nil where there is no description
	handled  func(Handled)   // nil for nobody
	isStrict bool
	log      *slog.Logger
	router   *router
}

// New returns the API as one handler. It reads the request id from the X-Request-Id header of the response, which
// httpserver sets.
func New(o Options) *API {
	a := &API{
		lobby: o.Lobby, inbox: o.Inbox, webhooks: o.Webhooks, feed: o.Feed, stopping: o.Stopping, proxies: o.Proxies,
		limits: newRateLimit(o.RateLimit, o.Board, o.Lobby.Now), tokens: newTokenCache(o.Lobby), log: o.Log,
		handled: o.Handled, isStrict: o.Strict,
	}
	a.lobby.Watch(a.limits.watch)
	a.router = newRouter(a.routes())
	if o.OpenExamples != nil {
		a.docs = apidoc.NewHandler(described{a, o.OpenExamples})
	}
	return a
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{w: w, r: r, requestID: w.Header().Get("X-Request-Id"), isStrict: a.isStrict}
	if a.handled != nil || a.isStrict {
		c.reads = new(jsonio.Recorder)
	}
	if a.serveDescription(c) || a.serveUpload(c) {
		return
	}
	answer, err := a.answer(c)
	if err != nil {
		answer = a.refuse(c, err)
	}
	if a.handled != nil {
		a.handled(c.handled())
	}
	if !c.isStreamed {
		c.write(answer)
	}
}

// answer is the one adapter: route, authenticate, pick the version, call.
func (a *API) answer(c *call) (encoder, error) {
	route, err := a.router.match(c)
	if err != nil {
		return nil, a.refuseRoute(c, err)
	}
	if route == nil {
		return nil, nil // OPTIONS
	}
	c.r.Pattern = route.path // for the access log, which must not hold what stands in its place
	if err := a.authenticate(c); err != nil {
		return nil, err
	}
	if err := a.limit(c); err != nil {
		return nil, err
	}
	if !c.token.Allows(route.scopes...) {
		return nil, &scopeError{route.scopes[0]}
	}
	if err := c.pickVersion(); err != nil {
		return nil, err
	}
	if !c.version.AtLeast(route.since) {
		return nil, errNotInVersion
	}
	answer, err := route.handle(c)
	if err == nil {
		err = c.refuseUnheeded()
	}
	if err == nil {
		c.warn()
	}
	return answer, err
}

// refuseRoute returns why a request has no route. It counts, like any other, when there is a token to count it for.
func (a *API) refuseRoute(c *call, reason error) error {
	if a.authenticate(c) == nil {
		if err := a.limit(c); err != nil {
			return err
		}
	}
	return reason
}
