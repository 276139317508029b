package apidoc_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"lobby/internal/apidoc"
)

func infer(t *testing.T, samples ...string) *apidoc.Schema {
	t.Helper()
	all := make([][]byte, len(samples))
	for i, sample := range samples {
		all[i] = []byte(sample)
	}
	schema, err := apidoc.Infer(all...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// members are the members of a schema as "path: kind", with an exclamation mark behind those that are always there.
func members(schema *apidoc.Schema) (all []string) {
	for _, row := range schema.Rows() {
		text := row.Path + ": " + row.Kind + row.Ref
		if row.Required {
			text += "!"
		}
		all = append(all, text)
	}
	return all
}

func TestASchemaSaysWhatAllSamplesHaveInCommon(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says    string
		samples []string
		want    []string
	}{
		{"the kinds of one sample", []string{`{"a":"x","b":1,"c":1.5,"d":true,"e":null}`}, []string{"a: string!", "b: integer!", "c: number!", "d: boolean!", "e: null!"}},
		{"null in one may be null", []string{`{"a":null}`, `{"a":"x"}`}, []string{"a: string or null!"}},
		{"missing in one is not always there", []string{`{"a":1}`, `{"a":1,"b":1}`, `{"a":1}`}, []string{"a: integer!", "b: integer"}},
		{"new members keep their place", []string{`{"a":1,"c":1}`, `{"a":1,"b":1,"c":1}`}, []string{"a: integer!", "b: integer", "c: integer!"}},
		{"whole numbers and others are numbers", []string{`{"a":1}`, `{"a":1e3}`}, []string{"a: number!"}},
		{"a type is one of those seen", []string{`{"type":"b","role":"x"}`, `{"type":"a","role":"y"}`}, []string{"type: a · b!", "role: string!"}},
		{"elements of lists are members of lists", []string{`{"a":[{"b":1},{}]}`, `{"a":[]}`}, []string{"a[]: list of object!", "a[].b: integer"}},
		{"an object that may be null has its members", []string{`{"a":null}`, `{"a":{"b":1}}`}, []string{"a: object or null!", "a.b: integer!"}},
		{"a star is any name", []string{`{"a":{"*x":"x","*y":true}}`, `{"a":{}}`}, []string{"a: object!", "a.*: string or boolean"}},
	} {
		if diff := cmp.Diff(c.want, members(infer(t, c.samples...))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.says, diff)
		}
	}
}

func TestASampleThatIsNoJSONIsNoSchema(t *testing.T) {
	t.Parallel()
	for _, sample := range []string{``, `{`, `{"a":`, `[1,`, `{"a":1]`} {
		if _, err := apidoc.Infer([]byte(sample)); err == nil {
			t.Errorf("%q has a schema", sample)
		}
	}
}

