package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"lobby/internal/api"
	"lobby/internal/apidoc"
	"lobby/internal/apiversion"
	"lobby/internal/app"
	"lobby/internal/deliver"
	"lobby/internal/people"
	"lobby/internal/reference"
	"lobby/internal/testkit"
)

// described are the descriptions of all versions.
func described(t *testing.T) map[apiversion.Version]*apidoc.Document {
	t.Helper()
	all, err := describeOnce()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var describeOnce = sync.OnceValues(func() (map[apiversion.Version]*apidoc.Document, error) {
	pseudonym := func(string, string) string { return "Teal Heron" }
	options := api.Options{Lobby: people.New(nil, pseudonym), OpenExamples: app.OpenExamples, Feed: deliver.Feed, Log: slog.New(slog.DiscardHandler)}
	all := map[apiversion.Version]*apidoc.Document{}
	var err error
	for _, v := range apiversion.All() {
		if all[v], err = api.Describe(context.Background(), options, v); err != nil {
			return nil, err
		}
	}
	return all, nil
})

func TestEveryExampleEndsAsTheReferenceSays(t *testing.T) {
	t.Parallel()
	for v, d := range described(t) {
		for _, line := range d.Unexpected {
			t.Errorf("at %v: %s", v, line)
		}
	}
}

func TestEveryRouteIsDescribedWithAnExampleThatSucceeds(t *testing.T) {
	t.Parallel()
	routes := map[string]bool{}
	for _, r := range api.Routes() {
		routes[r.Method+" "+r.Path] = true
		if chapter, _ := reference.Of(r.Method + " " + r.Path); chapter == nil {
			t.Errorf("no chapter has %s %s", r.Method, r.Path)
		}
	}
	for _, chapter := range reference.Chapters {
		for _, o := range chapter.Operations {
			if !routes[o.Route] {
				t.Errorf("%s has %s, which is no route", chapter.Name, o.Route)
			}
			delete(routes, o.Route)
		}
	}
	for v, d := range described(t) {
		for _, chapter := range d.Chapters {
			for _, o := range chapter.Operations {
				if !slices.ContainsFunc(o.Examples, func(e apidoc.Example) bool { return e.Status < 300 }) {
					t.Errorf("at %v %s %s has no example that succeeds", v, o.Method, o.Path)
				}
				captions := map[string]bool{}
				for _, e := range o.Examples {
					if captions[apidoc.Slug(e.Caption)] {
						t.Errorf("at %v %s %s has two examples called %q", v, o.Method, o.Path, e.Caption)
					}
					captions[apidoc.Slug(e.Caption)] = true
				}
			}
		}
	}
}

// Versions between these have no more than those; looking at one takes most of a second.
func TestTheDescriptionIsValidOpenAPI(t *testing.T) {
	t.Parallel()
	for _, v := range []apiversion.Version{apiversion.V2_0, apiversion.V2_13, apiversion.V2_16, apiversion.Preview} {
		loaded, err := openapi3.NewLoader().LoadFromData(described(t)[v].JSON())
		if err == nil {
			err = loaded.Validate(t.Context())
		}
		if err != nil {
			t.Errorf("at %v: %v", v, err)
		}
	}
}

// Answers are held against the schemas more strictly than clients would do: nothing may be there that is not described.
func TestEveryExampleFitsItsSchema(t *testing.T) {
	t.Parallel()
	for v, d := range described(t) {
		schemas := map[string]*apidoc.Schema{}
		for _, c := range d.Components {
			schemas[c.Name] = c.Schema
		}
		for _, chapter := range d.Chapters {
			for _, o := range chapter.Operations {
				for _, e := range o.Examples {
					where := fmt.Sprintf("at %v %s %s, %q", v, o.Method, o.Path, e.Caption)
					i := slices.IndexFunc(o.Responses, func(a apidoc.Response) bool { return a.Status == e.Status })
					if len(e.Response) > 0 {
						for _, wrong := range misfitsAll(decode(t, e.Response), o.Responses[i].Components, schemas) {
							t.Errorf("%s: the response's %s", where, wrong)
						}
					}
					if len(e.Body) > 0 && e.Status < 400 {
						for _, wrong := range misfits(decode(t, e.Body), o.Body, schemas, "") {
							t.Errorf("%s: the request's %s", where, wrong)
						}
					}
				}
			}
		}
	}
}

func decode(t *testing.T, text []byte) (value any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

// misfitsAll says where a value is not what the component says to which it comes closest.
func misfitsAll(value any, components []string, schemas map[string]*apidoc.Schema) (fewest []string) {
	for i, name := range components {
		wrong := misfits(value, &apidoc.Schema{Ref: name}, schemas, "")
		if i == 0 || len(wrong) < len(fewest) {
			fewest = wrong
		}
	}
	return fewest
}

// ownSchema returns the component that is named like the type of an object; nil for none.
func ownSchema(value any, schemas map[string]*apidoc.Schema) *apidoc.Schema {
	object, _ := value.(map[string]any)
	kind, _ := object["type"].(string)
	return schemas[strings.ReplaceAll(kind, ".", "_")]
}

// misfits says where a value is not what a schema says.
func misfits(value any, s *apidoc.Schema, schemas map[string]*apidoc.Schema, path string) (wrong []string) {
	if s.Ref != "" {
		if schemas[s.Ref] == nil {
			return []string{s.Ref + " has no samples"}
		}
		s = schemas[s.Ref]
	}
	if kind := kindOf(value); !slices.Contains(s.Types, kind) && (kind != "integer" || !slices.Contains(s.Types, "number")) {
		return []string{fmt.Sprintf("%s is %v, not %v", path, value, s.Types)}
	}
	switch value := value.(type) {
	case string:
		if s.Enum != nil && !slices.Contains(s.Enum, value) {
			wrong = append(wrong, fmt.Sprintf("%s is %q, not one of %v", path, value, s.Enum))
		}
	case []any:
		for i, element := range value {
			of := s.Items
			if of == nil {
				of = ownSchema(element, schemas)
			}
			if of == nil {
				return append(wrong, path+" has elements that no sample had")
			}
			wrong = append(wrong, misfits(element, of, schemas, fmt.Sprintf("%s.%d", path, i))...)
		}
	case map[string]any:
		known := map[string]bool{}
		for _, p := range s.Properties {
			known[p.Name] = true
			if member, has := value[p.Name]; has {
				wrong = append(wrong, misfits(member, p.Schema, schemas, path+"."+p.Name)...)
			} else if p.Required {
				wrong = append(wrong, path+"."+p.Name+" is missing")
			}
		}
		for name, member := range value {
			switch {
			case known[name]:
			case s.Rest == nil:
				wrong = append(wrong, path+"."+name+" is not described")
			default:
				wrong = append(wrong, misfits(member, s.Rest, schemas, path+"."+name)...)
			}
		}
	}
	return wrong
}

func kindOf(value any) string {
	switch value := value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case json.Number:
		if _, err := value.Int64(); err == nil {
			return "integer"
		}
		return "number"
	default:
		return "null"
	}
}

func TestEveryMemberIsDescribedAndEveryDescriptionIsUsed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	missing := map[string]bool{}
	note := func(where, text string) {
		used[text] = true
		if text == "" {
			missing[where] = true
		}
	}
	for _, d := range described(t) {
		for _, c := range d.Components {
			note(c.Name, c.Schema.Description)
			c.Schema.Walk(func(path string, member *apidoc.Schema) { note(c.Name+"."+path, member.Description) })
		}
		for _, chapter := range d.Chapters {
			for _, o := range chapter.Operations {
				for _, p := range o.Parameters {
					note(o.Method+" "+o.Path+" "+p.Name, p.Schema.Description)
				}
				if o.Body != nil {
					o.Body.Walk(func(path string, member *apidoc.Schema) { note(o.Method+" "+o.Path+" "+path, member.Description) })
				}
			}
		}
	}
	for _, where := range slices.Sorted(maps.Keys(missing)) {
		t.Errorf("nothing describes %s", where)
	}
	unused := func(where string, all reference.Descriptions) {
		for name, text := range all {
			var s apidoc.Schema
			if s.Describe(text); !used[s.Description] {
				t.Errorf("%s describes %s, which nothing is called", where, name)
			}
		}
	}
	unused("General", reference.General)
	for _, chapter := range reference.Chapters {
		unused(chapter.Name, chapter.Descriptions)
		for _, o := range chapter.Operations {
			unused(o.Route, o.Descriptions)
		}
	}
}

