package provenance_test

import (
	"maps"
	"testing"

	"pgregory.net/rapid"

	"lobby/internal/provenance"
)

// record is a person as small as can be: a field, two that are one set, and attributes.
type record struct {
	name, city, country string
	attributes          map[string]int
	origins             provenance.Origins
}

type column func(*record) *string

func (c column) IsBlank(r *record) bool       { return *c(r) == "" }
func (c column) Equal(a, b *record) bool      { return *c(a) == *c(b) }
func (c column) field() (of string)           { return map[bool]string{true: "name", false: "place"}[c.isName()] }
func (c column) isName() bool                 { r := &record{name: "x"}; return *c(r) == "x" }
func nameOf(c *column) string                 { return c.field() }
func originsOf(r *record) *provenance.Origins { return &r.origins }
func attributesOf(r *record) map[string]int   { return r.attributes }

var columns = []column{
	func(r *record) *string { return &r.name }, func(r *record) *string { return &r.city }, func(r *record) *string { return &r.country },
}

var table = provenance.NewTable(columns, nameOf, originsOf, attributesOf)

func by(kind string, at int64) provenance.Source {
	return provenance.Source{Kind: kind, ID: map[string]string{"token": "00112233445566778899aabb"}[kind], At: at}
}

func (r *record) clone() *record {
	q := *r
	q.attributes = maps.Clone(r.attributes)
	return &q
}

// written returns the record after a source has changed it.
func (r *record) written(s provenance.Source, change func(*record)) *record {
	after := r.clone()
	change(after)
	table.Write(s, r, r, after)
	return after
}

func begun(s provenance.Source, r record) *record {
	table.Write(s, nil, nil, &r)
	return &r
}

func expect(t *testing.T, r *record, want map[string]provenance.Source) {
	t.Helper()
	for field, source := range want {
		if got := r.origins.Of(field); got != source {
			t.Errorf("%s came from %+v, want %+v (%s)", field, got, source, r.origins)
		}
	}
}

func TestWhoCreatesARecordGaveAllItsValues(t *testing.T) {
	t.Parallel()
	r := begun(by("browser", 10), record{name: "Ada"})
	expect(t, r, map[string]provenance.Source{"name": by("browser", 10), "place": by("browser", 10), "custom_attributes.plan": by("browser", 10)})
	r = r.written(by("token", 20), func(r *record) { r.city, r.attributes = "Riga", map[string]int{"plan": 1} })
	expect(t, r, map[string]provenance.Source{"name": by("browser", 10), "place": by("token", 20), "custom_attributes.plan": by("token", 20)})
	if same := r.written(by("login", 30), func(*record) {}); same.origins != r.origins {
		t.Errorf("nothing was changed, and %q became %q", r.origins, same.origins)
	}
}

func TestNobodyKnowsWhoWroteAnOldRecord(t *testing.T) {
	t.Parallel()
	old := &record{name: "Ada", city: "Riga"}
	expect(t, old, map[string]provenance.Source{"name": {}, "place": {}})
	r := old.written(by("import", 20), func(r *record) { r.name = "Eve" })
	expect(t, r, map[string]provenance.Source{"name": by("import", 20), "place": {}})
	if r = r.written(provenance.Source{Kind: "nobody", At: 30}, func(r *record) { r.name = "Bob" }); r.origins != "" {
		t.Errorf("an unknown source left %q", r.origins)
	}
	expect(t, begun(by("mail", 5), record{}).written(provenance.Source{}, func(r *record) { r.name = "Bob" }), map[string]provenance.Source{
		"name": {}, "place": by("mail", 5),
	})
}

func TestAnAdoptedValueTakesItsSourceAlong(t *testing.T) {
	t.Parallel()
	survivor := begun(by("token", 10), record{attributes: map[string]int{"own": 1}})
	for name, absorbed := range map[string]*record{
		"known": begun(by("browser", 5), record{name: "Ada", city: "Riga", attributes: map[string]int{"plan": 2}}),
		"old":   {name: "Ada", city: "Riga", attributes: map[string]int{"plan": 2}},
	} {
		after := survivor.clone()
		after.name, after.city, after.attributes["plan"], after.country = "Ada", "Riga", 2, ""
		table.Write(by("login", 30), survivor, absorbed, after)
		source := absorbed.origins.Of("name")
		expect(t, after, map[string]provenance.Source{
			"name": source, "place": source, "custom_attributes.plan": source, "custom_attributes.own": by("token", 10),
		})
		given := after.clone()
		given.name = "told by the merge"
		if table.Write(by("login", 30), survivor, absorbed, given); given.origins.Of("name") != by("login", 30) {
			t.Errorf("%s: a value that neither had came from %+v", name, given.origins.Of("name"))
		}
	}
}

