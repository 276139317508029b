package storetest

import (
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/visit"
)

func touches(s suite) {
	s.test("a visit that tells nothing new is seen at once", touchedVisitor)
	s.test("what was touched is searched and swept as it is", touchedAndAsked)
	s.test("whoever is touched and then converted was seen when it was", touchedAndConverted)
	s.test("whoever is no visitor is not touched", touchedTooLate)
}

// comesBack makes a visitor that was named by its first visit, and another visit a minute later.
func (w *world) comesBack(t *testing.T) *people.Person {
	t.Helper()
	first := w.visit(t, visit.Visit{Browser: "Firefox"}).Person
	w.clock.pass(time.Minute)
	again := w.visit(t, visit.Visit{AnonymousID: first.AnonymousID, Browser: "Firefox"})
	if again.NewSession || again.Person.ID != first.ID || again.Person.LastSeenAt != first.LastSeenAt+60 {
		t.Fatalf("the second visit is %+v by %+v", again, again.Person)
	}
	return again.Person
}

func touchedVisitor(t *testing.T, w *world) {
	p := w.comesBack(t)
	expect(t, "who is read by its id", p, w.stored(t, p.ID))
	expect(t, "who is read by its anonymous id", p, byAnonymousID(t, w, p.AnonymousID))
	if p.UpdatedAt != p.CreatedAt {
		t.Errorf("to be there again is an update, at %d", p.UpdatedAt)
	}
	if err := w.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, "who is read after it was written", p, w.stored(t, p.ID))
	w.Store.Touch(acme, p.ID, begin) // late news
	expect(t, "who was seen later already", p, w.stored(t, p.ID))
	w.clock.pass(time.Hour)
	if again := w.visit(t, visit.Visit{AnonymousID: p.AnonymousID}); !again.NewSession || again.Person.SessionCount != 2 {
		t.Errorf("after an hour: %+v by %+v", again, again.Person)
	}
}

func touchedAndAsked(t *testing.T, w *world) {
	p := w.comesBack(t)
	found, _, err := w.Visitors(t.Context(), by(acme), people.VisitorFilter{LastRequestAfter: p.LastSeenAt}, 10)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "who was seen since", []*people.Person{p}, found)
	old := w.seen(t, months(12, 0), months(9, -1))
	w.Store.Touch(acme, old.ID, begin+60)
	if n, err := w.SweepVisitors(t.Context(), w.workspace(t, acme).Caller(), nil); n != 0 || err != nil {
		t.Errorf("%d are swept (%v) of whom one was just seen", n, err)
	}
}

func touchedAndConverted(t *testing.T, w *world) {
	p := w.comesBack(t)
	lead := w.convert(t, people.Conversion{To: people.Lead, Visitor: people.VisitorRef{ID: p.ID}}).Contact
	if err := w.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.stored(t, lead.ID); got.LastSeenAt != p.LastSeenAt || lead.LastSeenAt != p.LastSeenAt {
		t.Errorf("the lead was seen at %d and %d, want %d", lead.LastSeenAt, got.LastSeenAt, p.LastSeenAt)
	}
	user := w.has(t, people.User, func(p *people.Person) { p.LastSeenAt = begin })
	q := w.comesBack(t)
	w.convert(t, toUser(q, people.UserRef{ID: user.ID}))
	if got := w.stored(t, user.ID); got.LastSeenAt != q.LastSeenAt {
		t.Errorf("the user was seen at %d, want %d", got.LastSeenAt, q.LastSeenAt)
	}
}

func touchedTooLate(t *testing.T, w *world) {
	user := w.has(t, people.User, func(p *people.Person) { p.LastSeenAt = begin })
	visitor := w.has(t, people.Visitor)
	w.convert(t, toUser(visitor, people.UserRef{ID: user.ID}))
	spent := w.stored(t, visitor.ID)
	for _, id := range []string{user.ID, visitor.ID, "nobody"} {
		w.Store.Touch(acme, id, begin+1000)
	}
	w.Store.Touch(rival, user.ID, begin+1000)
	expect(t, "the spent visitor before", spent, w.stored(t, visitor.ID))
	if err := w.Store.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, "the spent visitor", spent, w.stored(t, visitor.ID))
	if got := w.stored(t, user.ID).LastSeenAt; got != begin {
		t.Errorf("the user was seen at %d", got)
	}
}
