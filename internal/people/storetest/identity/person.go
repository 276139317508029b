package identity

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func Persons(s fixtures.Suite) {
	s.Test("a person comes back with every field", everyField)
	s.Test("a person who has nothing comes back with nothing", nothingKnown)
	s.Test("every field can be set and cleared alone", eachFieldAlone)
	s.Test("any update leads from one image to the other", anyUpdate)
	s.Test("every text comes back as it was", everyText)
	s.Test("every value of an attribute comes back as it was", everyValue)
	s.Test("an attribute may have 100 KB", longAttribute)
	s.Test("an update writes only what differs", disjointUpdates)
	s.Test("the same ids in two workspaces never mix", workspacesApart)
	s.Test("an unknown person is nobody", unknownPerson)
	s.Test("contacts are found by their external id", byExternalID)
	s.Test("people are found by their email whatever its case", byEmail)
	s.Test("those who share an identifier come active first, then most recently seen", sharedIdentifier)
	s.Test("a deleted person leaves nothing behind", deletedPerson)
	s.Test("with a person go those that it absorbed", deletedSurvivor)
}

func everyField(t *testing.T, w *fixtures.Fixtures) {
	survivor := w.Has(t, people.User)
	seed := int64(0)
	for _, role := range []people.Role{people.Visitor, people.Lead, people.User} {
		for _, state := range []people.State{people.Active, people.Archived, people.Blocked, people.Merged} {
			seed++
			p := fixtures.Fill(t, w.Person(role), seed)
			p.State = state
			if state == people.Merged {
				p.MergedInto = survivor.ID
			}
			w.Insert(t, p)
			fixtures.Expect(t, fmt.Sprint(role, state), p, w.Stored(t, p.ID))
			fixtures.Expect(t, "by its anonymous id", p, fixtures.ByAnonymousID(t, w, p.AnonymousID))
		}
	}
}

func byExternal(t *testing.T, w *fixtures.Fixtures, id string) []*people.Person {
	t.Helper()
	return fixtures.Get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.ContactsByExternalID(fixtures.Acme, id) })
}

func byAddress(t *testing.T, w *fixtures.Fixtures, email string) []*people.Person {
	t.Helper()
	return fixtures.Get(t, w, func(r people.Reader) ([]*people.Person, error) { return r.PeopleByEmail(fixtures.Acme, email) })
}

func nothingKnown(t *testing.T, w *fixtures.Fixtures) {
	p := &people.Person{Workspace: fixtures.Acme, ID: w.NewID(w.Now()), Role: people.Lead, CreatedAt: 1, UpdatedAt: 1}
	w.Insert(t, p)
	fixtures.Expect(t, "the person", p, w.Stored(t, p.ID))
	fixtures.Expect(t, "people without an anonymous id", (*people.Person)(nil), fixtures.ByAnonymousID(t, w, ""))
	fixtures.Expect(t, "contacts without an external id", []*people.Person(nil), byExternal(t, w, ""))
	fixtures.Expect(t, "people without an email", []*people.Person(nil), byAddress(t, w, ""))
}

func eachFieldAlone(t *testing.T, w *fixtures.Fixtures) {
	blank := w.Has(t, people.Lead)
	filled := fixtures.Fill(t, blank.Clone(), 1)
	for i := range people.Fields {
		f := &people.Fields[i]
		if f.Name == "id" || f.Name == "role" || f.Name == "state" || f.Name == "merged_into" {
			continue
		}
		one := blank.Clone()
		f.Copy(one, filled)
		w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(blank, one) })
		fixtures.Expect(t, f.Name+" set", one, w.Stored(t, blank.ID))
		w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(one, blank) })
		fixtures.Expect(t, f.Name+" cleared", blank, w.Stored(t, blank.ID))
	}
}

