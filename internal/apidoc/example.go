package apidoc

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/reference"
)

// exampleRunner makes the requests of the reference in one version. Each chapter has a workspace of its own. The description
// of a route is made of what the runner observes, so that it cannot differ from what the route does.
type exampleRunner struct {
	sandbox  Sandbox
	version  apiversion.Version
	routes   map[string]Route // by method and path
	observed map[string]*routeObservations
	// unexpected has one line for each request with another result than in the reference.
	unexpected []string
}

// routeObservations is all that was observed of one route.
type routeObservations struct {
	query, body jsonio.Recorder
	// readsBody is set when a handler read the body, even if it read no member of it.
	readsBody bool
	responses []Response
	examples  []Example
}

// runExamples makes all requests of the reference that version v has.
func runExamples(ctx context.Context, api API, v apiversion.Version) (*exampleRunner, error) {
	sandbox, err := api.NewSandbox(ctx)
	if err != nil {
		return nil, err
	}
	defer sandbox.Close() //nolint:errcheck // nothing in it is kept
	r := &exampleRunner{sandbox: sandbox, version: v, routes: map[string]Route{}, observed: map[string]*routeObservations{}}
	for _, route := range api.Routes() {
		r.routes[route.Method+" "+route.Path] = route
	}
	for i, chapter := range reference.Chapters {
		token, err := sandbox.NewWorkspace(ctx, fmt.Sprintf("example%d", i+1), v)
		if err != nil {
			return nil, err
		}
		ids := []string{}
		for _, example := range chapter.Examples {
			id := r.run(ctx, token, example, strings.NewReplacer(ids...))
			if example.As != "" {
				ids = append(ids, "{"+example.As+"}", id)
			}
			sandbox.Advance(time.Minute)
		}
	}
	return r, nil
}

// run makes the request of an example and returns the id in the response. It does nothing when the version lacks the route.
func (r *exampleRunner) run(ctx context.Context, token string, example reference.Example, fill *strings.Replacer) (id string) {
	if !r.version.AtLeast(example.Since) {
		return ""
	}
	method, target, _ := strings.Cut(fill.Replace(example.Do), " ")
	body := fill.Replace(example.Body)
	request, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	if err != nil {
		r.unexpected = append(r.unexpected, example.Do+": "+err.Error())
		return ""
	}
	request.Header.Set("Authorization", "Bearer "+token)
	o := r.sandbox.Do(request)
	route, known := r.routes[o.Route]
	if !known {
		r.unexpected = append(r.unexpected, example.Do+": there is no such route")
		return ""
	}
	if !r.version.AtLeast(route.Since) {
		return ""
	}
	if o.ErrorCode != example.Refused {
		r.unexpected = append(r.unexpected, fmt.Sprintf("%s %s: %d %s", example.Do, example.Body, o.Status, o.Response))
	}
	all := r.observed[o.Route]
	if all == nil {
		all = new(routeObservations)
		r.observed[o.Route] = all
	}
	all.add(o)
	if example.Caption != "" {
		all.examples = append(all.examples, Example{
			Caption: example.Caption, Target: target, Body: []byte(body), Status: o.Status, Response: o.Response, Headers: describedHeaders(o.Header),
		})
	}
	return idIn(o.Response)
}

// add merges what was observed of one request.
func (all *routeObservations) add(o *Observed) {
	for _, m := range o.Query.Members {
		all.query.Add(m.Path, m.Kind)
	}
	if o.Body != nil {
		all.readsBody = true
		for _, m := range o.Body.Members {
			all.body.Add(m.Path, m.Kind)
		}
	}
	i := slices.IndexFunc(all.responses, func(r Response) bool { return r.Status == o.Status })
	if i < 0 {
		i = len(all.responses)
		all.responses = append(all.responses, Response{Status: o.Status})
	}
	response := &all.responses[i]
	if o.Shape != "" && !slices.Contains(response.Components, o.Shape) {
		response.Components = append(response.Components, o.Shape)
	}
	for _, header := range describedHeaders(o.Header) {
		name, _, _ := strings.Cut(header, ":")
		h := Header{Name: name, About: reference.Headers[name]}
		if !slices.Contains(response.Headers, h) {
			response.Headers = append(response.Headers, h)
		}
	}
}

// describedHeaders returns the headers that the reference describes, as "Name: value".
func describedHeaders(header http.Header) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(reference.Headers)) {
		if value := header.Get(name); value != "" {
			all = append(all, name+": "+value)
		}
	}
	return all
}

// idIn returns the id of the object in a response, or of the first object in a list; "" when there is none.
func idIn(response []byte) string {
	object, err := jsonio.Read(response)
	if err != nil {
		return ""
	}
	if all := object.Objects("data").Or(nil); len(all) > 0 {
		object = all[0]
	}
	return object.ID("id").Or("")
}
