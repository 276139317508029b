package storetest

import (
	"testing"
	"time"

	"lobby/internal/people"
)

func events(s suite) {
	s.test("an event comes back as it was", wholeOutboxEntry)
	s.test("the outbox is read oldest first from where one stopped", outboxPages)
}

func (w *world) emit(t *testing.T, all ...*people.OutboxEntry) {
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
	e := &people.OutboxEntry{
		Workspace: rival, ID: w.NewID(w.Now()), Topic: people.EventCreated, PersonID: "person", SubjectID: "subject",
		CreatedAt: begin,
	}
	w.emit(t, e)
	expect(t, "the outbox", []*people.OutboxEntry{e}, w.outbox(t))
	w.taken(t, "the event again", func(tx people.Writer) error { return tx.Emit(e) })
}

func outboxPages(t *testing.T, w *world) {
	var want []*people.OutboxEntry
	for i := range 10 {
		w.clock.pass(time.Duration(i%2) * time.Second)
		ws := acme
		if i%3 == 0 {
			ws = rival
		}
		e := &people.OutboxEntry{
			Workspace: ws, ID: w.NewID(w.Now()), Topic: people.VisitorConverted, PersonID: "p", SubjectID: "s", CreatedAt: w.Now().Unix(),
		}
		want = append(want, e)
	}
	w.emit(t, want[5:]...)
	w.emit(t, want[:5]...)
	var got []*people.OutboxEntry
	for after := ""; ; after = got[len(got)-1].ID {
		page := get(t, w, func(r people.Reader) ([]*people.OutboxEntry, error) { return r.Outbox(after, 4) })
		if len(page) > 4 {
			t.Fatalf("a page has %d events, want at most 4", len(page))
		}
		if got = append(got, page...); len(page) == 0 || len(got) > len(want) {
			break
		}
	}
	expect(t, "all pages", want, got)
}
