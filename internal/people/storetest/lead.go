package storetest

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func leads(s suite) {
	s.test("a visitor who leaves an address becomes a lead with it, at once", addressMakesLead)
	s.test("a lead who leaves another address has that one, and the same one changes nothing", addressOfLead)
	s.test("an address is not taken for anybody else, nor is what is no address", addressRefused)
}

// supplies handles a ping of a browser in which an address was typed.
func (w *world) supplies(t *testing.T, anonymousID, email string) *visit.PingResult {
	t.Helper()
	ping := visit.Ping{SignIn: visit.SignIn{Visit: visit.Visit{AnonymousID: anonymousID}}, Email: email}
	done, err := w.tryPing(t, ping)
	if err != nil {
		t.Fatalf("the ping of %q with %q: %v", anonymousID, email, err)
	}
	return done
}

func addressMakesLead(t *testing.T, w *world) {
	visitor := w.visit(t, visit.Visit{}).Person
	w.has(t, people.User, func(p *people.Person) { p.Email = "ada@example.com" })
	w.clock.pass(time.Minute)
	lead := w.supplies(t, visitor.AnonymousID, " ada@example.com ").Person
	want := visitor.Clone()
	want.LastSeenAt = begin + 60
	want.Role, want.ExternalID, want.Email, want.UpdatedAt = people.Lead, visitor.AnonymousID, "ada@example.com", begin+60
	expect(t, "the lead", want, lead)
	expect(t, "the stored lead", want, w.stored(t, visitor.ID))
	if all := w.journal(t, visitor.ID); len(all) != 1 || all[0].Kind != people.ChangeConverted {
		t.Errorf("the journal has %v", all)
	}
}

func addressOfLead(t *testing.T, w *world) {
	lead := w.has(t, people.Lead, func(p *people.Person) { p.AnonymousID, p.Email = w.NewUUID(), "old@example.com" })
	for _, email := range []string{"old@example.com", "new@example.com", "new@example.com"} {
		if got := w.supplies(t, lead.AnonymousID, email); got.Person.Email != email || len(got.Refusals) > 0 {
			t.Fatalf("the ping with %s: %+v", email, got)
		}
	}
	if all := w.outbox(t); len(all) != 1 || all[0].Topic != people.ContactUpdated || all[0].SubjectID != lead.ID {
		t.Errorf("the outbox has %v", all)
	}
}

func addressRefused(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	visitor := w.visit(t, visit.Visit{}).Person
	elsewhere := w.has(t, people.Visitor, func(p *people.Person) { p.Workspace = rival })
	for _, email := range []string{"ada", "@", "undefined", "a@b\r\nc"} {
		done := w.supplies(t, visitor.AnonymousID, email)
		if len(done.Refusals) != 1 {
			t.Fatalf("the ping with %q: %+v", email, done)
		}
		if _, invalid := errors.AsType[*workspace.InvalidError](done.Refusals[0]); !invalid {
			t.Errorf("the ping with %q: %v", email, done.Refusals)
		}
	}
	expect(t, "the visitor", visitor, w.stored(t, visitor.ID))
	expect(t, "the outbox", []*workspace.OutboxEntry(nil), w.outbox(t))
	absorbed := w.absorbed(t, user)
	for _, id := range []string{user.AnonymousID, absorbed.AnonymousID, elsewhere.AnonymousID, ""} {
		if p := w.supplies(t, id, "ada@example.com").Person; p.ID == user.ID || p.ID == absorbed.ID || p.Email != "ada@example.com" {
			t.Errorf("the ping of %q with an address: %+v", id, p)
		}
	}
	expect(t, "the user", user, w.stored(t, user.ID))
	expect(t, "who was absorbed", absorbed, w.stored(t, absorbed.ID))
	theirs := get(t, w, func(r people.Reader) (*people.Person, error) { return r.Person(rival, elsewhere.ID) })
	expect(t, "the visitor of another workspace", elsewhere, theirs)
}