func TestAWholeComponentInsideAnotherIsReferredTo(t *testing.T) {
	t.Parallel()
	all := []apidoc.Component{
		{"tag", infer(t, `{"type":"tag","name":"x"}`)},
		{"tag_list", infer(t, `{"type":"list","data":[{"type":"tag","name":"x"}],"first":{"type":"tag","name":"x"},"other":{"type":"tag"}}`)},
	}
	apidoc.Share(all)
	want := []string{"type: list!", "data[]: list of tag!", "first: tag!", "other: object!", "other.type: tag!"}
	if diff := cmp.Diff(want, members(all[1].Schema)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if all[0].Schema.Ref != "" {
		t.Error("a component refers to itself")
	}
	twins := []apidoc.Component{{"tag", infer(t, `{"name":"x"}`)}, {"twin", infer(t, `{"name":"x"}`)}}
	apidoc.Share(twins)
	if twins[0].Schema.Ref != "" || twins[1].Schema.Ref != "" {
		t.Error("components that are alike refer to one another")
	}
}

func TestADescriptionMayNameTheOnlyValues(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]apidoc.Schema{
		"lead|user: what it is.":  {Types: []string{"string"}, Enum: []string{"lead", "user"}, Description: "What it is."},
		"What it is: a | b.":      {Types: []string{"string"}, Description: "What it is: a | b."},
		"Either: lead or a|user.": {Types: []string{"string"}, Description: "Either: lead or a|user."},
	} {
		schema := apidoc.Schema{Types: []string{"string"}}
		schema.Describe(text)
		if diff := cmp.Diff(want, schema); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// awkward is texts that a careless writer of YAML would make something else of.
var awkward = []string{
	"true", "Yes", "null", "~", "2.7", "1e3", "0x1f", "- a", "a: b", "a #b", "a:", "#a", "'a'", `"a"`, `a\b`, "@a", "%a", "*a", "&a", "!a", "|", ">", "{a}", "[a]",
	"", " a", "a ", "a\nb", "a\n\nb: c\n- d", "a\n", "\na", "a\tb", "é ü 漢 🙂", "a\u2028b", "a\u0085b", "\ufeffa", "a\u00a0b", "http://a", "a::b", "<a> & b", "/a/{b}", "$a", "2024-01-01", "12:30:45", "=", "a, b", "…",
	strings.Repeat("A long sentence: with a colon. ", 5) + "End.", strings.Repeat("long ", 30) + "\n\n  indented",
}

// document has the awkward texts wherever there may be a text.
func document(text string) *apidoc.Document {
	schema := &apidoc.Schema{Types: []string{"object"}, Properties: []apidoc.Property{{Name: "x" + text, Schema: &apidoc.Schema{Types: []string{"string", "null"}, Enum: []string{text}}}}}
	value, _ := json.Marshal(map[string]any{"x": text, "y": []any{text, []any{}, map[string]any{}, []any{text, 1.5, nil}, map[string]any{"x": []string{text}}}})
	return &apidoc.Document{
		Title: "t", Version: "v", About: text, Versions: []string{"v"}, VersionHeader: "V", Refusal: "error",
		Components: []apidoc.Component{{Name: "error", Schema: schema}},
		Chapters: []apidoc.Chapter{{Name: "c", About: text, Operations: []apidoc.Operation{{
			Method: "POST", Path: "/x", Summary: "Do it", About: text, Body: schema,
			Responses: []apidoc.Response{{Status: 200, Components: []string{"error"}}, {Status: 204}},
			Examples:  []apidoc.Example{{Caption: "One", Target: "/x", Body: value, Response: value, Status: 200}},
		}}}},
	}
}

func TestYAMLAndJSONSayTheSame(t *testing.T) {
	t.Parallel()
	for _, text := range awkward {
		d := document(text)
		var read [2]string
		for i, written := range [][]byte{d.JSON(), d.YAML()} {
			loaded, err := openapi3.NewLoader().LoadFromData(written)
			if err != nil {
				t.Fatalf("%q: %v\n%s", text, err, written)
			}
			back, err := loaded.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			read[i] = string(back)
		}
		if diff := cmp.Diff(read[0], read[1]); diff != "" {
			t.Errorf("%q (-JSON +YAML):\n%s", text, diff)
		}
		if quoted, _ := json.Marshal(text); !strings.Contains(read[0], `"description":`+string(quoted)) && text != "" {
			t.Errorf("%q is not in %s", text, read[0])
		}
	}
}

var outward = regexp.MustCompile(`(?i)<(script|link|img|iframe|object|form)|(src|href|action)="(https?:|//)|url\(|@import|\sstyle=|\son[a-z]+="`)

func TestThePageNeedsNothingElseAndTakesTextAsText(t *testing.T) {
	t.Parallel()
	page := string(document(`<script src="https://example.com/x.js"></script>`).Page())
	// Of scripts it has its own alone, which stands in it, so that the policy names it by its hash.
	before, script, _ := strings.Cut(page, "<script>")
	script, after, _ := strings.Cut(script, "</script>")
	if !strings.Contains(script, "#search-box") {
		t.Error("the page has no search")
	}
	if found := outward.FindAllString(before+script+after, -1); found != nil {
		t.Errorf("the page has %q", found)
	}
	if !strings.Contains(page, "&lt;script") {
		t.Error("the text is lost")
	}
}
