package apidoc

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Document describes one version of an API. Texts are plain, with an empty line between paragraphs.
type Document struct {
	Title, Version, About string
	// Versions are all versions of the API, including Version.
	Versions []string
	// VersionHeader is the name of the request header that selects a version.
	VersionHeader string
	Chapters      []Chapter
	Components    []Component
	// Refusal is the name of the component that every error response has.
	Refusal  string
	Refusals []Refusal
	// Unexpected has one line for each example with another result than in the reference. Only tests read it.
	Unexpected []string
}

// Chapter has the operations of one noun.
type Chapter struct {
	Name, About string
	Operations  []Operation
}

// Operation is a method on a path.
type Operation struct {
	Method, Path, Summary, About string
	// Since is the first version that has it; empty when all versions have it.
	Since string
	// Scopes are the scopes that allow it; a token needs one of them.
	Scopes     []string
	Parameters []Parameter
	// Body is the schema of the request body; nil when the body is not read.
	Body      *Schema
	Responses []Response
	Examples  []Example
}

// Parameter is a parameter in the path or the query.
type Parameter struct {
	Name   string
	InPath bool
	Schema *Schema
}

// Response is a status, and the components that its body may be; none when there is no body.
type Response struct {
	Status     int
	Components []string
	Headers    []Header
}

// Header is a header of a response.
type Header struct{ Name, About string }

// Example is a request that was made, and its response.
type Example struct {
	Caption string
	// Target is the path with its query. Body and Response are JSON or empty.
	Target         string
	Body, Response []byte
	Status         int
	// Headers are the response headers that the reference describes, as "Name: value".
	Headers []string
}

// Refusal is one error of the API.
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
		{"servers", List{Object{{"url", baseMark}}}},
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
				{"description", "An access token of the workspace. Basic authentication accepts it too, as the user name or the password."},
			}}}},
		}},
	}
}

func (d *Document) versionHeader() Object {
	return Object{
		{"name", d.VersionHeader},
		{"in", "header"},
		{"description", "The version of the API to use; by default that of the workspace."},
		{"schema", Object{{"type", "string"}, {"enum", texts(d.Versions)}, {"default", d.Version}}},
	}
}

func (d *Document) refusal() Object {
	var b strings.Builder
	b.WriteString("The request has failed, and nothing has changed.\n")
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

// examples returns the response bodies of the examples with a status. For the status 0 it returns the request bodies of
// those that succeeded.
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

// ID returns the operationId, by which programs that generate code name the operation: the summary in camel case.
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

// Slug returns the words of a text in lower case, joined by hyphens.
func Slug(text string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(text, "'", ""), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.ToLower(strings.Join(words, "-"))
}

// phrases are the descriptions of statuses.
var phrases = map[int]string{
	200: "Success.", 201: "Created.", 202: "Accepted.", 204: "Success, without a body.", 400: "The request is malformed, or a value in it is invalid.",
	401: "The token is missing or invalid.", 403: "The token may not do this.", 404: "Not found.",
	409: "The request conflicts with an existing record.", 410: "Moved permanently.", 422: "The request cannot be processed.",
}

// phrase returns the description of a status.
func phrase(status int) string {
	if text, known := phrases[status]; known {
		return text
	}
	return "Error."
}
