package storetest

import (
	"fmt"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func sweeps(s suite) {
	s.test("visitors that nobody saw for nine months are deleted with their events", sweptVisitors)
	s.test("a workspace says after how many months, or never", sweptAfter)
	s.test("a whole crowd is swept", sweptCrowd)
}

// months is the time so many calendar months before the world's beginning, plus some seconds.
func months(n int, seconds int64) int64 {
	return time.Unix(begin, 0).UTC().AddDate(0, -n, 0).Unix() + seconds
}

// seen makes a visitor that was made and last seen at these times.
func (w *world) seen(t *testing.T, created, last int64) *people.Person {
	p := w.person(people.Visitor, func(p *people.Person) {
		p.ID = fmt.Sprintf("%08x%s", created, p.ID[8:])
		p.CreatedAt, p.UpdatedAt, p.LastSeenAt = created, created, last
	})
	w.insert(t, p)
	return p
}

func (w *world) sweep(t *testing.T, ws *workspace.Workspace, want int) {
	t.Helper()
	if n, err := w.ForgottenVisitors(t.Context(), ws.Caller()); err != nil || n != want {
		t.Errorf("%d are counted (%v), want %d", n, err, want)
	}
	done := 0
	if n, err := w.SweepVisitors(t.Context(), ws.Caller(), func(n int) { done += n }); err != nil || n != want || done != want {
		t.Errorf("%d are swept (%v), want %d", n, err, want)
	}
	if n, err := w.SweepVisitors(t.Context(), ws.Caller(), nil); err != nil || n != 0 {
		t.Errorf("%d are swept once more (%v)", n, err)
	}
}

func sweptVisitors(t *testing.T, w *world) {
	gone := []*people.Person{
		w.seen(t, months(12, 0), months(9, -1)), w.seen(t, months(9, -1), 0), w.seen(t, months(120, 0), 0),
	}
	stay := []*people.Person{
		w.seen(t, months(12, 0), months(9, 0)), w.seen(t, months(9, 0), 0), w.seen(t, months(24, 0), begin),
		w.has(t, people.Lead, func(p *people.Person) { p.CreatedAt, p.LastSeenAt = months(24, 0), months(24, 0) }),
		w.has(t, people.Visitor),
	}
	user := w.has(t, people.User)
	merged := w.seen(t, months(24, 0), 0)
	w.convert(t, toUser(merged, people.UserRef{ID: user.ID}))
	w.did(t, eventOf(gone[0], "saw", months(10, 0)), eventOf(stay[0], "saw", months(10, 0)))

	w.sweep(t, w.workspace(t, acme), len(gone))
	for _, p := range gone {
		if w.stored(t, p.ID) != nil {
			t.Errorf("%s is still there", p.ID)
		}
		if n := len(w.eventsOf(t, p.ID)); n != 0 {
			t.Errorf("%s still has %d events", p.ID, n)
		}
	}
	for _, p := range append(stay, merged) {
		if w.stored(t, p.ID) == nil {
			t.Errorf("%s %s is gone", p.Role, p.ID)
		}
	}
	if n := len(w.eventsOf(t, stay[0].ID)); n != 1 {
		t.Errorf("a visitor who stays has %d events", n)
	}
}

func sweptAfter(t *testing.T, w *world) {
	old := w.seen(t, months(3, -1), 0)
	ws := w.workspace(t, acme)
	w.sweep(t, ws, 0)
	if err := workspace.VisitorLife.Set(ws, "0"); err != nil {
		t.Fatal(err)
	}
	ancient := w.seen(t, months(200, 0), 0)
	w.sweep(t, ws, 0)
	if err := workspace.VisitorLife.Set(ws, "3"); err != nil {
		t.Fatal(err)
	}
	w.sweep(t, w.workspace(t, rival), 0)
	w.sweep(t, ws, 2)
	if w.stored(t, old.ID) != nil || w.stored(t, ancient.ID) != nil {
		t.Error("they are still there")
	}
}

func sweptCrowd(t *testing.T, w *world) {
	const crowd = 350
	for i := range int64(crowd) {
		w.seen(t, months(10, i), 0)
	}
	w.sweep(t, w.workspace(t, acme), crowd)
}
