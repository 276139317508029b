package storetest

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func persons(s suite) {
	s.test("a person comes back with every field", everyField)
	s.test("a person who has nothing comes back with nothing", nothingKnown)
	s.test("every field can be set and cleared alone", eachFieldAlone)
	s.test("any update leads from one image to the other", anyUpdate)
	s.test("every text comes back as it was", everyText)
	s.test("every value of an attribute comes back as it was", everyValue)
	s.test("an attribute may have 100 KB", longAttribute)
	s.test("an update writes only what differs", disjointUpdates)
	s.test("the same ids in two workspaces never mix", workspacesApart)
	s.test("an unknown person is nobody", unknownPerson)
	s.test("contacts are found by their external id", byExternalID)
	s.test("people are found by their email whatever its case", byEmail)
	s.test("those who share an identifier come active first, then most recently seen", sharedIdentifier)
	s.test("a deleted person leaves nothing behind", deletedPerson)
	s.test("with a person go those that it absorbed", deletedSurvivor)
}

// fill gives p a value of its own in every field of people.Fields but what the record itself is: a field added there is
// tested by itself. Two seeds make no two equal texts or numbers.
func fill(t *testing.T, p *people.Person, seed int64) *people.Person {
	t.Helper()
	id, role, state, into := p.ID, p.Role, p.State, p.MergedInto
	for i := range people.Fields {
		f := &people.Fields[i]
		switch {
		case f.Attributes != nil:
			*f.Attributes(p) = search.Attributes{"plan": search.TextValue("pro"), fmt.Sprintf("seats %d", seed): search.IntValue(seed)}
		case isMaybe(f):
			f.SetValue(p, search.IntValue(int64(people.Yes)))
		case f.Kind == search.KindText:
			f.SetValue(p, search.TextValue(fmt.Sprintf("%s %d", f.Name, seed)))
		case f.Kind == search.KindInt:
			f.SetValue(p, search.IntValue(1_000_000*seed+int64(i)))
		case f.Kind == search.KindBool:
			f.SetValue(p, search.BoolValue(true))
		default:
			t.Fatalf("%s is of the kind %d, which the suite cannot fill", f.Name, f.Kind)
		}
	}
	p.ID, p.Role, p.State, p.MergedInto = id, role, state, into
	return p
}

// isMaybe reports whether a field that is stored as a number is a [people.Maybe].
func isMaybe(f *people.Field) bool {
	p := new(people.Person)
	f.SetValue(p, search.IntValue(int64(people.Yes)))
	return f.Kind == search.KindInt && f.Shown(p).Kind() == search.KindBool
}

func everyField(t *testing.T, w *world) {
	survivor := w.has(t, people.User)
	seed := int64(0)
	for _, role := range []people.Role{people.Visitor, people.Lead, people.User} {
		for _, state := range []people.State{people.Active, people.Archived, people.Blocked, people.Merged} {
			seed++
			p := fill(t, w.person(role), seed)
			p.State = state
			if state == people.Merged {
				p.MergedInto = survivor.ID
			}
			w.insert(t, p)
			expect(t, fmt.Sprint(role, state), p, w.stored(t, p.ID))
			expect(t, "by its anonymous id", p, byAnonymousID(t, w, p.AnonymousID))
		}
	}
}

func byAnonymousID(t *testing.T, w *world, id string) *people.Person {
	t.Helper()
	return get(t, w, func(r people.Reader) (*people.Person, error) { return r.PersonByAnonymousID(acme, id) })
}

func byExternal(t *testing.T, w *world, id string) []*people.Person {
	t.Helper()
	return get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.ContactsByExternalID(acme, id) })
}

func byAddress(t *testing.T, w *world, email string) []*people.Person {
	t.Helper()
	return get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.PeopleByEmail(acme, email) })
}

func nothingKnown(t *testing.T, w *world) {
	p := &people.Person{Workspace: acme, ID: w.NewID(w.Now()), Role: people.Lead, CreatedAt: 1, UpdatedAt: 1}
	w.insert(t, p)
	expect(t, "the person", p, w.stored(t, p.ID))
	expect(t, "people without an anonymous id", (*people.Person)(nil), byAnonymousID(t, w, ""))
	expect(t, "contacts without an external id", []*people.Person(nil), byExternal(t, w, ""))
	expect(t, "people without an email", []*people.Person(nil), byAddress(t, w, ""))
}

func eachFieldAlone(t *testing.T, w *world) {
	blank := w.has(t, people.Lead)
	filled := fill(t, blank.Clone(), 1)
	for i := range people.Fields {
		f := &people.Fields[i]
		if f.Name == "id" || f.Name == "role" || f.Name == "state" || f.Name == "merged_into" {
			continue
		}
		one := blank.Clone()
		f.Copy(one, filled)
		w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(blank, one) })
		expect(t, f.Name+" set", one, w.stored(t, blank.ID))
		w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(one, blank) })
		expect(t, f.Name+" cleared", blank, w.stored(t, blank.ID))
	}
}

