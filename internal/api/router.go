package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"

	"lobby/internal/workspace"
)

// routeContexts are what chi finds routes with. Only match has them.
var routeContexts = sync.Pool{New: func() any { return chi.NewRouteContext() }}

// methods are those that some route of any API may have.
var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// router finds the route of a request. It is chi's tree without its handlers: the adapter calls the handler itself.
type router struct {
	tree   chi.Routes
	routes map[string]*route // by method and pattern
}

func newRouter(all []route) *router {
	tree := chi.NewMux()
	r := &router{tree: tree, routes: make(map[string]*route, len(all))}
	for i := range all {
		tree.Method(all[i].method, all[i].path, http.NotFoundHandler())
		r.routes[all[i].method+" "+all[i].path] = &all[i]
	}
	return r
}

// match returns the request's route and leaves its parameters on the call. HEAD is answered as GET. One slash at the end
// is as good as none, except where a GET reads a collection and, with an id behind
// the slash, one of its members: then the id was empty, and whoever asked for one record must not get all. OPTIONS on a known path answers no route and no error, with the Allow header set.
func (r *router) match(c *call) (*route, error) {
	sent := c.r.URL.EscapedPath()
	path := sent
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	method := c.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if path != sent && method == http.MethodGet && c.r.URL.RawQuery == "" && r.hasMembers(path) {
		return nil, errNoSuchPath
	}
	found := routeContexts.Get().(*chi.Context)
	defer routeContexts.Put(found)
	found.Reset()
	if pattern := r.tree.Find(found, method, path); pattern != "" {
		for i, key := range found.URLParams.Keys {
			value, err := url.PathUnescape(found.URLParams.Values[i])
			if err != nil || !workspace.IsText(value) {
				return nil, errNoSuchPath
			}
			c.params = append(c.params, param{key, value})
		}
		return r.routes[method+" "+pattern], nil
	}
	var allowed []string
	for _, other := range methods {
		if pattern := r.tree.Find(chi.NewRouteContext(), other, path); pattern != "" {
			allowed = append(allowed, other)
			c.r.Pattern = pattern // for the access log
		}
	}
	if len(allowed) == 0 {
		return nil, errNoSuchPath
	}
	if slices.Contains(allowed, "GET") {
		allowed = append(allowed, "HEAD")
	}
	c.w.Header().Set("Allow", strings.Join(append(allowed, "OPTIONS"), ", "))
	if c.r.Method == http.MethodOptions {
		return nil, nil
	}
	return nil, errMethod
}

// IsRead reports whether a request is for an operation that reads people or conversations, and does nothing else.
func (a *API) IsRead(r *http.Request) bool {
	pattern := a.router.tree.Find(chi.NewRouteContext(), r.Method, r.URL.Path)
	found := a.router.routes[r.Method+" "+pattern]
	return found != nil && (slices.Equal(found.scopes, reading) || slices.Equal(found.scopes, readingWords))
}

// hasMembers reports whether a path is that of a collection whose members are read by an id behind it.
func (r *router) hasMembers(path string) bool {
	found := chi.NewRouteContext()
	pattern := r.tree.Find(found, http.MethodGet, path+"/0")
	_, isCollection := r.routes[http.MethodGet+" "+pattern[:max(strings.LastIndexByte(pattern, '/'), 0)]]
	return isCollection && strings.HasSuffix(pattern, "}")
}
