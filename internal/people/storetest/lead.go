package storetest

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
)

func leads(s suite) {
	s.test("a visitor who leaves an address becomes a lead with it, at once", addressMakesLead)
	s.test("a lead who leaves another address has that one, and the same one changes nothing", addressOfLead)
	s.test("an address is not taken for anybody else, nor is what is no address", addressRefused)
}

func addressMakesLead(t *testing.T, w *world) {
	visitor := w.has(t, people.Visitor)
	w.has(t, people.User, func(p *people.Person) { p.Email = "ada@example.com" })
	w.clock.pass(time.Minute)
	lead, err := w.SupplyEmail(t.Context(), w.caller, visitor.AnonymousID, " ada@example.com ")
	if err != nil {
		t.Fatal(err)
	}
	want := visitor.Clone()
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
		got, err := w.SupplyEmail(t.Context(), w.caller, lead.AnonymousID, email)
		if err != nil || got.Email != email {
			t.Fatalf("SupplyEmail %s: %+v, %v", email, got, err)
		}
	}
	if all := w.outbox(t); len(all) != 1 || all[0].Topic != people.ContactUpdated || all[0].SubjectID != lead.ID {
		t.Errorf("the outbox has %v", all)
	}
}

func addressRefused(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.AnonymousID = w.NewUUID() })
	visitor := w.has(t, people.Visitor)
	elsewhere := w.has(t, people.Visitor, func(p *people.Person) { p.Workspace = rival })
	for id, want := range map[string]error{
		user.AnonymousID:                people.ErrSpent,
		w.absorbed(t, user).AnonymousID: people.ErrSpent,
		elsewhere.AnonymousID:           people.ErrPersonNotFound,
		"":                              people.ErrPersonNotFound,
	} {
		if _, err := w.SupplyEmail(t.Context(), w.caller, id, "ada@example.com"); !errors.Is(err, want) {
			t.Errorf("SupplyEmail of %q: %v, want %v", id, err, want)
		}
	}
	for _, email := range []string{"ada", "@", "undefined", "a@b\r\nc"} {
		_, err := w.SupplyEmail(t.Context(), w.caller, visitor.AnonymousID, email)
		if _, invalid := errors.AsType[*people.InvalidError](err); !invalid {
			t.Errorf("SupplyEmail %q: %v", email, err)
		}
	}
	expect(t, "the user", user, w.stored(t, user.ID))
	expect(t, "the visitor", visitor, w.stored(t, visitor.ID))
	expect(t, "the outbox", []*people.OutboxEntry(nil), w.outbox(t))
}
