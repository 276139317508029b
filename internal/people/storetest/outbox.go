package storetest

import (
	"errors"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func outboxEntries(s suite) {
	s.test("an outbox entry comes back as it was", wholeOutboxEntry)
	s.test("the outbox is read in the order of its sequences from where one stopped", outboxPages)
	s.test("one server gives out the sequences, until it is gone", stampedByOne)
	s.test("a crowd of entries gets sequences", stampedCrowd)
	s.test("entries are deleted after thirty days", sweptOutbox)
	s.test("what is gone is kept as an image", imagesOfWhatIsGone)
	s.test("of an erased person the outbox has ids only", erasedFromOutbox)
}

func (w *world) emit(t *testing.T, all ...*workspace.OutboxEntry) {
	t.Helper()
	w.write(t, func(tx people.Writer) error {
		for _, e := range all {
			if err := tx.Emit(e); err != nil {
				return err
			}
		}
		return nil
	})
}

func wholeOutboxEntry(t *testing.T, w *world) {
	e := &workspace.OutboxEntry{
		Workspace: rival, ID: w.NewID(w.Now()), Topic: people.EventCreated, PersonID: "person", SubjectID: "subject",
		CreatedAt: begin,
	}
	w.emit(t, e)
	expect(t, "the outbox", []*workspace.OutboxEntry{e}, w.outbox(t))
	w.taken(t, "the entry again", func(tx people.Writer) error { return tx.Emit(e) })
}

func outboxPages(t *testing.T, w *world) {
	var want, others []*workspace.OutboxEntry
	for i := range 10 {
		w.clock.pass(time.Duration(i%2) * time.Second)
		e := &workspace.OutboxEntry{
			Workspace: acme, ID: w.NewID(w.Now()), Topic: people.VisitorConverted, PersonID: "p", SubjectID: "s", CreatedAt: w.Now().Unix(),
		}
		if i%3 == 0 {
			e.Workspace = rival
			others = append(others, e)
		} else {
			want = append(want, e)
		}
	}
	w.emit(t, others...)
	w.emit(t, want[4:]...)
	expect(t, "entries without a sequence", []*workspace.OutboxEntry(nil), w.page(t, acme, 0))
	w.stamp(t, "test", 6)
	w.emit(t, want[:4]...)
	w.stamp(t, "test", 4)
	w.stamp(t, "test", 0)
	want = append(want[4:], want[:4]...) // an older id that came later is behind
	for i, e := range want {
		e.Sequence = int64(i + 1)
	}
	var got []*workspace.OutboxEntry
	for after := int64(0); ; after = got[len(got)-1].Sequence {
		page := w.page(t, acme, after)
		if len(page) > 4 {
			t.Fatalf("a page has %d entries, want at most 4", len(page))
		}
		if got = append(got, page...); len(page) == 0 || len(got) > len(want) {
			break
		}
	}
	expect(t, "all pages", want, got)
}

// page returns up to four entries of a workspace after a sequence.
func (w *world) page(t *testing.T, ws workspace.ID, after int64) []*workspace.OutboxEntry {
	t.Helper()
	return get(t, w, func(r people.Reader) ([]*workspace.OutboxEntry, error) { return office(r).Outbox(ws, after, 4) })
}

func (w *world) stamp(t *testing.T, holder string, want int) {
	t.Helper()
	if n, err := w.StampOutbox(t.Context(), holder); err != nil || n != want {
		t.Errorf("%s gives out %d sequences (%v), want %d", holder, n, err, want)
	}
}

// put emits so many entries of a workspace now.
func (w *world) put(t *testing.T, ws workspace.ID, n int) {
	t.Helper()
	all := make([]*workspace.OutboxEntry, n)
	for i := range all {
		all[i] = &workspace.OutboxEntry{Workspace: ws, ID: w.NewID(w.Now()), Topic: people.EventCreated, CreatedAt: w.Now().Unix()}
	}
	w.emit(t, all...)
}

// A server that is gone keeps its lease for ten seconds; then another takes its place.
func stampedByOne(t *testing.T, w *world) {
	w.put(t, acme, 2)
	w.stamp(t, "first", 2)
	w.put(t, acme, 3)
	w.stamp(t, "second", 0)
	w.clock.pass(9 * time.Second)
	w.stamp(t, "second", 0)
	w.clock.pass(time.Second)
	w.stamp(t, "second", 3)
	w.put(t, acme, 1)
	w.stamp(t, "first", 0)
	w.stamp(t, "second", 1)
}

func stampedCrowd(t *testing.T, w *world) {
	w.put(t, acme, 2100)
	w.put(t, rival, 600)
	w.stamp(t, "test", 2700)
	for ws, n := range map[workspace.ID]int64{acme: 2100, rival: 600} {
		if last := w.page(t, ws, n-1); len(last) != 1 || last[0].Sequence != n {
			t.Errorf("%s ends with %v, want the sequence %d", ws, last, n)
		}
	}
}

func sweptOutbox(t *testing.T, w *world) {
	visitor := w.has(t, people.Visitor)
	w.convert(t, toUser(visitor, people.UserRef{UserID: "u"}))
	w.put(t, acme, 1200)
	w.put(t, rival, 1)
	w.stamp(t, "test", 1202)
	w.put(t, acme, 1) // too old before it got a sequence
	sweep := func(want int) {
		t.Helper()
		if n, err := w.SweepOutbox(t.Context(), w.workspace(t, acme)); err != nil || n != want {
			t.Errorf("%d entries are deleted (%v), want %d", n, err, want)
		}
		w.sound(t)
	}
	w.clock.pass(30 * 24 * time.Hour)
	w.put(t, acme, 1)
	sweep(0)
	w.clock.pass(time.Second)
	sweep(1202)
	sweep(0)
	w.stamp(t, "other", 1)
	last := w.page(t, acme, 0)
	if len(last) != 1 || last[0].Sequence != 1202 {
		t.Errorf("what is left is %v, want the one entry 1202", last)
	}
	if theirs := w.page(t, rival, 0); len(theirs) != 1 {
		t.Errorf("another workspace has %d entries, want 1", len(theirs))
	}
	w.clock.pass(31 * 24 * time.Hour)
	sweep(1)
	w.put(t, acme, 1)
	w.stamp(t, "test", 1)
	if next := w.page(t, acme, 0); len(next) != 1 || next[0].Sequence != 1203 {
		t.Errorf("after all are gone the next is %v, want the entry 1203", next)
	}
}

// imagesOfWhatIsGone: what is deleted or taken off is told of all the same, as long as it says nothing of an erased person.
func imagesOfWhatIsGone(t *testing.T, w *world) {
	company := &people.Company{
		Workspace: acme, ID: "c", CompanyID: "own", Name: "Acme", PlanID: 3, Plan: &people.CompanyPlan{ID: 3, Name: "pro"}, Size: 7,
		CreatedAt: begin, UpdatedAt: begin, CustomAttributes: search.Attributes{"rank": search.FloatValue(1.5), "top": search.BoolValue(true)},
	}
	w.write(t, func(tx people.Writer) error {
		return errors.Join(tx.InsertPlan(acme, company.Plan), tx.InsertCompany(company))
	})
	if _, err := w.DeleteCompany(t.Context(), w.caller, company.ID); err != nil {
		t.Fatal(err)
	}
	applied := w.tagsAndUntags(t, w.has(t, people.User))
	got := map[workspace.Topic]any{}
	for _, e := range w.outbox(t) {
		got[e.Topic] = e.Image
	}
	want := map[workspace.Topic]any{
		people.CompanyDeleted:    company,
		people.ContactTagCreated: nil,
		people.ContactTagDeleted: applied,
	}
	expect(t, "the images", want, got)
}

// tagsAndUntags puts a tag on a contact and takes it off a minute later.
func (w *world) tagsAndUntags(t *testing.T, p *people.Person) *people.AppliedTag {
	t.Helper()
	tag := &people.Tag{Workspace: acme, ID: 9, Name: "vip", CreatedAt: begin}
	w.write(t, func(tx people.Writer) error { return tx.PutTag(tag) })
	h := people.Holder{ContactID: p.ID}
	applied, err := w.Tag(t.Context(), w.caller, h, tag.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.pass(time.Minute)
	if _, err := w.Untag(t.Context(), w.caller, h, tag.ID); err != nil {
		t.Fatal(err)
	}
	return applied
}

// erasedFromOutbox: of an erased person the outbox has ids only, of all its lives, and nobody else's entries change.
func erasedFromOutbox(t *testing.T, w *world) {
	user, other := w.has(t, people.User), w.has(t, people.User)
	visitor := w.has(t, people.Visitor, known(t))
	lead := w.convert(t, toLead(visitor)).Contact
	w.tagsAndUntags(t, lead)
	w.tagsAndUntags(t, user)
	w.tagsAndUntags(t, other)
	w.merge(t, w.stored(t, lead.ID), w.stored(t, user.ID))
	if _, err := w.DeleteContact(t.Context(), w.caller, user.ID); err != nil {
		t.Fatal(err)
	}
	images := map[string]int{}
	for _, e := range w.outbox(t) {
		if e.Image != nil {
			images[e.PersonID]++
		}
	}
	expect(t, "who has images", map[string]int{other.ID: 1}, images)
	all := w.outbox(t)
	last := all[len(all)-1]
	expect(t, "the tombstone", &workspace.OutboxEntry{
		Workspace: acme, ID: last.ID, Topic: people.ContactDeleted, PersonID: user.ID, SubjectID: user.ID, CreatedAt: w.Now().Unix(),
	}, last)
}
