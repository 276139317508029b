package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"lobby/internal/apidoc"
	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/proxy"
	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// described is the API as package apidoc describes it.
type described struct {
	api  *API
	open func(context.Context) (Examples, error)
}

// Routes implements [apidoc.API].
func (d described) Routes() (all []apidoc.Route) {
	for _, r := range d.api.router.routes {
		route := apidoc.Route{Method: r.method, Path: r.path, Since: r.since}
		for _, scope := range r.scopes {
			route.Scopes = append(route.Scopes, string(scope))
		}
		all = append(all, route)
	}
	return all
}

// Samples implements [apidoc.API].
func (described) Samples(v apiversion.Version) (all []apidoc.Sample) {
	for _, s := range wire.Samples(v) {
		all = append(all, apidoc.Sample{Shape: wire.Name(s), JSON: s.AppendJSON(nil)})
	}
	return all
}

// Refusals implements [apidoc.API].
func (described) Refusals() (all []apidoc.Refusal) {
	for _, r := range refusals {
		all = append(all, apidoc.Refusal{Status: r.status, Code: r.code, Message: r.message})
	}
	return all
}

// ShapeNames implements [apidoc.API].
func (described) ShapeNames() apidoc.ShapeNames {
	return apidoc.ShapeNames{Error: wire.Name(wire.Error{}), Query: wire.Name((*wire.Query)(nil))}
}

// NewSandbox implements [apidoc.API]. Clock, ids and secrets are the same in all sandboxes.
func (d described) NewSandbox(ctx context.Context) (apidoc.Sandbox, error) {
	examples, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	lobby := examples.Lobby
	s := &sandbox{store: lobby.Store, now: time.Unix(1_700_000_000, 0)}
	lobby.Pseudonym = d.api.lobby.Pseudonym
	made := 0
	lobby.Now = func() time.Time { return s.now }
	lobby.NewID = func(at time.Time) string { made++; return fmt.Sprintf("%08x%016x", at.Unix(), made) }
	lobby.NewEntryID = lobby.NewID
	lobby.NewUUID = func() string { made++; return fmt.Sprintf("00000000-0000-4000-8000-%012x", made) }
	lobby.Secret = func(n int) string { made++; return fmt.Sprintf("%0*x", n, made) }
	hooks := &webhook.Registry{Registry: lobby.Registry, Store: examples.Webhooks}
	s.api = New(Options{
		Lobby: lobby, Inbox: examples.Inbox, Webhooks: hooks, Feed: d.feed,
		Proxies: proxy.Proxies{PublicURL: "https://lobby.example.com"}, Log: slog.New(slog.DiscardHandler),
	})
	return s, nil
}

// feed is the feed of a sandbox, where nothing works in the background.
func (d described) feed(ctx context.Context, l *people.Lobby, ws workspace.ID, after int64, limit int, v apiversion.Version, base string) (wire.Feed, error) {
	if _, err := l.StampOutbox(ctx, "example"); err != nil {
		return wire.Feed{}, err
	}
	return d.api.feed(ctx, l, ws, after, limit, v, base)
}

// sandbox is an API on an empty store.
type sandbox struct {
	store people.Store
	api   *API
	now   time.Time
}

// NewWorkspace implements [apidoc.Sandbox].
func (s *sandbox) NewWorkspace(ctx context.Context, id string, v apiversion.Version) (string, error) {
	ws, err := s.api.lobby.CreateWorkspace(ctx, workspace.Draft{ID: workspace.ID(id), APIVersion: v.String()})
	if err != nil {
		return "", err
	}
	return ws.Token.Secret, nil
}

// Do implements [apidoc.Sandbox].
func (s *sandbox) Do(r *http.Request) *apidoc.Observed {
	o := &apidoc.Observed{Status: http.StatusOK, Header: http.Header{}}
	c := &call{w: observedWriter{o}, r: r, requestID: "the-id-of-the-request", observed: o}
	response, err := s.api.answer(c)
	if err != nil {
		refused := s.api.refuse(c, err)
		o.ErrorCode = refused.(wire.Error).Code
		response = refused
	}
	c.write(response)
	if r.Pattern != "" {
		o.Route = r.Method + " " + r.Pattern
	}
	if len(o.Response) > 0 {
		o.Shape = wire.Name(response)
	}
	return o
}

// Advance implements [apidoc.Sandbox].
func (s *sandbox) Advance(d time.Duration) { s.now = s.now.Add(d) }

// Close implements [apidoc.Sandbox].
func (s *sandbox) Close() error { return s.store.Close() }

// observedWriter keeps the response in what is observed of the request.
type observedWriter struct{ *apidoc.Observed }

func (w observedWriter) Header() http.Header { return w.Observed.Header }

func (w observedWriter) WriteHeader(status int) { w.Status = status }

func (w observedWriter) Write(b []byte) (int, error) {
	w.Response = append(w.Response, b...)
	return len(b), nil
}

// serveDescription serves a request for the API's description. It reports whether the request was one.
func (a *API) serveDescription(c *call) bool {
	if a.docs == nil || !a.docs.Has(c.r.URL.Path) {
		return false
	}
	c.r.Pattern = c.r.URL.Path // for the access log
	err := errMethod
	if c.r.Method == http.MethodGet || c.r.Method == http.MethodHead {
		err = a.docs.Serve(c.w, c.r, a.base(c))
	} else {
		c.w.Header().Set("Allow", "GET, HEAD")
	}
	if err != nil {
		c.write(a.refuse(c, err))
	}
	return true
}
