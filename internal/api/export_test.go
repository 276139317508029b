package api

import (
	"context"

	"lobby/internal/apiversion"
	"lobby/internal/openapi"
	"lobby/internal/people"
	"lobby/internal/wire"
)

// Route is what tests know of a route.
type Route struct {
	Method, Path string
	Since        apiversion.Version
	Scopes       []people.Scope
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

// Rehearsed plays the stories of the reference in a version, and answers what did not end as they say.
func Rehearsed(ctx context.Context, o Options, v apiversion.Version) ([]string, error) {
	played, err := New(o).rehearse(ctx, v)
	if err != nil {
		return nil, err
	}
	return played.unexpected, nil
}

// Described is the description of a version.
func Described(ctx context.Context, o Options, v apiversion.Version) (*openapi.Document, error) {
	return New(o).describe(ctx, v)
}
