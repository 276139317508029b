package storetest

import (
	"errors"
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func keys(s suite) {
	s.test("an id is taken within its workspace", idKey)
	s.test("an anonymous id is taken for ever", anonymousKey)
	s.test("an external id is taken by one active contact", externalKey)
	s.test("an email is taken by one active user whatever its case", emailKey)
	s.test("an update meets the keys too", updatedKey)
	s.test("a person gives up a key and another takes it in one write", passedKey)
}

// taken expects that a write is refused because of a unique key.
func (w *world) taken(t *testing.T, what string, fn func(people.Writer) error) {
	t.Helper()
	if err := w.Store.Write(t.Context(), fn); !errors.Is(err, workspace.ErrTaken) {
		t.Errorf("%s: %v, want that the key is taken", what, err)
	}
}

func (w *world) takenBy(t *testing.T, what string, p *people.Person) {
	t.Helper()
	w.taken(t, what, func(tx people.Writer) error { return tx.InsertPerson(p) })
	expect(t, what, (*people.Person)(nil), w.stored(t, p.ID))
}

func idKey(t *testing.T, w *world) {
	p := w.has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
	again := w.person(people.Visitor, func(q *people.Person) { q.ID = p.ID })
	w.taken(t, "a second person with the id", func(tx people.Writer) error { return tx.InsertPerson(again) })
	expect(t, "the first", p, w.stored(t, p.ID))
	again.Workspace = rival
	w.insert(t, again)
}

func anonymousKey(t *testing.T, w *world) {
	user := w.has(t, people.User)
	archived := func(p *people.Person) { p.State = people.Archived }
	for what, p := range map[string]*people.Person{
		"a live visitor":           w.has(t, people.Visitor),
		"an absorbed visitor":      w.absorbed(t, user),
		"a lead that was one":      w.has(t, people.Lead, func(p *people.Person) { p.AnonymousID = w.NewUUID() }),
		"an archived user was one": w.has(t, people.User, archived, func(p *people.Person) { p.AnonymousID = w.NewUUID() }),
	} {
		again := func(q *people.Person) { q.AnonymousID = p.AnonymousID }
		w.takenBy(t, what, w.person(people.Visitor, again))
		w.takenBy(t, what, w.person(people.User, again))
		w.takenBy(t, what, w.person(people.Lead, again, func(q *people.Person) { q.State = people.Archived }))
	}
	w.has(t, people.Lead)
	w.has(t, people.Lead) // the lack of an id is no id
}

func externalKey(t *testing.T, w *world) {
	ada := func(p *people.Person) { p.ExternalID = "ada" }
	in := func(state people.State) func(*people.Person) { return func(p *people.Person) { p.State = state } }
	w.has(t, people.User, ada, in(people.Archived))
	w.has(t, people.User, ada, in(people.Archived))
	w.has(t, people.Lead, ada, in(people.Blocked))
	w.has(t, people.User, ada)
	w.takenBy(t, "a second user", w.person(people.User, ada))
	w.takenBy(t, "a lead", w.person(people.Lead, ada))
	w.has(t, people.User, ada, in(people.Archived))
	w.has(t, people.User, func(p *people.Person) { p.ExternalID = "Ada" })
	w.has(t, people.User, ada, func(p *people.Person) { p.Workspace = rival })
	w.has(t, people.User)
	w.has(t, people.User)
}

func emailKey(t *testing.T, w *world) {
	at := func(email string) func(*people.Person) { return func(p *people.Person) { p.Email = email } }
	w.has(t, people.User, at("ÄDA@example.com"))
	for _, email := range []string{"ÄDA@example.com", "äda@Example.COM", " äda@example.com "} {
		w.takenBy(t, "a second user at "+email, w.person(people.User, at(email)))
		w.has(t, people.Lead, at(email))
		w.has(t, people.Visitor, at(email))
		w.has(t, people.User, at(email), func(p *people.Person) { p.State = people.Archived })
	}
	w.has(t, people.User, at("ada@example.com"))
	w.has(t, people.User, at("äda@example.com"), func(p *people.Person) { p.Workspace = rival })
	w.has(t, people.User)
	w.has(t, people.User)
}

func updatedKey(t *testing.T, w *world) {
	w.has(t, people.User, func(p *people.Person) { p.ExternalID = "ada" })
	w.has(t, people.User, func(p *people.Person) { p.Email = "ada@example.com" })
	eve := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "eve", "Ada@example.com" })
	visitor := w.has(t, people.Visitor)
	bob := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "bob", "bob@example.com" })
	lead := w.has(t, people.Lead, func(p *people.Person) { p.Email = "ada@example.com" })
	archived := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.State = "ada", people.Archived })
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
		w.taken(t, what, func(tx people.Writer) error { return tx.UpdatePerson(c.p, after) })
		expect(t, what, c.p, w.stored(t, c.p.ID))
	}
}

func passedKey(t *testing.T, w *world) {
	ada := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	eve := w.has(t, people.User)
	without, with := ada.Clone(), eve.Clone()
	without.ExternalID, without.Email = "", ""
	with.ExternalID, with.Email = "ada", "Ada@example.com"
	w.write(t, func(tx people.Writer) error {
		if err := tx.UpdatePerson(ada, without); err != nil {
			return err
		}
		return tx.UpdatePerson(eve, with)
	})
	expect(t, "who has the external id", []*people.Person{with}, byExternal(t, w, "ada"))
	expect(t, "who has the email", []*people.Person{with}, byAddress(t, w, "ada@example.com"))
}
