package nouns

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func Attributes(s fixtures.Suite) {
	s.Test("a definition comes back as it was, each workspace its own", definitions)
	s.Test("a redefined attribute keeps its id, its model and its age", redefined)
	s.Test("an id of an attribute is given once in a workspace", idsTaken)
	s.Test("the first value of a name defines its type", firstValueDefines)
	s.Test("whole numbers widen, and values are read by the type that is there", typeFits)
	s.Test("a page writes values and times as JavaScript has them", readFromPages)
	s.Test("another server knows a definition at once", otherServer)
	s.Test("a name has a type of its own in each workspace", typesApart)
	s.Test("another server believes an old definition for no longer than a second", otherServersOptions)
	s.Test("dates, options and the model of a definition hold for its values", typesHold)
	s.Test("ids count from one in each workspace, whoever defines", idsCount)
	s.Test("two servers never give one id twice", idsAtOnce)
	s.Test("a page may not set what the messenger may not write", messengerWrites)
	s.Test("a refused value writes nothing", refusedValue)
	s.Test("a workspace has at most 250 attributes", attributeLimit)
	s.Test("null takes an attribute away and defines none", nullRemoves)
}

func definitions(t *testing.T, w *fixtures.Fixtures) {
	var ours []*people.Attribute
	types := []people.AttributeType{
		people.StringAttribute, people.IntegerAttribute, people.FloatAttribute, people.BooleanAttribute, people.DateAttribute, people.DatetimeAttribute,
	}
	for i, name := range append([]string{"plan", "Plan", "PLAN"}, fixtures.Texts...) {
		a := fixtures.Definition(name, types[i%len(types)])
		a.ID, a.CreatedAt, a.UpdatedAt = int64(i+1), fixtures.Begin+int64(i), fixtures.Begin+int64(2*i)
		if i%2 == 0 { // all that may be missing is there on every other
			a.Model, a.Description, a.Options, a.AdminID = people.CompanyModel, name, fixtures.Texts, 7
			a.Archived, a.MessengerWritable = true, true
		}
		ours = append(ours, a)
	}
	theirs := fixtures.Definition("plan", people.FloatAttribute)
	theirs.Workspace = fixtures.Rival
	w.Define(t, append(ours, theirs)...)
	slices.SortFunc(ours, func(a, b *people.Attribute) int { return strings.Compare(a.Name, b.Name) })
	fixtures.Expect(t, "our attributes", ours, w.Defined(t, fixtures.Acme))
	fixtures.Expect(t, "their attributes", []*people.Attribute{theirs}, w.Defined(t, fixtures.Rival))
}

func redefined(t *testing.T, w *fixtures.Fixtures) {
	before := fixtures.Definition("seats", people.IntegerAttribute)
	w.Define(t, before)
	after := &people.Attribute{
		Workspace: fixtures.Acme, ID: 9, Model: people.CompanyModel, Name: "seats", Description: "how many", Type: people.FloatAttribute,
		Options: []string{"1", "2"}, Archived: true, MessengerWritable: true, AdminID: 9, CreatedAt: fixtures.Begin + 9, UpdatedAt: fixtures.Begin + 9,
	}
	w.Define(t, after)
	want := *after
	want.ID, want.Model, want.AdminID, want.CreatedAt = before.ID, before.Model, before.AdminID, before.CreatedAt
	fixtures.Expect(t, "the attributes", []*people.Attribute{&want}, w.Defined(t, fixtures.Acme))
	w.Define(t, before)
	fixtures.Expect(t, "the attributes after a second time", []*people.Attribute{before}, w.Defined(t, fixtures.Acme))
}

func idsTaken(t *testing.T, w *fixtures.Fixtures) {
	ours, theirs := fixtures.Definition("plan", people.StringAttribute), fixtures.Definition("plan", people.StringAttribute)
	theirs.Workspace = fixtures.Rival
	w.Define(t, ours, theirs)
	err := w.Store.Write(t.Context(), func(tx people.Writer) error {
		return tx.DefineAttribute(fixtures.Definition("seats", people.IntegerAttribute))
	})
	if !errors.Is(err, workspace.ErrTaken) {
		t.Errorf("two attributes with one id: %v", err)
	}
	fixtures.Expect(t, "the attributes", []*people.Attribute{ours}, w.Defined(t, fixtures.Acme))
}

