package api

import (
	"context"

	"lobby/internal/apidoc"
	"lobby/internal/apiversion"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// Route is what tests know of a route.
type Route struct {
	Method, Path string
	Since        apiversion.Version
	Scopes       []workspace.Scope
}

// Routes is the whole surface.
func Routes() []Route {
	var all []Route
	for _, r := range new(API).routes() {
		all = append(all, Route{r.method, r.path, r.since, r.scopes})
	}
	return all
}

// NewSince returns an API of one operation, GET /since, that begins with a version.
func NewSince(o Options, v apiversion.Version) *API {
	a := New(o)
	answer := func(*call) (encoder, error) { return wire.VisitorList{}, nil }
	a.router = newRouter([]route{{"GET", "/since", answer, v, reading}})
	return a
}

// Describe returns the description of a version.
func Describe(ctx context.Context, o Options, v apiversion.Version) (*apidoc.Document, error) {
	return apidoc.Describe(ctx, described{New(o), o.OpenExamples}, v)
}
