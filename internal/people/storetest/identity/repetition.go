package identity

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
)

func repeatedConversion(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	mail := func(p *people.Person) { p.Email = p.ID + "@example.com" }
	for what, c := range map[string]struct {
		first people.ConvertRequest
		again []people.UserRef
	}{
		"a lead": {fixtures.ToLead(w.Has(t, people.Visitor, mail)), []people.UserRef{{}, {UserID: "null"}}},
		"a user in place": {
			fixtures.ToUser(w.Has(t, people.Visitor, mail), people.UserRef{UserID: "bob", Email: "bob@example.com"}),
			[]people.UserRef{{UserID: "bob"}, {Email: "BOB@example.com"}, {UserID: "bob", Email: "other@example.com"}},
		},
		"a user by email": {
			fixtures.ToUser(w.Has(t, people.Visitor, mail), people.UserRef{Email: "eve@example.com"}),
			[]people.UserRef{{Email: "Eve@example.com"}},
		},
		"a merge": {
			fixtures.ToUser(w.Has(t, people.Visitor, mail), people.UserRef{ID: user.ID}),
			[]people.UserRef{{ID: user.ID}, {UserID: "ada"}, {Email: "ADA@example.com"}},
		},
	} {
		first := w.Convert(t, c.first)
		visitor := byIDOf(t, w, first)
		before, journal, outbox := w.Stored(t, first.Contact.ID), w.Journal(t, visitor.ID), w.Outbox(t)
		w.Clock.Pass(time.Hour)
		for _, ref := range append(c.again, c.first.User) {
			for _, name := range []people.VisitorRef{
				{ID: visitor.ID}, {UserID: visitor.AnonymousID}, {ID: "unknown", UserID: visitor.AnonymousID}, {Email: visitor.Email},
			} {
				result := w.Convert(t, people.ConvertRequest{To: c.first.To, Visitor: name, User: ref})
				want := &people.ConversionResult{Contact: before, Decision: people.DecidedRepeated, ChangeID: first.ChangeID}
				fixtures.Expect(t, what+" again", want, result)
			}
		}
		fixtures.Expect(t, "the contact", before, w.Stored(t, first.Contact.ID))
		fixtures.Expect(t, "the journal", journal, w.Journal(t, visitor.ID))
		fixtures.Expect(t, "the outbox", outbox, w.Outbox(t))
	}
}

// byIDOf answers the visitor that a conversion was about, as it is now.
func byIDOf(t *testing.T, w *fixtures.Fixtures, result *people.ConversionResult) *people.Person {
	t.Helper()
	for _, c := range w.Journal(t, result.Contact.ID) {
		if c.ID == result.ChangeID {
			return w.Stored(t, c.SubjectID)
		}
	}
	t.Fatalf("the journal of %s lacks %s", result.Contact.ID, result.ChangeID)
	return nil
}

func otherConversion(t *testing.T, w *fixtures.Fixtures) {
	ada := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	bob := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "bob", "bob@example.com" })
	lead, merged := w.Has(t, people.Visitor), w.Has(t, people.Visitor)
	w.Convert(t, fixtures.ToLead(lead))
	w.Convert(t, fixtures.ToUser(merged, people.UserRef{ID: ada.ID}))
	ada, lead, merged = w.Stored(t, ada.ID), w.Stored(t, lead.ID), w.Stored(t, merged.ID)
	for what, order := range map[string]people.ConvertRequest{
		"a lead to a user":                   fixtures.ToUser(lead, people.UserRef{ID: ada.ID}),
		"a lead to the user it is":           fixtures.ToUser(lead, people.UserRef{ID: lead.ID}),
		"a lead to a new user":               fixtures.ToUser(lead, people.UserRef{UserID: "new"}),
		"a lead to nobody":                   fixtures.ToUser(lead, people.UserRef{}),
		"a merged one to a lead":             fixtures.ToLead(merged),
		"a merged one to another":            fixtures.ToUser(merged, people.UserRef{ID: bob.ID}),
		"a merged one by user_id":            fixtures.ToUser(merged, people.UserRef{UserID: "bob", Email: "ada@example.com"}),
		"a merged one by email":              fixtures.ToUser(merged, people.UserRef{Email: "bob@example.com"}),
		"a merged one to a new user":         fixtures.ToUser(merged, people.UserRef{UserID: "new"}),
		"a merged one to itself":             fixtures.ToUser(merged, people.UserRef{ID: merged.ID}),
		"a contact that never was a visitor": fixtures.ToLead(ada),
	} {
		if err := w.Refuse(t, order, ada, bob, lead, merged); !errors.Is(err, people.ErrVisitorNotFound) {
			t.Errorf("%s: %v, want that there is no visitor", what, err)
		}
	}
}

func repeatedWithout(t *testing.T, w *fixtures.Fixtures) {
	for _, state := range []people.State{people.Archived, people.Blocked} {
		user, visitor, other := w.Has(t, people.User), w.Has(t, people.Visitor), w.Has(t, people.Visitor)
		merge, become := fixtures.ToUser(visitor, people.UserRef{ID: user.ID}), fixtures.ToLead(other)
		w.Convert(t, merge)
		w.Convert(t, become)
		for _, id := range []string{user.ID, other.ID} {
			p := w.Stored(t, id)
			hidden := p.Clone()
			hidden.State = state
			w.Write(t, func(tx people.Writer) error { return tx.UpdatePerson(p, hidden) })
		}
		for _, order := range []people.ConvertRequest{merge, become} {
			if err := w.Refuse(t, order); !errors.Is(err, people.ErrVisitorNotFound) {
				t.Errorf("a repetition into one that is %s: %v", state, err)
			}
		}
	}
}

func repeatedThroughMerged(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	former := w.Has(t, people.User, func(p *people.Person) { p.ExternalID, p.State, p.MergedInto = "former", people.Merged, user.ID })
	for _, ref := range []people.UserRef{{ID: former.ID}, {UserID: "former"}} {
		visitor := w.Has(t, people.Visitor)
		first := w.Convert(t, fixtures.ToUser(visitor, ref))
		if first.Decision != people.DecidedMerged || first.Contact.ID != user.ID {
			t.Errorf("by %+v: %s %s, want a merge into the survivor", ref, first.Decision, first.Contact.ID)
		}
		again, err := w.ConvertVisitor(t.Context(), w.Caller, fixtures.ToUser(visitor, ref))
		if err != nil || again.Decision != people.DecidedRepeated || again.ChangeID != first.ChangeID {
			t.Errorf("by %+v again: %+v, %v, want the same", ref, again, err)
		}
	}
}
