package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
)

func attributes(s suite) {
	s.test("a definition comes back as it was, each workspace its own", definitions)
	s.test("a redefined attribute keeps its age", redefined)
	s.test("the first value of a name defines its type", firstValueDefines)
	s.test("whole numbers widen to fractions and nothing else changes its type", typeFits)
	s.test("another server knows a definition at once", otherServer)
	s.test("a name has a type of its own in each workspace", typesApart)
	s.test("a refused value writes nothing", refusedValue)
	s.test("a workspace has at most 250 attributes", attributeLimit)
	s.test("null takes an attribute away and defines none", nullRemoves)
}

// defined answers the type of each attribute of a workspace.
func (w *world) defined(t *testing.T, ws people.WorkspaceID) []*people.Attribute {
	t.Helper()
	all := get(t, w, func(r people.Reader) ([]*people.Attribute, error) { return r.Attributes(ws) })
	slices.SortFunc(all, func(a, b *people.Attribute) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (w *world) define(t *testing.T, all ...*people.Attribute) {
	t.Helper()
	w.write(t, func(tx people.Writer) error {
		for _, a := range all {
			if err := tx.DefineAttribute(a); err != nil {
				return err
			}
		}
		return nil
	})
}

func definitions(t *testing.T, w *world) {
	var ours []*people.Attribute
	types := []people.AttributeType{people.StringAttribute, people.IntegerAttribute, people.FloatAttribute, people.BooleanAttribute}
	for i, name := range append([]string{"plan", "Plan", "PLAN"}, texts...) {
		ours = append(ours, &people.Attribute{Workspace: acme, Name: name, Type: types[i%4], CreatedAt: begin + int64(i)})
	}
	theirs := &people.Attribute{Workspace: rival, Name: "plan", Type: people.FloatAttribute, CreatedAt: begin}
	w.define(t, append(ours, theirs)...)
	slices.SortFunc(ours, func(a, b *people.Attribute) int { return strings.Compare(a.Name, b.Name) })
	expect(t, "our attributes", ours, w.defined(t, acme))
	expect(t, "their attributes", []*people.Attribute{theirs}, w.defined(t, rival))
}

func redefined(t *testing.T, w *world) {
	w.define(t, &people.Attribute{Workspace: acme, Name: "seats", Type: people.IntegerAttribute, CreatedAt: begin})
	w.define(t, &people.Attribute{Workspace: acme, Name: "seats", Type: people.FloatAttribute, CreatedAt: begin + 9})
	want := &people.Attribute{Workspace: acme, Name: "seats", Type: people.FloatAttribute, CreatedAt: begin}
	expect(t, "the attributes", []*people.Attribute{want}, w.defined(t, acme))
}

// attribute sets one attribute of a visitor.
func (w *world) attribute(t *testing.T, p *people.Person, name string, v people.Value) error {
	t.Helper()
	_, err := w.UpdateVisitor(t.Context(), w.caller, people.VisitorRef{ID: p.ID},
		people.VisitorUpdate{CustomAttributes: people.Attributes{name: v}})
	return err
}

func firstValueDefines(t *testing.T, w *world) {
	p := w.has(t, people.Visitor)
	w.clock.pass(time.Minute)
	set := people.Attributes{
		"plan": people.TextValue("pro"), "seats": people.IntValue(3), "price": people.FloatValue(9.5), "paid": people.BoolValue(false),
	}
	if _, err := w.UpdateVisitor(t.Context(), w.caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{CustomAttributes: set}); err != nil {
		t.Fatal(err)
	}
	want := []*people.Attribute{
		{Workspace: acme, Name: "paid", Type: people.BooleanAttribute, CreatedAt: begin + 60},
		{Workspace: acme, Name: "plan", Type: people.StringAttribute, CreatedAt: begin + 60},
		{Workspace: acme, Name: "price", Type: people.FloatAttribute, CreatedAt: begin + 60},
		{Workspace: acme, Name: "seats", Type: people.IntegerAttribute, CreatedAt: begin + 60},
	}
	expect(t, "the attributes", want, w.defined(t, acme))
	expect(t, "another workspace's", []*people.Attribute(nil), w.defined(t, rival))
	expect(t, "the visitor's", set, w.stored(t, p.ID).CustomAttributes)
}

func typeFits(t *testing.T, w *world) {
	text, whole, fraction, truth := people.TextValue("1"), people.IntValue(1), people.FloatValue(1.5), people.BoolValue(true)
	p := w.has(t, people.Visitor)
	for i, c := range []struct {
		first, second people.Value
		want          people.AttributeType // empty for a refusal
	}{
		{text, text, people.StringAttribute},
		{text, whole, ""},
		{text, fraction, ""},
		{text, truth, ""},
		{whole, text, ""},
		{whole, whole, people.IntegerAttribute},
		{whole, fraction, people.FloatAttribute},
		{whole, truth, ""},
		{fraction, text, ""},
		{fraction, whole, people.FloatAttribute},
		{fraction, truth, ""},
		{truth, text, ""},
		{truth, whole, ""},
		{truth, fraction, ""},
		{truth, truth, people.BooleanAttribute},
	} {
		name := fmt.Sprintf("a%02d", i)
		if err := w.attribute(t, p, name, c.first); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time out of memory
			err := w.attribute(t, p, name, c.second)
			invalid, refused := errors.AsType[*people.InvalidError](err)
			switch {
			case refused != (c.want == ""), err != nil && !refused:
				t.Errorf("%v after %v: %v", c.second, c.first, err)
			case refused && invalid.Field != "custom_attributes."+name:
				t.Errorf("%v after %v: the refusal names %s", c.second, c.first, invalid.Field)
			}
		}
		if got := w.defined(t, acme)[i].Type; c.want != "" && got != c.want {
			t.Errorf("%v after %v: the type is %s, want %s", c.second, c.first, got, c.want)
		}
	}
}

func otherServer(t *testing.T, w *world) {
	p, other := w.has(t, people.Visitor), worldOver(w.Store)
	if err := w.attribute(t, p, "seats", people.IntValue(1)); err != nil {
		t.Fatal(err)
	}
	if err := other.attribute(t, p, "seats", people.FloatValue(1.5)); err != nil {
		t.Errorf("the other server does not widen the type: %v", err)
	}
	if err := w.attribute(t, p, "seats", people.FloatValue(2.5)); err != nil {
		t.Errorf("the first server does not know of it: %v", err)
	}
	if err := other.attribute(t, p, "seats", people.TextValue("many")); err == nil {
		t.Error("the other server takes a text for a number")
	}
	if all := w.defined(t, acme); len(all) != 1 || all[0].Type != people.FloatAttribute {
		t.Errorf("the attributes are %v", all)
	}
}

func typesApart(t *testing.T, w *world) {
	ours, theirs := w.has(t, people.Visitor), w.has(t, people.Visitor, func(p *people.Person) { p.Workspace = rival })
	for range 3 { // also when the Lobby remembers ours
		if err := w.attribute(t, ours, "seats", people.IntValue(1)); err != nil {
			t.Fatal(err)
		}
	}
	w.caller.Workspace = rival
	if err := w.attribute(t, theirs, "seats", people.IntValue(1)); err != nil {
		t.Errorf("a whole number for an unknown name: %v", err)
	}
	if err := w.attribute(t, theirs, "plan", people.TextValue("pro")); err != nil {
		t.Errorf("a text for an unknown name: %v", err)
	}
	if all := w.defined(t, rival); len(all) != 2 || all[0].Name != "plan" || all[1].Name != "seats" {
		t.Errorf("the other workspace has the attributes %v, want plan and seats", all)
	}
}

func refusedValue(t *testing.T, w *world) {
	p := w.has(t, people.Visitor)
	w.define(t, &people.Attribute{Workspace: acme, Name: "seats", Type: people.IntegerAttribute, CreatedAt: begin})
	name := "Ada"
	_, err := w.UpdateVisitor(t.Context(), w.caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{
		Name: &name, CustomAttributes: people.Attributes{"a new one": people.IntValue(1), "seats": people.TextValue("many")},
	})
	if _, refused := errors.AsType[*people.InvalidError](err); !refused {
		t.Errorf("UpdateVisitor: %v", err)
	}
	expect(t, "the visitor", p, w.stored(t, p.ID))
	if all := w.defined(t, acme); len(all) != 1 {
		t.Errorf("the attributes are %v, want the old one", all)
	}
	if err := w.attribute(t, p, "a new one", people.TextValue("of another type")); err != nil {
		t.Errorf("the refused update left a definition behind: %v", err)
	}
}

func attributeLimit(t *testing.T, w *world) {
	p := w.has(t, people.Visitor)
	set := people.Attributes{}
	for i := range 249 {
		set[fmt.Sprintf("a%03d", i)] = people.BoolValue(true)
	}
	update := func(c people.Caller, set people.Attributes) error {
		_, err := w.UpdateVisitor(t.Context(), c, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{CustomAttributes: set})
		return err
	}
	if err := update(w.caller, set); err != nil {
		t.Fatal(err)
	}
	both := people.Attributes{"a249": people.BoolValue(true), "a250": people.BoolValue(true)}
	if err := update(w.caller, both); !errors.Is(err, people.ErrTooManyAttributes) {
		t.Errorf("attributes 250 and 251: %v, want that these are too many", err)
	}
	if all := w.defined(t, acme); len(all) != 249 {
		t.Errorf("%d attributes are defined, want 249", len(all))
	}
	delete(both, "a250")
	if err := update(w.caller, both); err != nil {
		t.Errorf("attribute 250: %v", err)
	}
	if err := w.attribute(t, p, "a000", people.BoolValue(false)); err != nil {
		t.Errorf("a known attribute in a full workspace: %v", err)
	}
	if err := w.attribute(t, p, "new", people.NullValue()); err != nil {
		t.Errorf("null in a full workspace: %v", err)
	}
	theirs := w.has(t, people.Visitor, func(p *people.Person) { p.Workspace = rival })
	c := w.caller
	c.Workspace, p = rival, theirs
	if err := update(c, people.Attributes{"a250": people.BoolValue(true)}); err != nil {
		t.Errorf("an attribute of another workspace: %v", err)
	}
}

func nullRemoves(t *testing.T, w *world) {
	p := w.has(t, people.Visitor, func(p *people.Person) {
		p.CustomAttributes = people.Attributes{"plan": people.TextValue("pro"), "seats": people.IntValue(1)}
	})
	for _, name := range []string{"plan", "unheard of"} {
		if err := w.attribute(t, p, name, people.NullValue()); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "the visitor's", people.Attributes{"seats": people.IntValue(1)}, w.stored(t, p.ID).CustomAttributes)
	expect(t, "the attributes", []*people.Attribute(nil), w.defined(t, acme))
	made, err := w.CreateVisitor(t.Context(), w.caller, &people.Person{CustomAttributes: people.Attributes{"plan": people.NullValue()}})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "a new visitor's", people.Attributes(nil), made.CustomAttributes)
}