func anyUpdate(t *testing.T, w *fixtures.Fixtures) {
	rapid.Check(t, func(rt *rapid.T) {
		before := w.Person(people.Lead, func(p *people.Person) { draw(rt, p) })
		after := before.Clone()
		draw(rt, after)
		var inserted, updated *people.Person
		err := w.Store.Write(t.Context(), func(tx people.Writer) (err error) {
			if err := tx.InsertPerson(before); err != nil {
				return err
			}
			if inserted, err = tx.Person(fixtures.Acme, before.ID); err != nil {
				return err
			}
			if err := tx.UpdatePerson(before, after); err != nil {
				return err
			}
			if updated, err = tx.Person(fixtures.Acme, before.ID); err != nil {
				return err
			}
			return fixtures.ErrOnPurpose // spares the disk
		})
		if err != fixtures.ErrOnPurpose {
			rt.Fatal(err)
		}
		if d := fixtures.Diff(before, inserted) + fixtures.Diff(after, updated); d != "" {
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
		case fixtures.IsMaybe(f):
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

func everyText(t *testing.T, w *fixtures.Fixtures) {
	var all []*people.Person
	for i, text := range fixtures.Texts {
		all = append(all, w.Person(people.User, func(p *people.Person) {
			p.AnonymousID, p.ExternalID, p.Email, p.Name = text, text, fmt.Sprint(text, i, "@example.com"), text
			p.Location.City = text
			p.CustomAttributes = search.Attributes{text: search.TextValue(text)}
		}))
	}
	w.Insert(t, all...)
	for _, p := range all {
		fixtures.Expect(t, "by id", p, w.Stored(t, p.ID))
		fixtures.Expect(t, "by anonymous id", p, fixtures.ByAnonymousID(t, w, p.AnonymousID))
		fixtures.Expect(t, "by external id", []*people.Person{p}, byExternal(t, w, p.ExternalID))
		fixtures.Expect(t, "by email", []*people.Person{p}, byAddress(t, w, p.Email))
	}
}

func everyValue(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor, func(p *people.Person) {
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
	fixtures.Expect(t, "the person", p, w.Stored(t, p.ID))
}

func longAttribute(t *testing.T, w *fixtures.Fixtures) {
	var long strings.Builder
	for i := range 20_000 { // not to be compressed away
		fmt.Fprintf(&long, "%05x", i*7919%1_048_576)
	}
	p := w.Has(t, people.Visitor, func(p *people.Person) {
		p.Name = long.String()
		p.CustomAttributes = search.Attributes{"essay": search.TextValue(long.String()), "plan": search.TextValue("pro")}
	})
	fixtures.Expect(t, "the person", p, w.Stored(t, p.ID))
	shorter := p.Clone()
	delete(shorter.CustomAttributes, "essay")
	w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(p, shorter) })
	fixtures.Expect(t, "the person without its essay", shorter, w.Stored(t, p.ID))
}

func disjointUpdates(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor, func(p *people.Person) { p.Name, p.OS = "Ada", "Plan 9" })
	named, seen, moved := p.Clone(), p.Clone(), p.Clone()
	named.Name, named.OS = "Bob", ""
	seen.LastSeenAt++
	moved.Location.City, moved.CustomAttributes = "Lund", search.Attributes{"plan": search.TextValue("pro")}
	for _, after := range []*people.Person{named, seen, moved, p} { // all made from the one stale image
		w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(p, after) })
	}
	want := moved.Clone()
	want.Name, want.OS, want.LastSeenAt = "Bob", "", seen.LastSeenAt
	fixtures.Expect(t, "the person after all updates", want, w.Stored(t, p.ID))
}

func workspacesApart(t *testing.T, w *fixtures.Fixtures) {
	ours := fixtures.Fill(t, w.Person(people.User), 1)
	theirs := fixtures.Fill(t, ours.Clone(), 1)
	theirs.Workspace, theirs.Name = fixtures.Rival, "Mallory"
	visitor := w.Person(people.Visitor)
	theirVisitor := visitor.Clone()
	theirVisitor.Workspace, theirVisitor.Name = fixtures.Rival, "Eve"
	w.Insert(t, ours, theirs, visitor, theirVisitor)

	renamed := ours.Clone()
	renamed.Name = "Ada"
	w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(ours, renamed) })
	seenBy := func(ws workspace.ID) []*people.Person {
		return fixtures.Get(t, w, func(r people.Reader) ([]*people.Person, error) { return everyLookUp(r, ws, ours, visitor) })
	}
	fixtures.Expect(t, "ours", []*people.Person{renamed, renamed, renamed, renamed, visitor, visitor, visitor}, seenBy(fixtures.Acme))
	fixtures.Expect(t, "theirs", []*people.Person{theirs, theirs, theirs, theirs, theirVisitor, theirVisitor, theirVisitor}, seenBy(fixtures.Rival))

	w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, ours.ID, 0) })
	w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, visitor.ID, 0) })
	fixtures.Expect(t, "ours when deleted", []*people.Person{nil, nil, nil, nil}, seenBy(fixtures.Acme))
	fixtures.Expect(t, "theirs then", []*people.Person{theirs, theirs, theirs, theirs, theirVisitor, theirVisitor, theirVisitor}, seenBy(fixtures.Rival))
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

func unknownPerson(t *testing.T, w *fixtures.Fixtures) {
	w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	for _, id := range []string{"", "ada", "%", "000000000000000000000000", "no\u2028body"} {
		if p := w.Stored(t, id); p != nil {
			t.Errorf("%q is %v", id, p)
		}
		if p := fixtures.ByAnonymousID(t, w, id); p != nil {
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
