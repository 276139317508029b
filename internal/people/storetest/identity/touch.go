package identity

import (
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/visit"
)

func Touches(s fixtures.Suite) {
	s.Test("a visit that tells nothing new is seen at once", touchedVisitor)
	s.Test("what was touched is searched and swept as it is", touchedAndAsked)
	s.Test("whoever is touched and then converted was seen when it was", touchedAndConverted)
	s.Test("whoever is no visitor is not touched", touchedTooLate)
}

func touchedVisitor(t *testing.T, w *fixtures.Fixtures) {
	p := w.ComesBack(t)
	fixtures.Expect(t, "who is read by its id", p, w.Stored(t, p.ID))
	fixtures.Expect(t, "who is read by its anonymous id", p, fixtures.ByAnonymousID(t, w, p.AnonymousID))
	if p.UpdatedAt != p.CreatedAt {
		t.Errorf("to be there again is an update, at %d", p.UpdatedAt)
	}
	if err := w.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "who is read after it was written", p, w.Stored(t, p.ID))
	w.Store.Touch(fixtures.Acme, p.ID, fixtures.Begin) // late news
	fixtures.Expect(t, "who was seen later already", p, w.Stored(t, p.ID))
	w.Clock.Pass(time.Hour)
	if again := w.Visit(t, visit.Visit{AnonymousID: p.AnonymousID}); !again.NewSession || again.Person.SessionCount != 2 {
		t.Errorf("after an hour: %+v by %+v", again, again.Person)
	}
}

func touchedAndAsked(t *testing.T, w *fixtures.Fixtures) {
	p := w.ComesBack(t)
	found, _, err := w.Visitors(t.Context(), fixtures.By(fixtures.Acme), people.VisitorFilter{LastRequestAfter: p.LastSeenAt}, 10)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "who was seen since", []*people.Person{p}, found)
	old := w.Seen(t, months(12, 0), months(9, -1))
	w.Store.Touch(fixtures.Acme, old.ID, fixtures.Begin+60)
	if n, err := w.SweepVisitors(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), nil); n != 0 || err != nil {
		t.Errorf("%d are swept (%v) of whom one was just seen", n, err)
	}
}

func touchedAndConverted(t *testing.T, w *fixtures.Fixtures) {
	p := w.ComesBack(t)
	lead := w.Convert(t, people.ConvertRequest{To: people.Lead, Visitor: people.VisitorRef{ID: p.ID}}).Contact
	if err := w.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.Stored(t, lead.ID); got.LastSeenAt != p.LastSeenAt || lead.LastSeenAt != p.LastSeenAt {
		t.Errorf("the lead was seen at %d and %d, want %d", lead.LastSeenAt, got.LastSeenAt, p.LastSeenAt)
	}
	user := w.Has(t, people.User, func(p *people.Person) { p.LastSeenAt = fixtures.Begin })
	q := w.ComesBack(t)
	w.Convert(t, fixtures.ToUser(q, people.UserRef{ID: user.ID}))
	if got := w.Stored(t, user.ID); got.LastSeenAt != q.LastSeenAt {
		t.Errorf("the user was seen at %d, want %d", got.LastSeenAt, q.LastSeenAt)
	}
}

func touchedTooLate(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User, func(p *people.Person) { p.LastSeenAt = fixtures.Begin })
	visitor := w.Has(t, people.Visitor)
	w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID}))
	spent := w.Stored(t, visitor.ID)
	for _, id := range []string{user.ID, visitor.ID, "nobody"} {
		w.Store.Touch(fixtures.Acme, id, fixtures.Begin+1000)
	}
	w.Store.Touch(fixtures.Rival, user.ID, fixtures.Begin+1000)
	fixtures.Expect(t, "the spent visitor before", spent, w.Stored(t, visitor.ID))
	if err := w.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the spent visitor", spent, w.Stored(t, visitor.ID))
	if got := w.Stored(t, user.ID).LastSeenAt; got != fixtures.Begin {
		t.Errorf("the user was seen at %d", got)
	}
}
