package nouns

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func OutboxEntries(s fixtures.Suite) {
	s.Test("an outbox entry comes back as it was", wholeOutboxEntry)
	s.Test("the outbox is read in the order of its sequences from where one stopped", outboxPages)
	s.Test("one server gives out the sequences, until it is gone", stampedByOne)
	s.Test("a crowd of entries gets sequences", stampedCrowd)
	s.Test("entries are deleted after thirty days", sweptOutbox)
	s.Test("what is gone is kept as an image", imagesOfWhatIsGone)
	s.Test("of an erased person the outbox has ids only", erasedFromOutbox)
}

func wholeOutboxEntry(t *testing.T, w *fixtures.Fixtures) {
	e := &workspace.OutboxEntry{
		Workspace: fixtures.Rival, ID: w.NewID(w.Now()), Topic: people.EventCreated, PersonID: "person", SubjectID: "subject",
		CreatedAt: fixtures.Begin,
	}
	w.Emits(t, e)
	fixtures.Expect(t, "the outbox", []*workspace.OutboxEntry{e}, w.Outbox(t))
	w.Taken(t, "the entry again", func(tx people.Writer) error { return tx.Emit(e) })
}

func outboxPages(t *testing.T, w *fixtures.Fixtures) {
	var want, others []*workspace.OutboxEntry
	for i := range 10 {
		w.Clock.Pass(time.Duration(i%2) * time.Second)
		e := &workspace.OutboxEntry{
			Workspace: fixtures.Acme, ID: w.NewID(w.Now()), Topic: people.VisitorConverted, PersonID: "p", SubjectID: "s", CreatedAt: w.Now().Unix(),
		}
		if i%3 == 0 {
			e.Workspace = fixtures.Rival
			others = append(others, e)
		} else {
			want = append(want, e)
		}
	}
	w.Emits(t, others...)
	w.Emits(t, want[4:]...)
	fixtures.Expect(t, "entries without a sequence", []*workspace.OutboxEntry(nil), w.Page(t, fixtures.Acme, 0))
	w.Stamp(t, "test", 6)
	w.Emits(t, want[:4]...)
	w.Stamp(t, "test", 4)
	w.Stamp(t, "test", 0)
	want = append(want[4:], want[:4]...) // an older id that came later is behind
	for i, e := range want {
		e.Sequence = int64(i + 1)
	}
	var got []*workspace.OutboxEntry
	for after := int64(0); ; after = got[len(got)-1].Sequence {
		page := w.Page(t, fixtures.Acme, after)
		if len(page) > 4 {
			t.Fatalf("a page has %d entries, want at most 4", len(page))
		}
		if got = append(got, page...); len(page) == 0 || len(got) > len(want) {
			break
		}
	}
	fixtures.Expect(t, "all pages", want, got)
}

// A server that is gone keeps its lease for ten seconds; then another takes its place.
func stampedByOne(t *testing.T, w *fixtures.Fixtures) {
	w.Put(t, fixtures.Acme, 2)
	w.Stamp(t, "first", 2)
	w.Put(t, fixtures.Acme, 3)
	w.Stamp(t, "second", 0)
	w.Clock.Pass(9 * time.Second)
	w.Stamp(t, "second", 0)
	w.Clock.Pass(time.Second)
	w.Stamp(t, "second", 3)
	w.Put(t, fixtures.Acme, 1)
	w.Stamp(t, "first", 0)
	w.Stamp(t, "second", 1)
}

func stampedCrowd(t *testing.T, w *fixtures.Fixtures) {
	w.Put(t, fixtures.Acme, 2100)
	w.Put(t, fixtures.Rival, 600)
	w.Stamp(t, "test", 2700)
	for ws, n := range map[workspace.ID]int64{fixtures.Acme: 2100, fixtures.Rival: 600} {
		if last := w.Page(t, ws, n-1); len(last) != 1 || last[0].Sequence != n {
			t.Errorf("%s ends with %v, want the sequence %d", ws, last, n)
		}
	}
}

