package identity

import (
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func Sweeps(s fixtures.Suite) {
	s.Test("visitors that nobody saw for nine months are deleted with their events", sweptVisitors)
	s.Test("a workspace says after how many months, or never", sweptAfter)
	s.Test("a whole crowd is swept", sweptCrowd)
}

// months is the time so many calendar months before the clock of the tests begins, plus some seconds.
func months(n int, seconds int64) int64 {
	return time.Unix(fixtures.Begin, 0).UTC().AddDate(0, -n, 0).Unix() + seconds
}

func sweptVisitors(t *testing.T, w *fixtures.Fixtures) {
	gone := []*people.Person{
		w.Seen(t, months(12, 0), months(9, -1)), w.Seen(t, months(9, -1), 0), w.Seen(t, months(120, 0), 0),
	}
	stay := []*people.Person{
		w.Seen(t, months(12, 0), months(9, 0)), w.Seen(t, months(9, 0), 0), w.Seen(t, months(24, 0), fixtures.Begin),
		w.Has(t, people.Lead, func(p *people.Person) { p.CreatedAt, p.LastSeenAt = months(24, 0), months(24, 0) }),
		w.Has(t, people.Visitor),
	}
	user := w.Has(t, people.User)
	merged := w.Seen(t, months(24, 0), 0)
	w.Convert(t, fixtures.ToUser(merged, people.UserRef{ID: user.ID}))
	w.Did(t, fixtures.EventOf(gone[0], "saw", months(10, 0)), fixtures.EventOf(stay[0], "saw", months(10, 0)))

	w.Sweep(t, w.StoredWorkspace(t, fixtures.Acme), len(gone))
	for _, p := range gone {
		if w.Stored(t, p.ID) != nil {
			t.Errorf("%s is still there", p.ID)
		}
		if n := len(w.StoredEvents(t, p.ID)); n != 0 {
			t.Errorf("%s still has %d events", p.ID, n)
		}
	}
	for _, p := range append(stay, merged) {
		if w.Stored(t, p.ID) == nil {
			t.Errorf("%s %s is gone", p.Role, p.ID)
		}
	}
	if n := len(w.StoredEvents(t, stay[0].ID)); n != 1 {
		t.Errorf("a visitor who stays has %d events", n)
	}
}

func sweptAfter(t *testing.T, w *fixtures.Fixtures) {
	old := w.Seen(t, months(3, -1), 0)
	ws := w.StoredWorkspace(t, fixtures.Acme)
	w.Sweep(t, ws, 0)
	if err := workspace.VisitorLife.Set(ws, "0"); err != nil {
		t.Fatal(err)
	}
	ancient := w.Seen(t, months(200, 0), 0)
	w.Sweep(t, ws, 0)
	if err := workspace.VisitorLife.Set(ws, "3"); err != nil {
		t.Fatal(err)
	}
	w.Sweep(t, w.StoredWorkspace(t, fixtures.Rival), 0)
	w.Sweep(t, ws, 2)
	if w.Stored(t, old.ID) != nil || w.Stored(t, ancient.ID) != nil {
		t.Error("they are still there")
	}
}

func sweptCrowd(t *testing.T, w *fixtures.Fixtures) {
	const crowd = 350
	for i := range int64(crowd) {
		w.Seen(t, months(10, i), 0)
	}
	w.Sweep(t, w.StoredWorkspace(t, fixtures.Acme), crowd)
}