func firstValueDefines(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor)
	w.Write(t, func(tx people.Writer) error {
		return errors.Join(
			fixtures.Office(tx).InsertAdmin(&workspace.Admin{Workspace: fixtures.Acme, ID: 8, Name: "Bo", CreatedAt: fixtures.Begin}),
			fixtures.Office(tx).InsertAdmin(&workspace.Admin{Workspace: fixtures.Acme, ID: 7, Name: "Ada", CreatedAt: fixtures.Begin}),
		)
	})
	w.Clock.Pass(time.Minute)
	set := search.Attributes{
		"plan": search.TextValue("pro"), "seats": search.IntValue(3), "price": search.FloatValue(9.5), "paid": search.BoolValue(false),
	}
	if _, err := w.UpdateVisitor(t.Context(), w.Caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{CustomAttributes: set}); err != nil {
		t.Fatal(err)
	}
	var want []*people.Attribute
	for i, a := range []*people.Attribute{
		fixtures.Definition("paid", people.BooleanAttribute), fixtures.Definition("plan", people.StringAttribute),
		fixtures.Definition("price", people.FloatAttribute), fixtures.Definition("seats", people.IntegerAttribute),
	} {
		a.ID, a.MessengerWritable, a.AdminID, a.CreatedAt, a.UpdatedAt = int64(i+1), true, 7, fixtures.Begin+60, fixtures.Begin+60
		want = append(want, a)
	}
	fixtures.Expect(t, "the attributes", want, w.Defined(t, fixtures.Acme))
	fixtures.Expect(t, "another workspace's", []*people.Attribute(nil), w.Defined(t, fixtures.Rival))
	fixtures.Expect(t, "the visitor's", set, w.Stored(t, p.ID).CustomAttributes)
}

func typeFits(t *testing.T, w *fixtures.Fixtures) {
	text, whole, fraction, truth := search.TextValue("1"), search.IntValue(1), search.FloatValue(1.5), search.BoolValue(true)
	p := w.Has(t, people.Visitor)
	for i, c := range []struct {
		first, second search.Value
		want          people.AttributeType // empty for a refusal
	}{
		{text, text, people.StringAttribute},
		{text, whole, people.StringAttribute},
		{text, fraction, people.StringAttribute},
		{text, truth, people.StringAttribute},
		{whole, text, people.IntegerAttribute},
		{whole, search.TextValue("1.5"), people.FloatAttribute},
		{whole, search.TextValue("one"), ""},
		{whole, whole, people.IntegerAttribute},
		{whole, fraction, people.FloatAttribute},
		{whole, truth, ""},
		{fraction, text, people.FloatAttribute},
		{fraction, whole, people.FloatAttribute},
		{fraction, truth, ""},
		{truth, text, ""},
		{truth, search.TextValue("False"), people.BooleanAttribute},
		{truth, whole, ""},
		{truth, fraction, ""},
		{truth, truth, people.BooleanAttribute},
	} {
		name := fmt.Sprintf("a%02d", i)
		if err := w.Attribute(t, p, name, c.first); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time out of memory
			err := w.Attribute(t, p, name, c.second)
			invalid, refused := errors.AsType[*workspace.InvalidError](err)
			switch {
			case refused != (c.want == ""), err != nil && !refused:
				t.Errorf("%v after %v: %v", c.second, c.first, err)
			case refused && invalid.Field != "custom_attributes."+name:
				t.Errorf("%v after %v: the refusal names %s", c.second, c.first, invalid.Field)
			}
		}
		if got := w.Defined(t, fixtures.Acme)[i].Type; c.want != "" && got != c.want {
			t.Errorf("%v after %v: the type is %s, want %s", c.second, c.first, got, c.want)
		}
	}
}

