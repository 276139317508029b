package api

import (
	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/wire"
)

// Route is what tests know of a route.
type Route struct {
	Method, Path string
	Scopes       []people.Scope
}

// Routes is the whole surface.
func Routes() []Route {
	var all []Route
	for _, r := range new(API).routes() {
		all = append(all, Route{r.method, r.path, r.scopes})
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
