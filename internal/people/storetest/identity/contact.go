package identity

import (
	"errors"
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
)

func Contacts(s fixtures.Suite) {
	s.Test("a live contact is found by its id and nobody else is", foundContact)
	s.Test("a merged contact says where it went or answers from there", mergedContact)
	s.Test("every id of a life leads to the person of today", resolved)
}

func foundContact(t *testing.T, w *fixtures.Fixtures) {
	ws := w.StoredWorkspace(t, fixtures.Acme)
	for _, role := range []people.Role{people.Lead, people.User} {
		p := w.Has(t, role)
		got, err := w.FindContact(t.Context(), ws.Caller(), p.ID)
		if err != nil {
			t.Errorf("FindContact of a %s: %v", role, err)
		}
		fixtures.Expect(t, "the contact", p, got)
	}
	for what, p := range map[string]*people.Person{
		"a visitor":         w.Has(t, people.Visitor),
		"an archived user":  w.Has(t, people.User, func(p *people.Person) { p.State = people.Archived }),
		"a blocked lead":    w.Has(t, people.Lead, func(p *people.Person) { p.State = people.Blocked }),
		"a rival's contact": w.Has(t, people.User, func(p *people.Person) { p.Workspace = fixtures.Rival }),
		"nobody":            w.Person(people.User),
	} {
		if got, err := w.FindContact(t.Context(), ws.Caller(), p.ID); !errors.Is(err, people.ErrUserNotFound) {
			t.Errorf("FindContact of %s: %v, %v", what, got, err)
		}
	}
}

func mergedContact(t *testing.T, w *fixtures.Fixtures) {
	ws := w.StoredWorkspace(t, fixtures.Acme)
	user, archived := w.Has(t, people.User), w.Has(t, people.User, func(p *people.Person) { p.State = people.Archived })
	merged := func(role people.Role, into *people.Person) *people.Person {
		return w.Has(t, role, func(p *people.Person) { p.State, p.MergedInto = people.Merged, into.ID })
	}
	for _, role := range []people.Role{people.Visitor, people.Lead, people.User} {
		p := merged(role, user)
		_, err := w.FindContact(t.Context(), ws.Caller(), p.ID)
		if gone, ok := errors.AsType[*people.MergedError](err); !ok || gone.IntoID != user.ID || gone.Role != role {
			t.Errorf("FindContact of a merged %s: %v", role, err)
		}
	}
	ws.ResolveMerged = true
	got, err := w.FindContact(t.Context(), ws.Caller(), merged(people.Lead, user).ID)
	if err != nil {
		t.Errorf("FindContact: %v", err)
	}
	fixtures.Expect(t, "the survivor", user, got)
	if _, err := w.FindContact(t.Context(), ws.Caller(), merged(people.Lead, archived).ID); !errors.Is(err, people.ErrUserNotFound) {
		t.Errorf("FindContact of one that was merged into an archived one: %v", err)
	}
}

func resolved(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.AnonymousID = "ada", w.NewUUID() })
	spent := w.Absorbed(t, user)
	lead := w.Has(t, people.Lead, func(p *people.Person) {
		p.ExternalID, p.State, p.MergedInto = "lead", people.Merged, user.ID
	})
	archived := w.Has(t, people.User, func(p *people.Person) { p.State = people.Archived })
	visitor := w.Has(t, people.Visitor)
	for id, want := range map[string]*people.Person{
		user.ID: user, user.ExternalID: user, user.AnonymousID: user, spent.ID: user, spent.AnonymousID: user,
		lead.ID: user, lead.ExternalID: user, archived.ID: archived, visitor.ID: visitor, visitor.AnonymousID: visitor,
	} {
		got, err := w.Resolve(t.Context(), fixtures.By(fixtures.Acme), id)
		if err != nil {
			t.Errorf("Resolve of %s: %v", id, err)
		}
		fixtures.Expect(t, "the person behind "+id, want, got)
		if _, err := w.Resolve(t.Context(), fixtures.By(fixtures.Rival), id); !errors.Is(err, people.ErrPersonNotFound) {
			t.Errorf("Resolve of %s in another workspace: %v", id, err)
		}
	}
	for _, id := range []string{"", "nobody", "ADA"} {
		if got, err := w.Resolve(t.Context(), fixtures.By(fixtures.Acme), id); !errors.Is(err, people.ErrPersonNotFound) {
			t.Errorf("Resolve of %q: %v, %v", id, got, err)
		}
	}
}