func anyUpdate(t *testing.T, w *world) {
	rapid.Check(t, func(rt *rapid.T) {
		before := w.person(people.Lead, func(p *people.Person) { draw(rt, p) })
		after := before.Clone()
		draw(rt, after)
		var inserted, updated *people.Person
		err := w.Store.Write(t.Context(), func(tx people.Writer) (err error) {
			if err := tx.InsertPerson(before); err != nil {
				return err
			}
			if inserted, err = tx.Person(acme, before.ID); err != nil {
				return err
			}
			if err := tx.UpdatePerson(before, after); err != nil {
				return err
			}
			if updated, err = tx.Person(acme, before.ID); err != nil {
				return err
			}
			return errOnPurpose // spares the disk
		})
		if err != errOnPurpose {
			rt.Fatal(err)
		}
		if d := diff(before, inserted) + diff(after, updated); d != "" {
			rt.Errorf("-want +got:\n%s", d)
		}
	})
}

// draw gives p random values, about half of them blank.
func draw(rt *rapid.T, p *people.Person) {
	text := rapid.StringOf(rapid.Rune().Filter(func(r rune) bool { return r != 0 }))
	value := rapid.OneOf(
		rapid.Map(text, search.TextValue), rapid.Map(rapid.Int64(), search.IntValue),
		rapid.Map(rapid.Float64(), search.FloatValue), rapid.Map(rapid.Bool(), search.BoolValue),
	).Filter(func(v search.Value) bool { return !v.IsNull() })
	for i := range people.Fields {
		f := &people.Fields[i]
		blank := rapid.Bool().Draw(rt, "blank")
		switch {
		case f.Name == "id" || f.Name == "role" || f.Name == "state" || f.Name == "merged_into":
		case f.Attributes != nil:
			*f.Attributes(p) = rapid.MapOfN(text, value, 0, 3).Draw(rt, f.Name)
		case isMaybe(f):
			f.SetValue(p, search.IntValue(rapid.Int64Range(0, 2).Draw(rt, f.Name)))
		case f.Name == "created_at" || f.Name == "updated_at": // everybody has these
			f.SetValue(p, search.IntValue(rapid.Int64Min(1).Draw(rt, f.Name)))
		case blank:
			f.SetValue(p, search.NullValue())
		case f.Kind == search.KindText:
			f.SetValue(p, search.TextValue(text.Draw(rt, f.Name)))
		case f.Kind == search.KindInt:
			f.SetValue(p, search.IntValue(rapid.Int64().Draw(rt, f.Name)))
		case f.Kind == search.KindBool:
			f.SetValue(p, search.BoolValue(true))
		}
	}
}

// texts are what a sloppy statement, a wrong encoding or a helpful database would spoil.
var texts = []string{
	"'; DROP TABLE person; --", `"quoted" \back\slash`, "%_like", "$1 ?1 :name @name", "{}", "[]", "null", "NULL", "0", "1e3", "true",
	" leading and trailing ", "\ttab\r\nnew line", "\u2028\u2029\u0001\u007f", "Zoë", "Zoe\u0308", "שלום", "日本語",
	"👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "İstanbul ı", "\ufeff\ufffd\U0010ffff", strings.Repeat("ü", 512),
}

func everyText(t *testing.T, w *world) {
	var all []*people.Person
	for i, text := range texts {
		all = append(all, w.person(people.User, func(p *people.Person) {
			p.AnonymousID, p.ExternalID, p.Email, p.Name = text, text, fmt.Sprint(text, i, "@example.com"), text
			p.Location.City = text
			p.CustomAttributes = search.Attributes{text: search.TextValue(text)}
		}))
	}
	w.insert(t, all...)
	for _, p := range all {
		expect(t, "by id", p, w.stored(t, p.ID))
		expect(t, "by anonymous id", p, byAnonymousID(t, w, p.AnonymousID))
		expect(t, "by external id", []*people.Person{p}, byExternal(t, w, p.ExternalID))
		expect(t, "by email", []*people.Person{p}, byAddress(t, w, p.Email))
	}
}

func everyValue(t *testing.T, w *world) {
	p := w.has(t, people.Visitor, func(p *people.Person) {
		p.CustomAttributes = search.Attributes{
			"": search.TextValue("a name may be empty"), "Case": search.IntValue(1), "case": search.IntValue(2),
			"a.b": search.IntValue(3), "$.x[0]": search.IntValue(4), `"`: search.IntValue(5),
			"empty": search.TextValue(""), "yes": search.BoolValue(true), "no": search.BoolValue(false),
			"digits": search.TextValue("007"), "word": search.TextValue("true"), "nil": search.TextValue("null"),
			"zero": search.IntValue(0), "most": search.IntValue(math.MaxInt64), "least": search.IntValue(math.MinInt64),
			"odd": search.IntValue(1<<53 + 1), "tenth": search.FloatValue(0.1), "tiny": search.FloatValue(5e-324),
			"huge": search.FloatValue(-math.MaxFloat64), "whole": search.FloatValue(1 << 63), "long": search.FloatValue(1e300),
		}
	})
	expect(t, "the person", p, w.stored(t, p.ID))
}

