package identity

import (
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
)

func Keys(s fixtures.Suite) {
	s.Test("an id is taken within its workspace", idKey)
	s.Test("an anonymous id is taken for ever", anonymousKey)
	s.Test("an external id is taken by one active contact", externalKey)
	s.Test("an email is taken by one active user whatever its case", emailKey)
	s.Test("an update meets the keys too", updatedKey)
	s.Test("a person gives up a key and another takes it in one write", passedKey)
}

func idKey(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
	again := w.Person(people.Visitor, func(q *people.Person) { q.ID = p.ID })
	w.Taken(t, "a second person with the id", func(tx people.Writer) error { return tx.InsertPerson(again) })
	fixtures.Expect(t, "the first", p, w.Stored(t, p.ID))
	again.Workspace = fixtures.Rival
	w.Insert(t, again)
}

func anonymousKey(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	archived := func(p *people.Person) { p.State = people.Archived }
	for what, p := range map[string]*people.Person{
		"a live visitor":           w.Has(t, people.Visitor),
		"an absorbed visitor":      w.Absorbed(t, user),
		"a lead that was one":      w.Has(t, people.Lead, func(p *people.Person) { p.AnonymousID = w.NewUUID() }),
		"an archived user was one": w.Has(t, people.User, archived, func(p *people.Person) { p.AnonymousID = w.NewUUID() }),
	} {
		again := func(q *people.Person) { q.AnonymousID = p.AnonymousID }
		w.TakenBy(t, what, w.Person(people.Visitor, again))
		w.TakenBy(t, what, w.Person(people.User, again))
		w.TakenBy(t, what, w.Person(people.Lead, again, func(q *people.Person) { q.State = people.Archived }))
	}
	w.Has(t, people.Lead)
	w.Has(t, people.Lead) // the lack of an id is no id
}

func externalKey(t *testing.T, w *fixtures.Fixtures) {
	ada := func(p *people.Person) { p.ExternalID = "ada" }
	in := func(state people.State) func(*people.Person) { return func(p *people.Person) { p.State = state } }
	w.Has(t, people.User, ada, in(people.Archived))
	w.Has(t, people.User, ada, in(people.Archived))
	w.Has(t, people.Lead, ada, in(people.Blocked))
	w.Has(t, people.User, ada)
	w.TakenBy(t, "a second user", w.Person(people.User, ada))
	w.TakenBy(t, "a lead", w.Person(people.Lead, ada))
	w.Has(t, people.User, ada, in(people.Archived))
	w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "Ada" })
	w.Has(t, people.User, ada, func(p *people.Person) { p.Workspace = fixtures.Rival })
	w.Has(t, people.User)
	w.Has(t, people.User)
}

func emailKey(t *testing.T, w *fixtures.Fixtures) {
	at := func(email string) func(*people.Person) { return func(p *people.Person) { p.Email = email } }
	w.Has(t, people.User, at("ÄDA@example.com"))
	for _, email := range []string{"ÄDA@example.com", "äda@Example.COM", " äda@example.com "} {
		w.TakenBy(t, "a second user at "+email, w.Person(people.User, at(email)))
		w.Has(t, people.Lead, at(email))
		w.Has(t, people.Visitor, at(email))
		w.Has(t, people.User, at(email), func(p *people.Person) { p.State = people.Archived })
	}
	w.Has(t, people.User, at("ada@example.com"))
	w.Has(t, people.User, at("äda@example.com"), func(p *people.Person) { p.Workspace = fixtures.Rival })
	w.Has(t, people.User)
	w.Has(t, people.User)
}

func updatedKey(t *testing.T, w *fixtures.Fixtures) {
	w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "ada" })
	w.Has(t, people.User, func(p *people.Person) { p.Email = "ada@example.com" })
	eve := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "eve", "Ada@example.com" })
	visitor := w.Has(t, people.Visitor)
	bob := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "bob", "bob@example.com" })
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.Email = "ada@example.com" })
	archived := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.State = "ada", people.Archived })
	for what, c := range map[string]struct {
		p      *people.Person
		change func(*people.Person)
	}{
		"an external id":       {bob, func(p *people.Person) { p.ExternalID = "ada" }},
		"an email":             {bob, func(p *people.Person) { p.ExternalID, p.Email = "", "ADA@example.com" }},
		"an external id gone":  {eve, func(p *people.Person) { p.ExternalID = "" }},
		"an anonymous id":      {bob, func(p *people.Person) { p.AnonymousID = visitor.AnonymousID }},
		"a lead made a user":   {lead, func(p *people.Person) { p.Role = people.User }},
		"an archived one back": {archived, func(p *people.Person) { p.State = people.Active }},
	} {
		after := c.p.Clone()
		c.change(after)
		w.Taken(t, what, func(tx people.Writer) error { return tx.UpdatePerson(c.p, after) })
		fixtures.Expect(t, what, c.p, w.Stored(t, c.p.ID))
	}
}

func passedKey(t *testing.T, w *fixtures.Fixtures) {
	ada := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	eve := w.Has(t, people.User)
	without, with := ada.Clone(), eve.Clone()
	without.ExternalID, without.Email = "", ""
	with.ExternalID, with.Email = "ada", "Ada@example.com"
	w.Write(t, func(tx people.Writer) error {
		if err := tx.UpdatePerson(ada, without); err != nil {
			return err
		}
		return tx.UpdatePerson(eve, with)
	})
	fixtures.Expect(t, "who has the external id", []*people.Person{with}, byExternal(t, w, "ada"))
	fixtures.Expect(t, "who has the email", []*people.Person{with}, byAddress(t, w, "ada@example.com"))
}
