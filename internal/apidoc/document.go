package apidoc

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Document describes one version of an API. Texts are plain, paragraphs apart by an empty line.
type Document struct {
	Title, Version, About string
	// Versions are all that may be asked for, Version among them.
	Versions []string
	// VersionHeader carries the version in every request.
	VersionHeader string
	Chapters      []Chapter
	Components    []Component
	// Refusal is the name of the component that every refused request returns.
	Refusal  string
	Refusals []Refusal
	// Unexpected has one line for each example that did not end as the reference says; tests read it.
	Unexpected []string
}

// Chapter is the operations of one noun.
type Chapter struct {
	Name, About string
	Operations  []Operation
}

// Operation is a method of a path.
type Operation struct {
	Method, Path, Summary, About string
	// Since is the version that it came with; empty when it was always there.
	Since string
	// Scopes are those of which a token needs one.
	Scopes     []string
	Parameters []Parameter
	// Body is what the request says; nil where nothing is read.
	Body      *Schema
	Responses []Response
	Examples  []Example
}

// Parameter is a part of the path or the query.
type Parameter struct {
	Name   string
	InPath bool
	Schema *Schema
}

// Response is a status and the components of which one comes with it; none where there is no body.
type Response struct {
	Status     int
	Components []string
	Headers    []Header
}

// Header is a header of a response.
type Header struct{ Name, About string }

// Example is a request that was made, and what it returned.
type Example struct {
	Caption string
	// Target is the path with its query, Body and Response are JSON or empty.
	Target         string
	Body, Response []byte
	Status         int
	// Headers are those of the response that the reference describes, as "Name: value".
	Headers []string
}

// Refusal is one way in which requests are refused.
type Refusal struct {
	Status        int
	Code, Message string
}

// JSON renders the document as OpenAPI 3.1.
func (d *Document) JSON() []byte { return appendJSON(nil, d.tree()) }

// YAML renders the document as OpenAPI 3.1.
func (d *Document) YAML() []byte { return appendYAML(nil, d.tree(), 0) }

func (d *Document) tree() Object {
	var tags List
	var paths Object
	for _, c := range d.Chapters {
		tags = append(tags, Object{{"name", c.Name}, {"description", c.About}})
		for _, o := range c.Operations {
			i := slices.IndexFunc(paths, func(m Member) bool { return m.Name == o.Path })
			if i < 0 {
				i = len(paths)
				paths = append(paths, Member{o.Path, Object{}})
			}
			paths[i].Value = append(paths[i].Value.(Object), Member{strings.ToLower(o.Method), d.operation(c.Name, &o)})
		}
	}
	schemas := Object{}
	for _, c := range d.Components {
		schemas = append(schemas, Member{c.Name, c.Schema.tree()})
	}
	return Object{
		{"openapi", "3.1.0"},
		{"info", Object{{"title", d.Title}, {"version", d.Version}, {"description", d.About}}},
		{"servers", List{Object{{"url", "/"}}}},
		{"security", List{Object{{"token", List{}}}}},
		{"tags", tags},
		{"paths", paths},
		{"components", Object{
			{"schemas", schemas},
			{"responses", Object{{"refusal", d.refusal()}}},
			{"parameters", Object{{"version", d.versionHeader()}}},
			{"securitySchemes", Object{{"token", Object{
				{"type", "http"},
				{"scheme", "bearer"},
				{"description", "An access token of the workspace. Basic authentication takes it too, as the user name or the password."},
			}}}},
		}},
	}
}

func (d *Document) versionHeader() Object {
	return Object{
		{"name", d.VersionHeader},
		{"in", "header"},
		{"description", "The version of the API to use. Without it the workspace's own version counts."},
		{"schema", Object{{"type", "string"}, {"enum", texts(d.Versions)}, {"default", d.Version}}},
	}
}

func (d *Document) refusal() Object {
	var b strings.Builder
	b.WriteString("The request is refused, and nothing has changed.\n")
	for _, r := range d.Refusals {
		b.WriteString("\n- " + strconv.Itoa(r.Status) + " " + r.Code + ", " + strings.TrimSuffix(r.Message, "."))
	}
	return Object{{"description", b.String()}, {"content", content(componentRef(d.Refusal), nil)}}
}