// readFromPages sends what pages have for times, flags and numbers, the second time out of memory.
func readFromPages(t *testing.T, w *fixtures.Fixtures) {
	const second = 1714557600
	text, whole := search.TextValue, search.IntValue
	id := w.NewUUID()
	first := search.Attributes{
		"ordered_at": whole(second * 1000), "paid": search.BoolValue(true), "seats": whole(9), "plan": text("7"), "zip": text("0123"),
	}
	want := first.With(search.Attributes{"ordered_at": whole(second)})
	fixtures.Expect(t, "as first values", want, w.Visit(t, visit.Visit{AnonymousID: id, CustomAttributes: first}).Person.CustomAttributes)
	if a := w.Defined(t, fixtures.Acme)[0]; a.Name != "ordered_at" || a.Type != people.DateAttribute {
		t.Errorf("%s is a %s", a.Name, a.Type)
	}
	for range 2 {
		for _, c := range []struct{ sent, want search.Attributes }{
			{search.Attributes{"ordered_at": text("2024-05-01T10:00:00.000Z")}, search.Attributes{"ordered_at": whole(second)}},
			{search.Attributes{"ordered_at": whole(second + 1)}, search.Attributes{"ordered_at": whole(second + 1)}},
			{search.Attributes{"paid": text("false"), "seats": text("10")}, search.Attributes{"paid": search.BoolValue(false), "seats": whole(10)}},
			{search.Attributes{"plan": whole(8), "zip": search.BoolValue(true)}, search.Attributes{"plan": text("8"), "zip": text("true")}},
			{search.Attributes{"ordered_at": text("soon"), "paid": text("no"), "seats": text("few"), "plan": text("9")}, search.Attributes{"plan": text("9")}},
		} {
			want = want.With(c.want)
			got := w.Visit(t, visit.Visit{AnonymousID: id, CustomAttributes: c.sent}).Person.CustomAttributes
			fixtures.Expect(t, fmt.Sprint("after ", c.sent), want, got)
		}
	}
}

func otherServer(t *testing.T, w *fixtures.Fixtures) {
	p, other := w.Has(t, people.Visitor), fixtures.Over(w.Store)
	if err := w.Attribute(t, p, "seats", search.IntValue(1)); err != nil {
		t.Fatal(err)
	}
	if err := other.Attribute(t, p, "seats", search.FloatValue(1.5)); err != nil {
		t.Errorf("the other server does not widen the type: %v", err)
	}
	if err := w.Attribute(t, p, "seats", search.FloatValue(2.5)); err != nil {
		t.Errorf("the first server does not know of it: %v", err)
	}
	if err := other.Attribute(t, p, "seats", search.TextValue("many")); err == nil {
		t.Error("the other server takes a text for a number")
	}
	if all := w.Defined(t, fixtures.Acme); len(all) != 1 || all[0].Type != people.FloatAttribute {
		t.Errorf("the attributes are %v", all)
	}
}

func typesApart(t *testing.T, w *fixtures.Fixtures) {
	ours, theirs := w.Has(t, people.Visitor), w.Has(t, people.Visitor, func(p *people.Person) { p.Workspace = fixtures.Rival })
	for range 3 { // also when the Lobby remembers ours
		if err := w.Attribute(t, ours, "seats", search.IntValue(1)); err != nil {
			t.Fatal(err)
		}
	}
	w.Caller.Workspace = fixtures.Rival
	if err := w.Attribute(t, theirs, "seats", search.IntValue(1)); err != nil {
		t.Errorf("a whole number for an unknown name: %v", err)
	}
	if err := w.Attribute(t, theirs, "plan", search.TextValue("pro")); err != nil {
		t.Errorf("a text for an unknown name: %v", err)
	}
	if all := w.Defined(t, fixtures.Rival); len(all) != 2 || all[0].Name != "plan" || all[1].Name != "seats" {
		t.Errorf("the other workspace has the attributes %v, want plan and seats", all)
	}
}

func refusedValue(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor)
	w.Define(t, fixtures.Definition("seats", people.IntegerAttribute))
	name := "Ada"
	_, err := w.UpdateVisitor(t.Context(), w.Caller, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{
		Name: &name, CustomAttributes: search.Attributes{"a new one": search.IntValue(1), "seats": search.TextValue("many")},
	})
	if _, refused := errors.AsType[*workspace.InvalidError](err); !refused {
		t.Errorf("UpdateVisitor: %v", err)
	}
	fixtures.Expect(t, "the visitor", p, w.Stored(t, p.ID))
	if all := w.Defined(t, fixtures.Acme); len(all) != 1 {
		t.Errorf("the attributes are %v, want the old one", all)
	}
	if err := w.Attribute(t, p, "a new one", search.TextValue("of another type")); err != nil {
		t.Errorf("the refused update left a definition behind: %v", err)
	}
}

