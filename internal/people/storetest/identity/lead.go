package identity

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func Leads(s fixtures.Suite) {
	s.Test("a visitor who leaves an address becomes a lead with it, at once", addressMakesLead)
	s.Test("a lead who leaves another address has that one, and the same one changes nothing", addressOfLead)
	s.Test("an address is not taken for anybody else, nor is what is no address", addressRefused)
}

func addressMakesLead(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Visit(t, visit.Visit{}).Person
	w.Has(t, people.User, func(p *people.Person) { p.Email = "ada@example.com" })
	w.Clock.Pass(time.Minute)
	lead := w.Supplies(t, visitor.AnonymousID, " ada@example.com ").Person
	want := visitor.Clone()
	want.LastSeenAt = fixtures.Begin + 60
	want.Role, want.ExternalID, want.Email, want.UpdatedAt = people.Lead, visitor.AnonymousID, "ada@example.com", fixtures.Begin+60
	fixtures.Expect(t, "the lead", want, lead)
	fixtures.Expect(t, "the stored lead", want, w.Stored(t, visitor.ID))
	if all := w.Journal(t, visitor.ID); len(all) != 1 || all[0].Kind != people.ChangeConverted {
		t.Errorf("the journal has %v", all)
	}
}

func addressOfLead(t *testing.T, w *fixtures.Fixtures) {
	lead := w.Has(t, people.Lead, func(p *people.Person) { p.AnonymousID, p.Email = w.NewUUID(), "old@example.com" })
	for _, email := range []string{"old@example.com", "new@example.com", "new@example.com"} {
		if got := w.Supplies(t, lead.AnonymousID, email); got.Person.Email != email || len(got.Refusals) > 0 {
			t.Fatalf("the ping with %s: %+v", email, got)
		}
	}
	var topics []workspace.Topic
	for _, e := range w.Outbox(t) {
		topics = append(topics, e.Topic)
		fixtures.Expect(t, "who the entry is about", []string{lead.ID, "lead"}, []string{e.SubjectID, e.Role})
	}
	fixtures.Expect(t, "the outbox", []workspace.Topic{people.ContactUpdated, people.ContactEmailUpdated}, topics)
}

func addressRefused(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	visitor := w.Visit(t, visit.Visit{}).Person
	elsewhere := w.Has(t, people.Visitor, func(p *people.Person) { p.Workspace = fixtures.Rival })
	for _, email := range []string{"ada", "@", "undefined", "a@b\r\nc"} {
		done := w.Supplies(t, visitor.AnonymousID, email)
		if len(done.Refusals) != 1 {
			t.Fatalf("the ping with %q: %+v", email, done)
		}
		if _, invalid := errors.AsType[*workspace.InvalidError](done.Refusals[0]); !invalid {
			t.Errorf("the ping with %q: %v", email, done.Refusals)
		}
	}
	fixtures.Expect(t, "the visitor", visitor, w.Stored(t, visitor.ID))
	fixtures.Expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.Outbox(t))
	absorbed := w.Absorbed(t, user)
	for _, id := range []string{user.AnonymousID, absorbed.AnonymousID, elsewhere.AnonymousID, ""} {
		if p := w.Supplies(t, id, "ada@example.com").Person; p.ID == user.ID || p.ID == absorbed.ID || p.Email != "ada@example.com" {
			t.Errorf("the ping of %q with an address: %+v", id, p)
		}
	}
	fixtures.Expect(t, "the user", user, w.Stored(t, user.ID))
	fixtures.Expect(t, "who was absorbed", absorbed, w.Stored(t, absorbed.ID))
	theirs := fixtures.Get(t, w, func(r people.Reader) (*people.Person, error) { return r.Person(fixtures.Rival, elsewhere.ID) })
	fixtures.Expect(t, "the visitor of another workspace", elsewhere, theirs)
}
