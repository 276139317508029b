package api

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/openapi"
	"lobby/internal/reference"
	"lobby/internal/wire"
)

const aboutLobby = "Lobby is a server for the people part of the Intercom REST API: visitors, the leads and users that they become, and " +
	"what is known of them. This page describes the version named above; every request may choose another with the Intercom-Version header.\n\n" +
	"Times are Unix seconds. A member that is null is not known. Members that a request has and an operation does not know are ignored, " +
	"so that clients of any age may send what they send.\n\n" +
	"Each example was played on this very server, on an empty database in memory, and is shown as it was answered."

// describe writes down version v of the API.
func (a *API) describe(ctx context.Context, v apiversion.Version) (*openapi.Document, error) {
	played, err := a.rehearse(ctx, v)
	if err != nil {
		return nil, err
	}
	d := &openapi.Document{
		Title: "Lobby", Version: v.String(), VersionHeader: "Intercom-Version", About: aboutLobby,
		Refusal: wire.Name(wire.Error{}),
	}
	for _, version := range slices.Backward(apiversion.All()) {
		d.Versions = append(d.Versions, version.String())
	}
	if d.Components, err = components(v); err != nil {
		return nil, err
	}
	for _, r := range refusals {
		d.Refusals = append(d.Refusals, openapi.Refusal{Status: r.status, Code: r.code, Message: r.message})
	}
	for i := range reference.Chapters {
		words := &reference.Chapters[i]
		chapter := openapi.Chapter{Name: words.Name, About: words.About}
		for j := range words.Operations {
			about := &words.Operations[j]
			method, path, _ := strings.Cut(about.Route, " ")
			route := played.api.router.routes[about.Route]
			if route != nil && v.AtLeast(route.since) {
				o := openapi.Operation{Method: method, Path: path, Summary: about.Summary, About: about.About}
				if route.since > apiversion.V2_0 {
					o.Since = route.since.String()
				}
				played.fill(&o, route, about)
				chapter.Operations = append(chapter.Operations, o)
			}
		}
		d.Chapters = append(d.Chapters, chapter)
	}
	return d, nil
}

// components are the shapes of a version, in the order of their names.
func components(v apiversion.Version) ([]openapi.Component, error) {
	samples := map[string][][]byte{}
	for _, s := range wire.Samples(v) {
		samples[wire.Name(s)] = append(samples[wire.Name(s)], s.AppendJSON(nil))
	}
	var all []openapi.Component
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		schema, err := openapi.Infer(samples[name]...)
		if err != nil {
			return nil, err
		}
		all = append(all, openapi.Component{Name: name, Schema: schema})
	}
	openapi.Share(all)
	for _, c := range all {
		c.Schema.Description = reference.Shape(c.Name)
		c.Schema.Walk(func(path string, member *openapi.Schema) {
			member.Say(reference.Member(c.Name, path))
		})
	}
	return all, nil
}

// fill adds to an operation what was seen of its route.
func (r *rehearsal) fill(o *openapi.Operation, route *route, about *reference.Operation) {
	s := cmp.Or(r.seen[route], new(seen))
	for _, scope := range route.scopes {
		o.Scopes = append(o.Scopes, string(scope))
	}
	var shapes []string
	slices.SortStableFunc(s.answers, func(a, b openapi.Answer) int { return a.Status - b.Status })
	for _, a := range s.answers {
		if a.Status < 400 {
			shapes = append(shapes, a.Components...)
		}
	}
	o.Answers = s.answers
	o.Examples = s.examples
	words := func(path string) string { return about.Member(path, shapes) }
	for part := range strings.SplitSeq(route.path, "/") {
		if name, is := strings.CutPrefix(part, "{"); is {
			p := openapi.Parameter{Name: strings.TrimSuffix(name, "}"), InPath: true, Schema: &openapi.Schema{Types: []string{"string"}}}
			p.Schema.Say(words(p.Name))
			o.Parameters = append(o.Parameters, p)
		}
	}
	for _, m := range s.params.Members {
		p := openapi.Parameter{Name: m.Path, Schema: schemaOf(m.Kind)}
		p.Schema.Say(words(m.Path))
		o.Parameters = append(o.Parameters, p)
	}
	if s.readsBody {
		o.Body = bodyOf(&s.body, strings.Fields(about.Needs))
		o.Body.Walk(func(path string, member *openapi.Schema) { member.Say(words(path)) })
	}
}

// bodyOf is the schema of a body of which these members were asked.
func bodyOf(asked *wire.Asked, needs []string) *openapi.Schema {
	body := &openapi.Schema{Types: []string{"object"}}
	for _, m := range asked.Members {
		in := body
		names := strings.Split(m.Path, ".")
		for _, name := range names[:len(names)-1] {
			in = in.Member(name)
		}
		last := names[len(names)-1]
		schema := schemaOf(m.Kind)
		required := in == body && slices.Contains(needs, last)
		if !required {
			schema.Types = append(schema.Types, "null")
		}
		if !in.Has(last) {
			in.Properties = append(in.Properties, openapi.Property{Name: last, Schema: schema, Required: required})
		}
	}
	return body
}

// schemaOf is the schema of a member of a request that was asked for as a kind.
func schemaOf(kind wire.AskedKind) *openapi.Schema {
	one := func(types ...string) *openapi.Schema { return &openapi.Schema{Types: types} }
	orWithin := func(name string) *openapi.Schema { // a text that may also stand in an object
		return &openapi.Schema{Types: []string{"object", "string"}, Properties: []openapi.Property{{Name: name, Schema: one("string")}}}
	}
	switch kind {
	case wire.AskedID:
		return one("string", "integer")
	case wire.AskedInt, wire.AskedTime:
		return one("integer")
	case wire.AskedNumber:
		return one("string", "number")
	case wire.AskedBool:
		return one("boolean")
	case wire.AskedObject:
		return one("object")
	case wire.AskedPicture:
		return orWithin("image_url")
	case wire.AskedScalars:
		return &openapi.Schema{Types: []string{"object"}, Rest: one("string", "number", "boolean", "null")}
	case wire.AskedTexts:
		return &openapi.Schema{Types: []string{"array"}, Items: orWithin("value")}
	case wire.AskedObjects:
		return &openapi.Schema{Types: []string{"array"}, Items: one("object")}
	case wire.AskedFacts:
		fact := one("object", "string", "number", "boolean", "null")
		fact.Properties = []openapi.Property{
			{Name: "url", Schema: one("string")},
			{Name: "value", Schema: one("string")},
			{Name: "amount", Schema: one("integer")},
			{Name: "currency", Schema: one("string")},
		}
		return &openapi.Schema{Types: []string{"object"}, Rest: fact}
	case wire.AskedQuery:
		return &openapi.Schema{Ref: wire.Name((*wire.Query)(nil))}
	case wire.AskedInts:
		return &openapi.Schema{Types: []string{"array"}, Items: one("integer")}
	default:
		return one("string")
	}
}