func attributeLimit(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor)
	set := search.Attributes{}
	for i := range 249 {
		set[fmt.Sprintf("a%03d", i)] = search.BoolValue(true)
	}
	update := func(c workspace.Caller, set search.Attributes) error {
		_, err := w.UpdateVisitor(t.Context(), c, people.VisitorRef{ID: p.ID}, people.VisitorUpdate{CustomAttributes: set})
		return err
	}
	if err := update(w.Caller, set); err != nil {
		t.Fatal(err)
	}
	both := search.Attributes{"a249": search.BoolValue(true), "a250": search.BoolValue(true)}
	if err := update(w.Caller, both); !errors.Is(err, people.ErrTooManyAttributes) {
		t.Errorf("attributes 250 and 251: %v, want that these are too many", err)
	}
	if all := w.Defined(t, fixtures.Acme); len(all) != 249 {
		t.Errorf("%d attributes are defined, want 249", len(all))
	}
	delete(both, "a250")
	if err := update(w.Caller, both); err != nil {
		t.Errorf("attribute 250: %v", err)
	}
	if err := w.Attribute(t, p, "a000", search.BoolValue(false)); err != nil {
		t.Errorf("a known attribute in a full workspace: %v", err)
	}
	if err := w.Attribute(t, p, "new", search.NullValue()); err != nil {
		t.Errorf("null in a full workspace: %v", err)
	}
	theirs := w.Has(t, people.Visitor, func(p *people.Person) { p.Workspace = fixtures.Rival })
	c := w.Caller
	c.Workspace, p = fixtures.Rival, theirs
	if err := update(c, search.Attributes{"a250": search.BoolValue(true)}); err != nil {
		t.Errorf("an attribute of another workspace: %v", err)
	}
}

func nullRemoves(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor, func(p *people.Person) {
		p.CustomAttributes = search.Attributes{"plan": search.TextValue("pro"), "seats": search.IntValue(1)}
	})
	for _, name := range []string{"plan", "unheard of"} {
		if err := w.Attribute(t, p, name, search.NullValue()); err != nil {
			t.Fatal(err)
		}
	}
	fixtures.Expect(t, "the visitor's", search.Attributes{"seats": search.IntValue(1)}, w.Stored(t, p.ID).CustomAttributes)
	fixtures.Expect(t, "the attributes", []*people.Attribute(nil), w.Defined(t, fixtures.Acme))
	made, err := w.CreateVisitor(t.Context(), w.Caller, &people.Person{CustomAttributes: search.Attributes{"plan": search.NullValue()}})
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "a new visitor's", search.Attributes(nil), made.CustomAttributes)
}

func otherServersOptions(t *testing.T, w *fixtures.Fixtures) {
	p, other := w.Has(t, people.Visitor), fixtures.Over(w.Store)
	size := w.Creates(t, "size", people.StringAttribute)
	for _, server := range []*fixtures.Fixtures{w, other} {
		if err := server.Attribute(t, p, "size", search.TextValue("M")); err != nil {
			t.Fatal(err)
		}
	}
	options := []string{"S", "L"}
	if _, err := w.UpdateAttribute(t.Context(), w.Caller, size.ID, people.AttributeUpdate{Options: &options}); err != nil {
		t.Fatal(err)
	}
	if err := w.Attribute(t, p, "size", search.TextValue("M")); err == nil {
		t.Error("the server that changed the definition does not go by it")
	}
	other.Clock.Pass(time.Second)
	if err := other.Attribute(t, p, "size", search.TextValue("M")); err == nil {
		t.Error("a second later the other server does not go by the definition")
	}
	if err := other.Attribute(t, p, "size", search.TextValue("L")); err != nil {
		t.Errorf("an option on the other server: %v", err)
	}
}