func (d *Document) operation(tag string, o *Operation) Object {
	tree := Object{
		{"tags", List{tag}},
		{"summary", o.Summary},
		{"description", o.description()},
		{"operationId", o.ID()},
	}
	var parameters List
	for _, p := range o.Parameters {
		parameters = append(parameters, p.tree())
	}
	tree.add("parameters", append(parameters, Object{{"$ref", "#/components/parameters/version"}}))
	if o.Body != nil {
		var body Object
		body.add("required", o.Body.needs())
		tree = append(tree, Member{"requestBody", append(body, Member{"content", content(o.Body.tree(), o.examples(0))})})
	}
	var responses Object
	for _, a := range o.Responses {
		response := Object{{"description", phrase(a.Status)}}
		var headers Object
		for _, h := range a.Headers {
			headers.add(h.Name, Object{{"description", h.About}, {"schema", Object{{"type", "string"}}}})
		}
		response.add("headers", headers)
		if len(a.Components) > 0 {
			response = append(response, Member{"content", content(oneOf(a.Components), o.examples(a.Status))})
		}
		responses = append(responses, Member{strconv.Itoa(a.Status), response})
	}
	responses = append(responses, Member{"default", Object{{"$ref", "#/components/responses/refusal"}}})
	return append(tree, Member{"responses", responses})
}

func (o *Operation) description() string {
	parts := []string{}
	if o.About != "" {
		parts = append(parts, o.About)
	}
	if o.Since != "" {
		parts = append(parts, "Since "+o.Since+".")
	}
	return strings.Join(append(parts, "Needs a token with one of the scopes "+strings.Join(o.Scopes, ", ")+"."), "\n\n")
}

// examples are the bodies of the responses with that status, or for 0 those of the requests that were not refused.
func (o *Operation) examples(status int) (all Object) {
	for _, e := range o.Examples {
		text := e.Response
		switch {
		case status == 0 && e.Status < 400:
			text = e.Body
		case status != e.Status:
			continue
		}
		if value, err := parse(text); err == nil {
			all = append(all, Member{Slug(e.Caption), Object{{"summary", e.Caption}, {"value", value}}})
		}
	}
	return all
}

func (p *Parameter) tree() Object {
	schema := *p.Schema
	schema.Description = ""
	o := Object{{"name", p.Name}, {"in", "query"}}
	if p.InPath {
		o[1].Value = "path"
		o = append(o, Member{"required", true})
	}
	o.add("description", p.Schema.Description)
	return append(o, Member{"schema", schema.tree()})
}

func content(schema, examples Object) Object {
	media := Object{{"schema", schema}}
	media.add("examples", examples)
	return Object{{"application/json", media}}
}

func oneOf(components []string) Object {
	if len(components) == 1 {
		return componentRef(components[0])
	}
	var all List
	for _, c := range components {
		all = append(all, componentRef(c))
	}
	return Object{{"oneOf", all}}
}

func componentRef(component string) Object {
	return Object{{"$ref", "#/components/schemas/" + component}}
}

// ID names the operation for programs that generate code from the document: its summary in camel case.
func (o *Operation) ID() string {
	var b strings.Builder
	for i, word := range strings.Split(Slug(o.Summary), "-") {
		if i > 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
	}
	return b.String()
}

// Slug is the words of a text in lower case, joined by hyphens.
func Slug(text string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(text, "'", ""), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.ToLower(strings.Join(words, "-"))
}

// phrases say what a status means.
var phrases = map[int]string{
	200: "Done.", 201: "Made.", 202: "Accepted.", 204: "Done; there is nothing to show.", 400: "The request is not well-formed, or a value in it is wrong.",
	401: "The token is missing or not valid.", 403: "The token may not do this.", 404: "There is no such thing.",
	409: "Something else is in the way.", 410: "It has moved for good.", 422: "The request cannot be done.",
}

// phrase says what a status means.
func phrase(status int) string {
	if text, known := phrases[status]; known {
		return text
	}
	return "Refused."
}