func TestAMemberThatIsNeededCannotBeLeftOut(t *testing.T) {
	t.Parallel()
	s := testkit.Start(t)
	for _, chapter := range described(t)[apiversion.Preview].Chapters {
		for _, o := range chapter.Operations {
			_, about := reference.Of(o.Method + " " + o.Path)
			for needed := range strings.FieldsSeq(about.Needs) {
				i := slices.IndexFunc(o.Examples, func(e apidoc.Example) bool { return e.Status < 400 })
				body := decode(t, o.Examples[i].Body).(map[string]any)
				if _, has := body[needed]; !has {
					t.Errorf("%s %s succeeds without %s", o.Method, o.Path, needed)
				}
				delete(body, needed)
				if r := s.Do(t, o.Method, o.Examples[i].Target, body, "Intercom-Version: Preview"); r.Status != 400 {
					t.Errorf("%s %s without %s: %d %s", o.Method, o.Path, needed, r.Status, r.Text)
				}
			}
		}
	}
}

// The golden is the description without its prose, as it is in 2.0 and as every later version changed it.
func TestTheDescriptionChangesWhenItIsMeantTo(t *testing.T) {
	t.Parallel()
	all := described(t)
	var text strings.Builder
	before := map[string]bool{}
	for _, v := range apiversion.All() {
		now := outline(all[v])
		is := map[string]bool{}
		fmt.Fprintf(&text, "# %v\n", v)
		for _, line := range now {
			is[line] = true
			if v == apiversion.V2_0 {
				fmt.Fprintln(&text, line)
			} else if !before[line] {
				fmt.Fprintln(&text, "+ "+line)
			}
		}
		for _, line := range slices.Sorted(maps.Keys(before)) {
			if !is[line] {
				fmt.Fprintln(&text, "- "+line)
			}
		}
		before = is
	}
	testkit.Golden(t, "description.txt", []byte(text.String()))
}