func typesHold(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor)
	w.Creates(t, "since", people.DateAttribute)
	w.Creates(t, "at", people.DatetimeAttribute)
	w.Creates(t, "size", people.StringAttribute, func(a *people.Attribute) { a.Options = []string{"S", "L"} })
	w.Creates(t, "trade", people.StringAttribute, func(a *people.Attribute) { a.Model = people.CompanyModel })
	before := w.Defined(t, fixtures.Acme)
	for _, c := range []struct {
		name string
		v    search.Value
		fits bool
	}{
		{"since", search.IntValue(0), true},
		{"since", search.IntValue(-1), false},
		{"since", search.FloatValue(1.5), false},
		{"since", search.TextValue("0"), true},
		{"since", search.TextValue("zero"), false},
		{"since", search.IntValue(1714557600000), false},
		{"since", search.NullValue(), true},
		{"at", search.IntValue(fixtures.Begin), true},
		{"at", search.BoolValue(true), false},
		{"size", search.TextValue("L"), true},
		{"size", search.TextValue("M"), false},
		{"size", search.NullValue(), true},
		{"trade", search.TextValue("x"), false},
		{"trade", search.NullValue(), true},
	} {
		for range 2 { // the second time out of memory
			err := w.Attribute(t, p, c.name, c.v)
			if invalid, refused := errors.AsType[*workspace.InvalidError](err); refused == c.fits || refused && invalid.Field != "custom_attributes."+c.name {
				t.Errorf("%s %v: %v", c.name, c.v, err)
			}
		}
	}
	fixtures.Expect(t, "the attributes", before, w.Defined(t, fixtures.Acme))
}

func idsCount(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor)
	if err := w.Attribute(t, p, "inferred", search.IntValue(1)); err != nil {
		t.Fatal(err)
	}
	first := w.Creates(t, "created", people.StringAttribute)
	archived := true
	if _, err := w.UpdateAttribute(t.Context(), w.Caller, first.ID, people.AttributeUpdate{Archived: &archived}); err != nil {
		t.Fatal(err)
	}
	if err := w.Attribute(t, p, "another", search.IntValue(1)); err != nil {
		t.Fatal(err)
	}
	ids := map[string]int64{}
	for _, a := range w.Defined(t, fixtures.Acme) {
		ids[a.Name] = a.ID
	}
	fixtures.Expect(t, "the ids", map[string]int64{"inferred": 1, "created": 2, "another": 3}, ids)
	w.Caller.Workspace = fixtures.Rival
	if a := w.Creates(t, "created", people.StringAttribute); a.ID != 1 || a.Workspace != fixtures.Rival {
		t.Errorf("the other workspace begins with the id %d", a.ID)
	}
}

func idsAtOnce(t *testing.T, w *fixtures.Fixtures) {
	var wait sync.WaitGroup
	for i := range 8 {
		server := fixtures.Over(w.Store)
		wait.Go(func() {
			order := &people.Attribute{Model: people.CompanyModel, Name: fmt.Sprintf("a%d", i), Type: people.StringAttribute}
			if _, err := server.CreateAttribute(t.Context(), server.Caller, order); err != nil {
				t.Errorf("attribute %d: %v", i, err)
			}
		})
	}
	wait.Wait()
	var ids []int64
	for _, a := range w.Defined(t, fixtures.Acme) {
		ids = append(ids, a.ID)
	}
	slices.Sort(ids)
	fixtures.Expect(t, "the ids", []int64{1, 2, 3, 4, 5, 6, 7, 8}, ids)
}

func messengerWrites(t *testing.T, w *fixtures.Fixtures) {
	locked := func(a *people.Attribute) { a.MessengerWritable = false }
	w.Creates(t, "score", people.IntegerAttribute, locked)
	w.Creates(t, "color", people.StringAttribute)
	id := w.NewUUID()
	visit := func(set search.Attributes) search.Attributes {
		visited, err := w.TryVisit(t, visit.Visit{AnonymousID: id, CustomAttributes: set})
		if err != nil {
			t.Fatal(err)
		}
		return w.Stored(t, visited.Person.ID).CustomAttributes
	}
	for range 2 { // the second time out of memory
		got := visit(search.Attributes{"score": search.IntValue(9), "color": search.TextValue("red"), "new": search.IntValue(1)})
		fixtures.Expect(t, "what a page sets", search.Attributes{"color": search.TextValue("red"), "new": search.IntValue(1)}, got)
	}
	p := fixtures.Get(t, w, func(r people.Reader) (*people.Person, error) { return r.PersonByAnonymousID(fixtures.Acme, id) })
	if err := w.Attribute(t, p, "score", search.IntValue(5)); err != nil {
		t.Fatal(err)
	}
	got := visit(search.Attributes{"score": search.NullValue(), "new": search.NullValue()})
	fixtures.Expect(t, "what a page takes away", search.Attributes{"score": search.IntValue(5), "color": search.TextValue("red")}, got)
}
