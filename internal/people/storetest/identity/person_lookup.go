package identity

import (
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
)

func byExternalID(t *testing.T, w *fixtures.Fixtures) {
	named := func(id string) func(*people.Person) { return func(p *people.Person) { p.ExternalID = id } }
	lower, upper := w.Has(t, people.User, named("ada")), w.Has(t, people.Lead, named("Ada"))
	padded := w.Has(t, people.User, named(" ada"))
	for id, want := range map[string]*people.Person{"ada": lower, "Ada": upper, " ada": padded} {
		fixtures.Expect(t, "the contacts with "+id, []*people.Person{want}, byExternal(t, w, id))
	}
	fixtures.Expect(t, "the contacts with ADA", []*people.Person(nil), byExternal(t, w, "ADA"))
}

func byEmail(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.Email = "Ada@Example.com" })
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.Email = "ÄDA@example.com" })
	visitor := w.Has(t, people.Visitor, func(p *people.Person) { p.Email = " eve@example.com " })
	for email, want := range map[string]*people.Person{
		"Ada@Example.com": user, "ada@example.com": user, " ADA@EXAMPLE.COM\n": user,
		"äda@example.com": lead, "ÄDA@EXAMPLE.COM": lead,
		"eve@example.com": visitor, "Eve@Example.com": visitor,
	} {
		fixtures.Expect(t, "the people at "+email, []*people.Person{want}, byAddress(t, w, email))
	}
	for _, email := range []string{"ada", "ada@example.co", "ada@example.com.", "a%@example.com"} {
		fixtures.Expect(t, "the people at "+email, []*people.Person(nil), byAddress(t, w, email))
	}
	moved := user.Clone()
	moved.Email = "lovelace@example.com"
	w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(user, moved) })
	fixtures.Expect(t, "the people at the former address", []*people.Person(nil), byAddress(t, w, "ada@example.com"))
	fixtures.Expect(t, "the people at the new address", []*people.Person{moved}, byAddress(t, w, "Lovelace@example.com"))
}

func sharedIdentifier(t *testing.T, w *fixtures.Fixtures) {
	survivor := w.Has(t, people.User)
	with := func(role people.Role, state people.State, seen int64) *people.Person {
		return w.Has(t, role, func(p *people.Person) {
			p.State, p.LastSeenAt, p.Email = state, seen, "ada@example.com"
			if role.IsContact() {
				p.ExternalID = "ada"
			}
			if state == people.Merged {
				p.MergedInto = survivor.ID
			}
		})
	}
	old := with(people.User, people.Archived, 200)
	newest := with(people.User, people.Merged, 900)
	never := with(people.Lead, people.Blocked, 0)
	active := with(people.User, people.Active, 100)
	newer := with(people.Lead, people.Archived, 300)
	recent := with(people.Visitor, people.Active, 150)
	gone := with(people.Visitor, people.Merged, 250)
	fixtures.Expect(t, "the contacts with the external id",
		fixtures.IDs([]*people.Person{active, newest, newer, old, never}), fixtures.IDs(byExternal(t, w, "ada")))
	fixtures.Expect(t, "the people with the email",
		fixtures.IDs([]*people.Person{recent, active, newest, newer, gone, old, never}), fixtures.IDs(byAddress(t, w, "ada@example.com")))
}

func deletedPerson(t *testing.T, w *fixtures.Fixtures) {
	p, stays := w.Has(t, people.Visitor), w.Has(t, people.Visitor)
	w.Write(t, func(tx people.Writer) error {
		for _, q := range []*people.Person{p, stays} {
			if _, err := tx.InsertEvent(fixtures.EventOf(q, "ordered", fixtures.Begin)); err != nil {
				return err
			}
			if err := tx.InsertChange(w.Conversion(q, q)); err != nil {
				return err
			}
		}
		return tx.DeletePerson(fixtures.Acme, p.ID, 0)
	})
	fixtures.Expect(t, "the person", (*people.Person)(nil), w.Stored(t, p.ID))
	fixtures.Expect(t, "its anonymous id", (*people.Person)(nil), fixtures.ByAnonymousID(t, w, p.AnonymousID))
	fixtures.Expect(t, "its events", []*people.Event(nil), w.StoredEvents(t, p.ID))
	fixtures.Expect(t, "its journal", []*people.Change(nil), w.Journal(t, p.ID))
	fixtures.Expect(t, "the other", stays, w.Stored(t, stays.ID))
	if deeds, journal := w.StoredEvents(t, stays.ID), w.Journal(t, stays.ID); len(deeds) != 1 || len(journal) != 1 {
		t.Errorf("the other has %d events and %d changes, want one of each", len(deeds), len(journal))
	}
	again := w.Has(t, people.Visitor, func(q *people.Person) { q.AnonymousID = p.AnonymousID })
	fixtures.Expect(t, "a new life with the anonymous id", again, fixtures.ByAnonymousID(t, w, p.AnonymousID))
}

func deletedSurvivor(t *testing.T, w *fixtures.Fixtures) {
	user, other := w.Has(t, people.User), w.Has(t, people.User)
	spent, stays := w.Absorbed(t, user), w.Absorbed(t, other)
	w.Write(t, func(tx people.Writer) error {
		_, err := tx.InsertEvent(fixtures.EventOf(spent, "ordered", fixtures.Begin))
		return err
	})
	w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, user.ID, 0) })
	fixtures.Expect(t, "the person", (*people.Person)(nil), w.Stored(t, user.ID))
	fixtures.Expect(t, "whom it absorbed", (*people.Person)(nil), w.Stored(t, spent.ID))
	fixtures.Expect(t, "the absorbed one's events", []*people.Event(nil), w.StoredEvents(t, spent.ID))
	fixtures.Expect(t, "whom the other absorbed", stays, w.Stored(t, stays.ID))
}
