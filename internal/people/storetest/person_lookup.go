package storetest

import (
	"testing"

	"lobby/internal/people"
)

func byExternalID(t *testing.T, w *world) {
	named := func(id string) func(*people.Person) { return func(p *people.Person) { p.ExternalID = id } }
	lower, upper := w.has(t, people.User, named("ada")), w.has(t, people.Lead, named("Ada"))
	padded := w.has(t, people.User, named(" ada"))
	for id, want := range map[string]*people.Person{"ada": lower, "Ada": upper, " ada": padded} {
		expect(t, "the contacts with "+id, []*people.Person{want}, byExternal(t, w, id))
	}
	expect(t, "the contacts with ADA", []*people.Person(nil), byExternal(t, w, "ADA"))
}

func byEmail(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.Email = "Ada@Example.com" })
	lead := w.has(t, people.Lead, func(p *people.Person) { p.Email = "ÄDA@example.com" })
	visitor := w.has(t, people.Visitor, func(p *people.Person) { p.Email = " eve@example.com " })
	for email, want := range map[string]*people.Person{
		"Ada@Example.com": user, "ada@example.com": user, " ADA@EXAMPLE.COM\n": user,
		"äda@example.com": lead, "ÄDA@EXAMPLE.COM": lead,
		"eve@example.com": visitor, "Eve@Example.com": visitor,
	} {
		expect(t, "the people at "+email, []*people.Person{want}, byAddress(t, w, email))
	}
	for _, email := range []string{"ada", "ada@example.co", "ada@example.com.", "a%@example.com"} {
		expect(t, "the people at "+email, []*people.Person(nil), byAddress(t, w, email))
	}
	moved := user.Clone()
	moved.Email = "lovelace@example.com"
	w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(user, moved) })
	expect(t, "the people at the former address", []*people.Person(nil), byAddress(t, w, "ada@example.com"))
	expect(t, "the people at the new address", []*people.Person{moved}, byAddress(t, w, "Lovelace@example.com"))
}

func sharedIdentifier(t *testing.T, w *world) {
	survivor := w.has(t, people.User)
	with := func(role people.Role, state people.State, seen int64) *people.Person {
		return w.has(t, role, func(p *people.Person) {
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
	expect(t, "the contacts with the external id",
		ids([]*people.Person{active, newest, newer, old, never}), ids(byExternal(t, w, "ada")))
	expect(t, "the people with the email",
		ids([]*people.Person{recent, active, newest, newer, gone, old, never}), ids(byAddress(t, w, "ada@example.com")))
}

// absorbed stores a visitor that has gone into survivor.
func (w *world) absorbed(t *testing.T, survivor *people.Person) *people.Person {
	t.Helper()
	return w.has(t, people.Visitor, func(p *people.Person) { p.State, p.MergedInto = people.Merged, survivor.ID })
}

func deletedPerson(t *testing.T, w *world) {
	p, stays := w.has(t, people.Visitor), w.has(t, people.Visitor)
	w.write(t, func(tx people.Writer) error {
		for _, q := range []*people.Person{p, stays} {
			if _, err := tx.InsertEvent(dataEvent(q, "ordered", begin)); err != nil {
				return err
			}
			if err := tx.InsertChange(w.conversion(q, q)); err != nil {
				return err
			}
		}
		return tx.DeletePerson(acme, p.ID)
	})
	expect(t, "the person", (*people.Person)(nil), w.stored(t, p.ID))
	expect(t, "its anonymous id", (*people.Person)(nil), byAnonymousID(t, w, p.AnonymousID))
	expect(t, "its events", []*people.Event(nil), w.eventsOf(t, p.ID))
	expect(t, "its journal", []*people.Change(nil), w.journal(t, p.ID))
	expect(t, "the other", stays, w.stored(t, stays.ID))
	if deeds, journal := w.eventsOf(t, stays.ID), w.journal(t, stays.ID); len(deeds) != 1 || len(journal) != 1 {
		t.Errorf("the other has %d events and %d changes, want one of each", len(deeds), len(journal))
	}
	again := w.has(t, people.Visitor, func(q *people.Person) { q.AnonymousID = p.AnonymousID })
	expect(t, "a new life with the anonymous id", again, byAnonymousID(t, w, p.AnonymousID))
}

func deletedSurvivor(t *testing.T, w *world) {
	user, other := w.has(t, people.User), w.has(t, people.User)
	spent, stays := w.absorbed(t, user), w.absorbed(t, other)
	w.write(t, func(tx people.Writer) error {
		_, err := tx.InsertEvent(dataEvent(spent, "ordered", begin))
		return err
	})
	w.write(t, func(tx people.Writer) error { return tx.DeletePerson(acme, user.ID) })
	expect(t, "the person", (*people.Person)(nil), w.stored(t, user.ID))
	expect(t, "whom it absorbed", (*people.Person)(nil), w.stored(t, spent.ID))
	expect(t, "the absorbed one's events", []*people.Event(nil), w.eventsOf(t, spent.ID))
	expect(t, "whom the other absorbed", stays, w.stored(t, stays.ID))
}