func TestTheTextIsShortAndReadsAnyName(t *testing.T) {
	t.Parallel()
	r := begun(by("browser", 1_700_000_000), record{})
	if want := provenance.Origins("bs44we8=*"); r.origins != want {
		t.Errorf("a record that a page has created says %q, want %q", r.origins, want)
	}
	names := map[string]int{"plan": 1, "a b,c%=": 2, "日本": 3, "*": 4, ".": 5, "%20": 6, "e": 7}
	r = r.written(by("token", 1_700_000_001), func(r *record) { r.name, r.attributes = "Ada", names })
	if want := provenance.Origins("bs44we8=* as44we9:ABEiM0RVZneImaq7=.%2520,.*,..,.a%20b%2Cc%25=,.e,.plan,.日本,n"); r.origins != want {
		t.Errorf("the origins are\n%q, want\n%q", r.origins, want)
	}
	for name := range names {
		expect(t, r, map[string]provenance.Source{"custom_attributes." + name: by("token", 1_700_000_001)})
	}
	if r = r.written(by("mail", 1_700_000_002), func(r *record) { r.attributes = nil }); r.origins != "bs44we8=* as44we9:ABEiM0RVZneImaq7=n" {
		t.Errorf("what was cleared left %q", r.origins)
	}
}

func TestOtherTextsAreNoOrigins(t *testing.T) {
	t.Parallel()
	for _, text := range []provenance.Origins{"", " ", "=", "b", "b=", "=n", "z10=n", "b!=n", "b10:AAAA=n", "origins 1", "b-1=n", "b99999999999999999999=n", "?"} {
		if got := text.Of("name"); got != (provenance.Source{}) {
			t.Errorf("%q says %+v", text, got)
		}
		after := (&record{origins: text}).written(by("login", 7), func(r *record) { r.name = "Ada" })
		expect(t, after, map[string]provenance.Source{"name": by("login", 7)})
	}
}

// change draws values for any of the fields.
func change(t *rapid.T, what string) func(*record) {
	values := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "keep"}), 3, 3).Draw(t, what)
	attributes := rapid.MapOfN(rapid.SampledFrom([]string{"plan", "a b", "e"}), rapid.IntRange(0, 2), 0, 3).Draw(t, what+" attributes")
	return func(r *record) {
		for i, c := range columns {
			if values[i] != "keep" {
				*c(r) = values[i]
			}
		}
		r.attributes = maps.Clone(attributes)
	}
}

func source(t *rapid.T, what string) provenance.Source {
	kind := rapid.SampledFrom([]string{"token", "browser", "login", "import", "mail", "command", ""}).Draw(t, what)
	return by(kind, rapid.Int64Range(1, 3).Draw(t, what+" at"))
}

func TestAnUndoBringsTheOriginsBackExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grown := func(who string) *record {
			r := &record{}
			if rapid.Bool().Draw(t, who+" is new") {
				r = begun(source(t, who+" begins"), *r)
			}
			for range rapid.IntRange(0, 3).Draw(t, who+" writes") {
				r = r.written(source(t, who), change(t, who))
			}
			return r
		}
		survivor, absorbed := grown("survivor"), grown("absorbed")
		merged := survivor.clone()
		for _, c := range columns {
			if *c(merged) == "" {
				*c(merged) = *c(absorbed)
			}
		}
		if merged.attributes == nil {
			merged.attributes = map[string]int{}
		}
		for name, v := range absorbed.attributes {
			if _, has := merged.attributes[name]; !has {
				merged.attributes[name] = v
			}
		}
		table.Write(source(t, "merge"), survivor, absorbed, merged)
		back := merged.clone()
		origins := back.origins
		*back = *survivor.clone()
		back.origins = origins
		table.Undo(survivor, merged, back)
		if back.origins != survivor.origins {
			t.Fatalf("after a merge and its undo %q is %q (%q in between, %q absorbed)", survivor.origins, back.origins, merged.origins, absorbed.origins)
		}
	})
}