// outline is the description line by line, each of which is whole in itself.
func outline(d *apidoc.Document) (lines []string) {
	rows := func(where string, s *apidoc.Schema) {
		for _, row := range s.Rows() {
			line := where + " " + row.Path + ": " + strings.TrimSpace(row.Kind+" "+row.Ref)
			if row.Required {
				line += ", always"
			}
			lines = append(lines, line)
		}
	}
	for _, chapter := range d.Chapters {
		for _, o := range chapter.Operations {
			where := o.Method + " " + o.Path
			for _, p := range o.Parameters {
				lines = append(lines, where+" ?"+p.Name+": "+p.Kind())
			}
			if o.Body != nil {
				rows(where, o.Body)
			}
			for _, a := range o.Responses {
				lines = append(lines, fmt.Sprintf("%s %d %s", where, a.Status, strings.Join(a.Components, " or ")))
			}
		}
	}
	for _, c := range d.Components {
		rows(c.Name, c.Schema)
	}
	return lines
}

func TestTheDescriptionIsServedToEverybody(t *testing.T) {
	t.Parallel()
	base := testkit.PublicURL("https://lobby.example.com") // which the page names
	s, twin := testkit.Start(t, base), testkit.Start(t, base)
	for path, kind := range map[string]string{
		"/openapi.yaml": "application/yaml; charset=utf-8", "/openapi.json": "application/json; charset=utf-8", "/docs": "text/html; charset=utf-8",
	} {
		r := s.Do(t, "GET", path, nil, "Authorization:")
		if r.Status != 200 || r.Header.Get("Content-Type") != kind || !strings.Contains(r.Text, "2.16") {
			t.Errorf("GET %s: %d %s", path, r.Status, r.Header)
		}
		etag := r.Header.Get("ETag")
		if zipped := s.Do(t, "GET", path, nil, "Accept-Encoding: gzip"); zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Text != r.Text {
			t.Errorf("GET %s is not the same when it is compressed: %s", path, zipped.Header)
		}
		if again := s.Do(t, "GET", path, nil, "If-None-Match: "+etag); again.Status != 304 || again.Text != "" || etag == "" {
			t.Errorf("GET %s again: %d", path, again.Status)
		}
		if head := s.Do(t, "HEAD", path, nil); head.Status != 200 || head.Header.Get("ETag") != etag {
			t.Errorf("HEAD %s: %d %s", path, head.Status, head.Header)
		}
		if other := s.Do(t, "GET", path+"?version=2.7", nil); other.Status != 200 || other.Header.Get("ETag") == etag {
			t.Errorf("GET %s of 2.7: %d, the same as of 2.16", path, other.Status)
		}
		if same := twin.Do(t, "GET", path, nil); same.Header.Get("ETag") != etag {
			t.Errorf("another server has another %s", path)
		}
		if policy := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") ||
			!strings.Contains(policy, "'; script-src 'sha256-") || strings.Contains(policy, "unsafe") {
			t.Errorf("GET %s: the policy is %q", path, policy)
		}
		for version, refused := range map[string]string{
			"2.99": "intercom_version_invalid: The requested version could not be found", "%00": "intercom_version_invalid: The requested version could not be found",
			"1.4": notInVersion,
		} {
			if r := s.Do(t, "GET", path+"?version="+version, nil); r.Status != 400 || r.Refusal() != refused || r.Get("type") != "error.list" {
				t.Errorf("GET %s of %s: %d %s", path, version, r.Status, r.Text)
			}
		}
		if r := s.Do(t, "POST", path, `{}`); r.Status != 405 || r.Refusal() != noMethod || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: %d %s", path, r.Status, r.Text)
		}
	}
	if left := s.Do(t, "GET", "/contacts", nil).Get("total_count"); left != 0.0 {
		t.Errorf("the examples left %v contacts with us", left)
	}
}

