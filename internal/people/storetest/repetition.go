package storetest

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
)

func repeatedConversion(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	mail := func(p *people.Person) { p.Email = p.ID + "@example.com" }
	for what, c := range map[string]struct {
		first people.Conversion
		again []people.UserRef
	}{
		"a lead": {toLead(w.has(t, people.Visitor, mail)), []people.UserRef{{}, {UserID: "null"}}},
		"a user in place": {
			toUser(w.has(t, people.Visitor, mail), people.UserRef{UserID: "bob", Email: "bob@example.com"}),
			[]people.UserRef{{UserID: "bob"}, {Email: "BOB@example.com"}, {UserID: "bob", Email: "other@example.com"}},
		},
		"a user by email": {
			toUser(w.has(t, people.Visitor, mail), people.UserRef{Email: "eve@example.com"}),
			[]people.UserRef{{Email: "Eve@example.com"}},
		},
		"a merge": {
			toUser(w.has(t, people.Visitor, mail), people.UserRef{ID: user.ID}),
			[]people.UserRef{{ID: user.ID}, {UserID: "ada"}, {Email: "ADA@example.com"}},
		},
	} {
		first := w.convert(t, c.first)
		visitor := byIDOf(t, w, first)
		before, journal, outbox := w.stored(t, first.Contact.ID), w.journal(t, visitor.ID), w.outbox(t)
		w.clock.pass(time.Hour)
		for _, ref := range append(c.again, c.first.User) {
			for _, name := range []people.VisitorRef{
				{ID: visitor.ID}, {UserID: visitor.AnonymousID}, {ID: "unknown", UserID: visitor.AnonymousID}, {Email: visitor.Email},
			} {
				result := w.convert(t, people.Conversion{To: c.first.To, Visitor: name, User: ref})
				want := &people.ConversionResult{Contact: before, Decision: people.DecidedRepeated, ChangeID: first.ChangeID}
				expect(t, what+" again", want, result)
			}
		}
		expect(t, "the contact", before, w.stored(t, first.Contact.ID))
		expect(t, "the journal", journal, w.journal(t, visitor.ID))
		expect(t, "the outbox", outbox, w.outbox(t))
	}
}

// byIDOf answers the visitor that a conversion was about, as it is now.
func byIDOf(t *testing.T, w *world, result *people.ConversionResult) *people.Person {
	t.Helper()
	for _, c := range w.journal(t, result.Contact.ID) {
		if c.ID == result.ChangeID {
			return w.stored(t, c.SubjectID)
		}
	}
	t.Fatalf("the journal of %s lacks %s", result.Contact.ID, result.ChangeID)
	return nil
}

func otherConversion(t *testing.T, w *world) {
	ada := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "ada", "ada@example.com" })
	bob := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.Email = "bob", "bob@example.com" })
	lead, merged := w.has(t, people.Visitor), w.has(t, people.Visitor)
	w.convert(t, toLead(lead))
	w.convert(t, toUser(merged, people.UserRef{ID: ada.ID}))
	ada, lead, merged = w.stored(t, ada.ID), w.stored(t, lead.ID), w.stored(t, merged.ID)
	for what, order := range map[string]people.Conversion{
		"a lead to a user":                   toUser(lead, people.UserRef{ID: ada.ID}),
		"a lead to the user it is":           toUser(lead, people.UserRef{ID: lead.ID}),
		"a lead to a new user":               toUser(lead, people.UserRef{UserID: "new"}),
		"a lead to nobody":                   toUser(lead, people.UserRef{}),
		"a merged one to a lead":             toLead(merged),
		"a merged one to another":            toUser(merged, people.UserRef{ID: bob.ID}),
		"a merged one by user_id":            toUser(merged, people.UserRef{UserID: "bob", Email: "ada@example.com"}),
		"a merged one by email":              toUser(merged, people.UserRef{Email: "bob@example.com"}),
		"a merged one to a new user":         toUser(merged, people.UserRef{UserID: "new"}),
		"a merged one to itself":             toUser(merged, people.UserRef{ID: merged.ID}),
		"a contact that never was a visitor": toLead(ada),
	} {
		if err := w.refuse(t, order, ada, bob, lead, merged); !errors.Is(err, people.ErrVisitorNotFound) {
			t.Errorf("%s: %v, want that there is no visitor", what, err)
		}
	}
}

func repeatedWithout(t *testing.T, w *world) {
	for _, state := range []people.State{people.Archived, people.Blocked} {
		user, visitor, other := w.has(t, people.User), w.has(t, people.Visitor), w.has(t, people.Visitor)
		merge, become := toUser(visitor, people.UserRef{ID: user.ID}), toLead(other)
		w.convert(t, merge)
		w.convert(t, become)
		for _, id := range []string{user.ID, other.ID} {
			p := w.stored(t, id)
			hidden := p.Clone()
			hidden.State = state
			w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(p, hidden) })
		}
		for _, order := range []people.Conversion{merge, become} {
			if err := w.refuse(t, order); !errors.Is(err, people.ErrVisitorNotFound) {
				t.Errorf("a repetition into one that is %s: %v", state, err)
			}
		}
	}
}

func repeatedThroughMerged(t *testing.T, w *world) {
	user := w.has(t, people.User)
	former := w.has(t, people.User, func(p *people.Person) { p.ExternalID, p.State, p.MergedInto = "former", people.Merged, user.ID })
	for _, ref := range []people.UserRef{{ID: former.ID}, {UserID: "former"}} {
		visitor := w.has(t, people.Visitor)
		first := w.convert(t, toUser(visitor, ref))
		if first.Decision != people.DecidedMerged || first.Contact.ID != user.ID {
			t.Errorf("by %+v: %s %s, want a merge into the survivor", ref, first.Decision, first.Contact.ID)
		}
		again, err := w.ConvertVisitor(t.Context(), w.caller, toUser(visitor, ref))
		if err != nil || again.Decision != people.DecidedRepeated || again.ChangeID != first.ChangeID {
			t.Errorf("by %+v again: %+v, %v, want the same", ref, again, err)
		}
	}
}
