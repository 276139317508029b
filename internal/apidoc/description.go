package apidoc

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/reference"
)

// Describe returns the description of an API in version v.
func Describe(ctx context.Context, api API, v apiversion.Version) (*Document, error) {
	run, err := runExamples(ctx, api, v)
	if err != nil {
		return nil, err
	}
	shapes := api.ShapeNames()
	d := &Document{
		Title: "Lobby", Version: v.String(), VersionHeader: "Intercom-Version", About: reference.About,
		Refusal: shapes.Error, Refusals: api.Refusals(), Unexpected: run.unexpected,
	}
	for _, version := range slices.Backward(apiversion.All()) {
		d.Versions = append(d.Versions, version.String())
	}
	if d.Components, err = components(api.Samples(v)); err != nil {
		return nil, err
	}
	for i := range reference.Chapters {
		about := &reference.Chapters[i]
		chapter := Chapter{Name: about.Name, About: about.About}
		for j := range about.Operations {
			about := &about.Operations[j]
			if route, known := run.routes[about.Route]; known && v.AtLeast(route.Since) {
				observed := cmp.Or(run.observed[about.Route], new(routeObservations))
				chapter.Operations = append(chapter.Operations, observed.operation(route, about, shapes))
			}
		}
		d.Chapters = append(d.Chapters, chapter)
	}
	return d, nil
}

// components returns the schemas of the samples' shapes, sorted by name.
func components(samples []Sample) ([]Component, error) {
	byShape := map[string][][]byte{}
	for _, s := range samples {
		byShape[s.Shape] = append(byShape[s.Shape], s.JSON)
	}
	var all []Component
	for _, name := range slices.Sorted(maps.Keys(byShape)) {
		schema, err := Infer(byShape[name]...)
		if err != nil {
			return nil, err
		}
		all = append(all, Component{Name: name, Schema: schema})
	}
	Share(all)
	for _, c := range all {
		c.Schema.Description = reference.Shape(c.Name)
		c.Schema.Walk(func(path string, member *Schema) {
			member.Describe(reference.Member(c.Name, path))
		})
	}
	return all, nil
}

// operation returns the description of a route, made of the reference and of what was observed.
func (all *routeObservations) operation(route Route, about *reference.Operation, names ShapeNames) Operation {
	o := Operation{
		Method: route.Method, Path: route.Path, Summary: about.Summary, About: about.About, Scopes: route.Scopes,
		Responses: all.responses, Examples: all.examples,
	}
	if route.Since > apiversion.V2_0 {
		o.Since = route.Since.String()
	}
	var shapes []string
	slices.SortStableFunc(o.Responses, func(a, b Response) int { return a.Status - b.Status })
	for _, r := range o.Responses {
		if r.Status < 400 {
			shapes = append(shapes, r.Components...)
		}
	}
	description := func(path string) string { return about.Member(path, shapes) }
	for part := range strings.SplitSeq(route.Path, "/") {
		if name, is := strings.CutPrefix(part, "{"); is {
			p := Parameter{Name: strings.TrimSuffix(name, "}"), InPath: true, Schema: &Schema{Types: []string{"string"}}}
			p.Schema.Describe(description(p.Name))
			o.Parameters = append(o.Parameters, p)
		}
	}
	for _, m := range all.query.Members {
		p := Parameter{Name: m.Path, Schema: requestSchema(m.Kind, names)}
		p.Schema.Describe(description(m.Path))
		o.Parameters = append(o.Parameters, p)
	}
	if all.readsBody {
		o.Body = bodySchema(&all.body, strings.Fields(about.Needs), names)
		o.Body.Walk(func(path string, member *Schema) { member.Describe(description(path)) })
	}
	return o
}