func TestThePageNamesTheAddressOfItsReader(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options []testkit.Option
		host    string
		want    string
	}{
		"host":       {nil, "lobby.shop.example:8443", "http://lobby.shop.example:8443"},
		"public URL": {[]testkit.Option{testkit.PublicURL("https://people.shop.example")}, "inside:1", "https://people.shop.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testkit.Start(t, c.options...)
			first := s.Do(t, "GET", "/docs", nil, "Host: "+c.host)
			if !strings.Contains(first.Text, "curl &#34;"+c.want+"/visitors") || strings.Contains(first.Text, "127.0.0.1") {
				t.Errorf("the page does not say %s", c.want)
			}
			for _, path := range []string{"/openapi.json", "/openapi.yaml"} {
				r := s.Do(t, "GET", path, nil, "Host: "+c.host)
				description, err := openapi3.NewLoader().LoadFromData([]byte(r.Text))
				if err != nil || len(description.Servers) != 1 || description.Servers[0].URL != c.want {
					t.Errorf("%s does not have the server %s: %v", path, c.want, err)
				}
			}
			again := s.Do(t, "GET", "/docs", nil, "Host: "+c.host, "If-None-Match: "+first.Header.Get("ETag"))
			if again.Status != 304 {
				t.Errorf("the same page again: %d", again.Status)
			}
		})
	}
}
