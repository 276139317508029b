package api

import (
	"context"
	"log/slog"
	"net/http"

	"lobby/internal/apidoc"
	"lobby/internal/inbox"
	"lobby/internal/people"
)

// Options is what the API needs.
type Options struct {
	Lobby *people.Lobby
	Inbox *inbox.Inbox
	// PublicURL begins absolute links, without a slash at the end; empty takes scheme and host from each request.
	PublicURL string
	// RateLimit is how many calls a token may make in a minute; 0 lifts the limit.
	RateLimit int
	// OpenExamples opens an empty database in memory, on which the examples of the API's description are run. Without it
	// there is no description.
	OpenExamples func(context.Context) (*people.Lobby, *inbox.Inbox, error)
	Log          *slog.Logger
}

// API answers the public API.
type API struct {
	lobby     *people.Lobby
	inbox     *inbox.Inbox
	publicURL string
	limits    *rateLimit
	tokens    *tokenCache
	docs      *apidoc.Handler // nil where there is no description
	log       *slog.Logger
	router    *router
}

// New returns the API as one handler. It reads the request id from the X-Request-Id header of the response, which
// httpserver sets.
func New(o Options) *API {
	a := &API{
		lobby: o.Lobby, inbox: o.Inbox, publicURL: o.PublicURL, limits: newRateLimit(o.RateLimit, o.Lobby.Now), tokens: newTokenCache(o.Lobby), log: o.Log,
	}
	a.router = newRouter(a.routes())
	if o.OpenExamples != nil {
		a.docs = apidoc.NewHandler(described{a, o.OpenExamples})
	}
	return a
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{w: w, r: r, requestID: w.Header().Get("X-Request-Id")}
	if a.serveDescription(c) || a.serveUpload(c) {
		return
	}
	answer, err := a.answer(c)
	if err != nil {
		answer = a.refuse(c, err)
	}
	c.write(answer)
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