func sweptOutbox(t *testing.T, w *fixtures.Fixtures) {
	visitor := w.Has(t, people.Visitor)
	w.Convert(t, fixtures.ToUser(visitor, people.UserRef{UserID: "u"}))
	w.Put(t, fixtures.Acme, 1200)
	w.Put(t, fixtures.Rival, 1)
	w.Stamp(t, "test", 1202)
	w.Put(t, fixtures.Acme, 1) // too old before it got a sequence
	sweep := func(want int) {
		t.Helper()
		if n, err := w.SweepOutbox(t.Context(), w.StoredWorkspace(t, fixtures.Acme)); err != nil || n != want {
			t.Errorf("%d entries are deleted (%v), want %d", n, err, want)
		}
		w.Sound(t)
	}
	w.Clock.Pass(30 * 24 * time.Hour)
	w.Put(t, fixtures.Acme, 1)
	sweep(0)
	w.Clock.Pass(time.Second)
	sweep(1202)
	sweep(0)
	w.Stamp(t, "other", 1)
	last := w.Page(t, fixtures.Acme, 0)
	if len(last) != 1 || last[0].Sequence != 1202 {
		t.Errorf("what is left is %v, want the one entry 1202", last)
	}
	if theirs := w.Page(t, fixtures.Rival, 0); len(theirs) != 1 {
		t.Errorf("another workspace has %d entries, want 1", len(theirs))
	}
	w.Clock.Pass(31 * 24 * time.Hour)
	sweep(1)
	w.Put(t, fixtures.Acme, 1)
	w.Stamp(t, "test", 1)
	if next := w.Page(t, fixtures.Acme, 0); len(next) != 1 || next[0].Sequence != 1203 {
		t.Errorf("after all are gone the next is %v, want the entry 1203", next)
	}
}

// imagesOfWhatIsGone: what is deleted or taken off is told of all the same, as long as it says nothing of an erased person.
func imagesOfWhatIsGone(t *testing.T, w *fixtures.Fixtures) {
	company := &people.Company{
		Workspace: fixtures.Acme, ID: "c", CompanyID: "own", Name: "Acme", PlanID: 3, Plan: &people.CompanyPlan{ID: 3, Name: "pro"}, Size: 7,
		CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin, CustomAttributes: search.Attributes{"rank": search.FloatValue(1.5), "top": search.BoolValue(true)},
	}
	w.Write(t, func(tx people.Writer) error {
		return errors.Join(tx.InsertPlan(fixtures.Acme, company.Plan), tx.InsertCompany(company))
	})
	if _, err := w.DeleteCompany(t.Context(), w.Caller, company.ID); err != nil {
		t.Fatal(err)
	}
	applied := w.TagsAndUntags(t, w.Has(t, people.User))
	got := map[workspace.Topic]any{}
	for _, e := range w.Outbox(t) {
		got[e.Topic] = e.Image
	}
	want := map[workspace.Topic]any{
		people.CompanyDeleted:    company,
		people.ContactTagCreated: nil,
		people.ContactTagDeleted: applied,
	}
	fixtures.Expect(t, "the images", want, got)
}

// erasedFromOutbox: of an erased person the outbox has ids only, of all its lives, and nobody else's entries change.
func erasedFromOutbox(t *testing.T, w *fixtures.Fixtures) {
	user, other := w.Has(t, people.User), w.Has(t, people.User)
	visitor := w.Has(t, people.Visitor, fixtures.Known(t))
	lead := w.Convert(t, fixtures.ToLead(visitor)).Contact
	w.TagsAndUntags(t, lead)
	w.TagsAndUntags(t, user)
	w.TagsAndUntags(t, other)
	w.Merge(t, w.Stored(t, lead.ID), w.Stored(t, user.ID))
	if _, err := w.DeleteContact(t.Context(), w.Caller, user.ID); err != nil {
		t.Fatal(err)
	}
	images := map[string]int{}
	for _, e := range w.Outbox(t) {
		if e.Image != nil {
			images[e.PersonID]++
		}
	}
	fixtures.Expect(t, "who has images", map[string]int{other.ID: 1}, images)
	all := w.Outbox(t)
	last := all[len(all)-1]
	fixtures.Expect(t, "the tombstone", &workspace.OutboxEntry{
		Workspace: fixtures.Acme, ID: last.ID, Topic: people.ContactDeleted, PersonID: user.ID, Role: "user", SubjectID: user.ID, CreatedAt: w.Now().Unix(),
	}, last)
}
