package apidoc

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"regexp"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string

	pageTemplate = sync.OnceValue(func() *template.Template {
		return template.Must(template.New("page").Funcs(template.FuncMap{
			"slug": Slug, "paragraphs": paragraphs, "pretty": pretty, "lower": strings.ToLower, "phrase": phrase, "style": style, "script": script,
		}).Parse(pageText))
	})
)

func style() template.CSS { return template.CSS(pageStyle) }

func script() template.JS { return template.JS(pageScript) }

// pagePolicy is the Content-Security-Policy of the page. It allows the page's own style and script, and nothing else.
var pagePolicy = "default-src 'none'; style-src " + hashSource(pageStyle) + "; script-src " + hashSource(pageScript) +
	"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// hashSource is how a policy names a text that a page has in itself.
func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Page renders the document as one HTML page without external resources.
func (d *Document) Page() []byte {
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, d); err != nil {
		panic(err) // the template reads nothing but the document
	}
	return b.Bytes()
}

// Row is a member as a row of a table.
type Row struct {
	Path, Kind, About string
	// Ref is the name of the member's component, or of its elements' component; empty for none.
	Ref      string
	Required bool
}

// Rows returns the members of the schema and those below.
func (s *Schema) Rows() []Row { return s.rows("") }

func (s *Schema) rows(above string) (all []Row) {
	for _, p := range s.Properties {
		row := Row{Path: above + p.Name, Kind: p.Schema.kind(), About: p.Schema.Description, Required: p.Required, Ref: p.Schema.Ref}
		below := p.Schema
		if below.Items != nil {
			below, row.Path = below.Items, row.Path+"[]"
			row.Ref = below.Ref
		}
		all = append(append(all, row), below.rows(row.Path+".")...)
	}
	if s.Rest != nil && above != "" {
		all = append(all, Row{Path: above + "*", Kind: s.Rest.kind()})
	}
	return all
}

// Kind returns the types of the parameter, or its allowed values, as text.
func (p Parameter) Kind() string { return p.Schema.kind() }

func (s *Schema) kind() string {
	switch {
	case s.Ref != "":
		return ""
	case len(s.Enum) > 0:
		return strings.Join(s.Enum, " · ")
	}
	kinds := strings.Join(s.Types, " or ")
	if s.Items != nil {
		return strings.Replace(kinds, "array", "list of "+s.Items.kind(), 1)
	}
	return kinds
}

// baseMark stands in a document for the URL at which it is read.
const baseMark = "http://lobby.invalid"

// sayable matches a base that needs no escaping, neither in a document nor in a command.
var sayable = regexp.MustCompile(`^https?://[A-Za-z0-9.:\[\]_/~-]+$`)

// at returns a document as it is read at a base.
func at(document []byte, base string) []byte {
	if !sayable.MatchString(base) {
		base = "http://localhost"
	}
	return bytes.ReplaceAll(document, []byte(baseMark), []byte(base))
}

// Curl returns the shell command that makes the request.
func (e Example) Curl(method, header, version string) string {
	command := `curl "` + baseMark + e.Target + `"`
	if method != "GET" {
		command += " -X " + method
	}
	command += " \\\n  -H \"Authorization: Bearer $TOKEN\" -H \"" + header + ": " + version + `"`
	if len(e.Body) > 0 {
		command += " \\\n  -H \"Content-Type: application/json\" \\\n  -d '" + strings.ReplaceAll(string(e.Body), "'", `'\''`) + "'"
	}
	return command
}

func paragraphs(text string) []string { return strings.Split(text, "\n\n") }

func pretty(text []byte) string {
	value := jsontext.Value(bytes.Clone(text))
	_ = value.Indent() // what is no JSON stays as it is
	return string(value)
}