func longAttribute(t *testing.T, w *world) {
	var long strings.Builder
	for i := range 20_000 { // not to be compressed away
		fmt.Fprintf(&long, "%05x", i*7919%1_048_576)
	}
	p := w.has(t, people.Visitor, func(p *people.Person) {
		p.Name = long.String()
		p.CustomAttributes = search.Attributes{"essay": search.TextValue(long.String()), "plan": search.TextValue("pro")}
	})
	expect(t, "the person", p, w.stored(t, p.ID))
	shorter := p.Clone()
	delete(shorter.CustomAttributes, "essay")
	w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(p, shorter) })
	expect(t, "the person without its essay", shorter, w.stored(t, p.ID))
}

func disjointUpdates(t *testing.T, w *world) {
	p := w.has(t, people.Visitor, func(p *people.Person) { p.Name, p.OS = "Ada", "Plan 9" })
	named, seen, moved := p.Clone(), p.Clone(), p.Clone()
	named.Name, named.OS = "Bob", ""
	seen.LastSeenAt++
	moved.Location.City, moved.CustomAttributes = "Lund", search.Attributes{"plan": search.TextValue("pro")}
	for _, after := range []*people.Person{named, seen, moved, p} { // all made from the one stale image
		w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(p, after) })
	}
	want := moved.Clone()
	want.Name, want.OS, want.LastSeenAt = "Bob", "", seen.LastSeenAt
	expect(t, "the person after all updates", want, w.stored(t, p.ID))
}

func workspacesApart(t *testing.T, w *world) {
	ours := fill(t, w.person(people.User), 1)
	theirs := fill(t, ours.Clone(), 1)
	theirs.Workspace, theirs.Name = rival, "Mallory"
	visitor := w.person(people.Visitor)
	theirVisitor := visitor.Clone()
	theirVisitor.Workspace, theirVisitor.Name = rival, "Eve"
	w.insert(t, ours, theirs, visitor, theirVisitor)

	renamed := ours.Clone()
	renamed.Name = "Ada"
	w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(ours, renamed) })
	seenBy := func(ws workspace.ID) []*people.Person {
		return get(t, w, func(r people.Reader) ([]*people.Person, error) { return everyLookUp(r, ws, ours, visitor) })
	}
	expect(t, "ours", []*people.Person{renamed, renamed, renamed, renamed, visitor, visitor, visitor}, seenBy(acme))
	expect(t, "theirs", []*people.Person{theirs, theirs, theirs, theirs, theirVisitor, theirVisitor, theirVisitor}, seenBy(rival))

	w.write(t, func(tx people.Writer) error { return tx.DeletePerson(acme, ours.ID) })
	w.write(t, func(tx people.Writer) error { return tx.DeletePerson(acme, visitor.ID) })
	expect(t, "ours when deleted", []*people.Person{nil, nil, nil, nil}, seenBy(acme))
	expect(t, "theirs then", []*people.Person{theirs, theirs, theirs, theirs, theirVisitor, theirVisitor, theirVisitor}, seenBy(rival))
}

// everyLookUp finds a user in four ways and a visitor in three.
func everyLookUp(r people.Reader, ws workspace.ID, user, visitor *people.Person) ([]*people.Person, error) {
	var found []*people.Person
	for _, look := range []func() (*people.Person, error){
		func() (*people.Person, error) { return r.Person(ws, user.ID) },
		func() (*people.Person, error) { return r.PersonByAnonymousID(ws, user.AnonymousID) },
		func() (*people.Person, error) { return r.Person(ws, visitor.ID) },
		func() (*people.Person, error) { return r.PersonByAnonymousID(ws, visitor.AnonymousID) },
	} {
		p, err := look()
		if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	byExternal, err := r.ContactsByExternalID(ws, user.ExternalID)
	if err != nil {
		return nil, err
	}
	byEmail, err := r.PeopleByEmail(ws, user.Email)
	if err != nil {
		return nil, err
	}
	list, err := r.Visitors(ws, people.VisitorFilter{}, 10)
	users := append(append(found[:2:2], byExternal...), byEmail...)
	return append(append(users, found[2:]...), list...), err
}

func unknownPerson(t *testing.T, w *world) {
	w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	for _, id := range []string{"", "ada", "%", "000000000000000000000000", "no\u2028body"} {
		if p := w.stored(t, id); p != nil {
			t.Errorf("%q is %v", id, p)
		}
		if p := byAnonymousID(t, w, id); p != nil {
			t.Errorf("the anonymous %q is %v", id, p)
		}
		if all := byAddress(t, w, id); len(all) != 0 {
			t.Errorf("the address %q is that of %v", id, all)
		}
	}
	if all := byExternal(t, w, "bob"); len(all) != 0 {
		t.Errorf("the external id bob is that of %v", all)
	}
}
