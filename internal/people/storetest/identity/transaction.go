package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func Transactions(s fixtures.Suite) {
	s.Test("a write that fails leaves nothing and its error comes back as it was", failedWrite)
	s.Test("a write that panics leaves nothing and the panic goes on", panickedWrite)
	s.Test("a failed write leaves what was there before", failedUpdate)
	s.Test("a write that swallows a refusal is not acknowledged in part", swallowedRefusal)
	s.Test("a write reads its own writes", ownWrites)
	s.Test("a read sees every write acknowledged before it", readAfterWrite)
	s.Test("a read has one view from its first look to its last", oneView)
	s.Test("a read gives back the error and the panic of its function", failedRead)
	s.Test("what a caller does to an image does not reach the store", imagesAreCopies)
	s.Test("a cancelled context neither reads nor writes", cancelledBefore)
	s.Test("a context cancelled halfway writes all or nothing", cancelledHalfway)
	s.Test("a closed store refuses everything", closedStore)
}

func failedWrite(t *testing.T, w *fixtures.Fixtures) {
	p := w.Person(people.Visitor)
	wrapped := fmt.Errorf("wrapped: %w", fixtures.ErrOnPurpose)
	err := w.Store.Write(t.Context(), func(tx people.Writer) error {
		if err := writeEverything(tx, p); err != nil {
			return err
		}
		return wrapped
	})
	if !errors.Is(err, fixtures.ErrOnPurpose) || !strings.Contains(fmt.Sprint(err), "wrapped") {
		t.Errorf("Write: %v, want what the function returned", err)
	}
	leavesNothing(t, w, p)
	w.Insert(t, p)
}

func panickedWrite(t *testing.T, w *fixtures.Fixtures) {
	p := w.Person(people.Visitor)
	recovered := fixtures.PanicOf(func() {
		_ = w.Store.Write(t.Context(), func(tx people.Writer) error {
			if err := writeEverything(tx, p); err != nil {
				return err
			}
			panic("on purpose")
		})
	})
	if !strings.Contains(fmt.Sprint(recovered), "on purpose") {
		t.Errorf("Write panics with %v, want the panic of its function", recovered)
	}
	leavesNothing(t, w, p)
	w.Insert(t, p)
}

// writeEverything writes one of each noun, all about p.
func writeEverything(tx people.Writer, p *people.Person) error {
	event := &workspace.OutboxEntry{Workspace: fixtures.Acme, ID: p.ID, Topic: people.VisitorConverted, PersonID: p.ID, SubjectID: "s", CreatedAt: fixtures.Begin}
	change := &people.Change{
		Workspace: fixtures.Acme, ID: p.ID, Kind: people.ChangeConverted, From: people.Visitor, To: people.Lead,
		SubjectID: p.ID, SurvivorID: p.ID, CreatedAt: fixtures.Begin, Subject: p, Result: p,
	}
	if err := tx.InsertPerson(p); err != nil {
		return err
	}
	_, err := tx.InsertEvent(fixtures.EventOf(p, "ordered", fixtures.Begin))
	return errors.Join(
		err, tx.InsertChange(change), tx.Emit(event),
		tx.DefineAttribute(fixtures.Definition("plan", people.StringAttribute)),
		fixtures.Office(tx).InsertWorkspace(&workspace.Workspace{ID: "third", Name: "Third", CreatedAt: fixtures.Begin}),
		fixtures.Office(tx).InsertToken(&workspace.Token{Workspace: fixtures.Acme, ID: "t", Hash: "hash", CreatedAt: fixtures.Begin}),
		fixtures.Office(tx).InsertAdmin(&workspace.Admin{Workspace: fixtures.Acme, ID: 1, Name: "Ada", CreatedAt: fixtures.Begin}),
		fixtures.Office(tx).InsertTeam(&workspace.Team{Workspace: fixtures.Acme, ID: 1, Name: "Sales", AdminIDs: []int64{1}, CreatedAt: fixtures.Begin}),
	)
}

// everything answers how many of each noun r shows, in the order of writeEverything.
func everything(r people.Reader, p *people.Person) ([]int, error) {
	found, err := r.Person(fixtures.Acme, p.ID)
	n := 0
	if found != nil {
		n = 1
	}
	dataEvents, err1 := r.Events(fixtures.Acme, p.ID, people.EventSpan{}, 10)
	changes, err2 := r.Changes(fixtures.Acme, p.ID, "", 10)
	outbox, err3 := fixtures.Office(r).OutboxWaits()
	attributes, err4 := r.Attributes(fixtures.Acme)
	workspaces, err5 := fixtures.Office(r).Workspaces()
	tokens, err6 := fixtures.Office(r).Tokens(fixtures.Acme)
	admins, err7 := r.Admins(fixtures.Acme)
	teams, err8 := fixtures.Office(r).Teams(fixtures.Acme)
	counts := []int{
		n, len(dataEvents), len(changes), map[bool]int{true: 1}[outbox], len(attributes), len(workspaces) - 2, len(tokens), len(admins), len(teams),
	}
	return counts, errors.Join(err, err1, err2, err3, err4, err5, err6, err7, err8)
}

func leavesNothing(t *testing.T, w *fixtures.Fixtures, p *people.Person) {
	t.Helper()
	counts := fixtures.Get(t, w, func(r people.Reader) ([]int, error) { return everything(r, p) })
	fixtures.Expect(t, "what the failed write left", []int{0, 0, 0, 0, 0, 0, 0, 0, 0}, counts)
}

func ownWrites(t *testing.T, w *fixtures.Fixtures) {
	p := w.Person(people.Visitor)
	var counts []int
	w.Write(t, func(tx people.Writer) (err error) {
		if err := writeEverything(tx, p); err != nil {
			return err
		}
		counts, err = everything(tx, p)
		return err
	})
	fixtures.Expect(t, "what the write sees", []int{1, 1, 1, 1, 1, 1, 1, 1, 1}, counts)
}

func failedUpdate(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
	renamed := p.Clone()
	renamed.Name = "Bob"
	err := w.Store.Write(t.Context(), func(tx people.Writer) error {
		if err := tx.UpdatePerson(p, renamed); err != nil {
			return err
		}
		if err := tx.DeletePerson(fixtures.Acme, p.ID, 0); err != nil {
			return err
		}
		return fixtures.ErrOnPurpose
	})
	if !errors.Is(err, fixtures.ErrOnPurpose) {
		t.Errorf("Write: %v", err)
	}
	fixtures.Expect(t, "the person", p, w.Stored(t, p.ID))
}

func swallowedRefusal(t *testing.T, w *fixtures.Fixtures) {
	old := w.Has(t, people.Visitor)
	before, after := w.Person(people.Visitor), w.Person(people.Visitor)
	same := w.Person(people.Visitor, func(p *people.Person) { p.AnonymousID = old.AnonymousID })
	err := w.Store.Write(t.Context(), func(tx people.Writer) error {
		if err := tx.InsertPerson(before); err != nil {
			return err
		}
		_ = tx.InsertPerson(same)
		_ = tx.InsertPerson(after)
		return nil
	})
	for _, p := range []*people.Person{before, after} {
		if there := w.Stored(t, p.ID) != nil; there != (err == nil) {
			t.Errorf("Write: %v, and yet a record is there: %v", err, there)
		}
	}
}

func readAfterWrite(t *testing.T, w *fixtures.Fixtures) {
	for range 20 {
		p := w.Has(t, people.Visitor)
		found := make(chan *people.Person)
		go func() {
			var got *people.Person
			_ = w.Store.Read(t.Context(), func(r people.Reader) (err error) {
				got, err = r.Person(fixtures.Acme, p.ID)
				return err
			})
			found <- got
		}()
		fixtures.Expect(t, "the person just written", p, <-found)
	}
}

func oneView(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
	renamed := p.Clone()
	renamed.Name = "Bob"
	written := make(chan error, 1)
	var first, second *people.Person
	err := w.Store.Read(t.Context(), func(r people.Reader) (err error) {
		if first, err = r.Person(fixtures.Acme, p.ID); err != nil {
			return err
		}
		go func() {
			written <- w.Store.Write(t.Context(), func(tx people.Writer) error { return tx.UpdatePerson(p, renamed) })
		}()
		select { // a store may let the write wait until the read is over
		case err := <-written:
			written <- err
		case <-time.After(500 * time.Millisecond):
		}
		second, err = r.Person(fixtures.Acme, p.ID)
		return err
	})
	if err := errors.Join(err, <-written); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the second look", first, second)
	fixtures.Expect(t, "a read begun later", renamed, w.Stored(t, p.ID))
}

func failedRead(t *testing.T, w *fixtures.Fixtures) {
	err := w.Store.Read(t.Context(), func(people.Reader) error { return fixtures.ErrOnPurpose })
	if !errors.Is(err, fixtures.ErrOnPurpose) {
		t.Errorf("Read: %v, want what the function returned", err)
	}
	recovered := fixtures.PanicOf(func() {
		_ = w.Store.Read(t.Context(), func(people.Reader) error { panic("on purpose") })
	})
	if !strings.Contains(fmt.Sprint(recovered), "on purpose") {
		t.Errorf("Read panics with %v, want the panic of its function", recovered)
	}
	w.Has(t, people.Visitor)
}

func imagesAreCopies(t *testing.T, w *fixtures.Fixtures) {
	p := w.Person(people.Visitor, func(p *people.Person) {
		p.Name = "Ada"
		p.CustomAttributes = search.Attributes{"plan": search.TextValue("pro")}
	})
	want := p.Clone()
	w.Insert(t, p)
	p.Name, p.CustomAttributes["plan"] = "spoilt", search.TextValue("spoilt")
	got := w.Stored(t, p.ID)
	fixtures.Expect(t, "the person", want, got)
	got.CustomAttributes["plan"] = search.TextValue("spoilt")
	fixtures.Expect(t, "the person", want, w.Stored(t, p.ID))
}

func cancelledBefore(t *testing.T, w *fixtures.Fixtures) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := w.Person(people.Visitor)
	if err := w.Store.Write(ctx, func(tx people.Writer) error { return tx.InsertPerson(p) }); !errors.Is(err, context.Canceled) {
		t.Errorf("Write: %v, want that the context was cancelled", err)
	}
	if got := w.Stored(t, p.ID); got != nil {
		t.Errorf("the store has %v", got)
	}
	for range 10 { // nor by luck
		err := w.Store.Read(ctx, func(r people.Reader) error {
			_, err := r.Person(fixtures.Acme, p.ID)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Read: %v, want that the context was cancelled", err)
		}
	}
}

func cancelledHalfway(t *testing.T, w *fixtures.Fixtures) {
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		before, after := w.Person(people.Visitor), w.Person(people.Visitor)
		err := w.Store.Write(ctx, func(tx people.Writer) error {
			if err := tx.InsertPerson(before); err != nil {
				return err
			}
			cancel()
			return tx.InsertPerson(after)
		})
		cancel()
		for _, p := range []*people.Person{before, after} {
			there := w.Stored(t, p.ID) != nil
			if there != (err == nil) && !errors.Is(err, workspace.ErrUnknownOutcome) {
				t.Errorf("Write: %v, and yet a record is there: %v", err, there)
			}
		}
	}
	w.Has(t, people.Visitor)
}

func closedStore(t *testing.T, w *fixtures.Fixtures) {
	if err := w.Store.Ready(t.Context()); err != nil {
		t.Errorf("Ready: %v, want an open store to be ready", err)
	}
	if err := w.Store.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if err := w.Store.Ready(t.Context()); err == nil {
		t.Error("a closed store is ready")
	}
	p := w.Person(people.Visitor)
	if err := w.Store.Write(t.Context(), func(tx people.Writer) error { return tx.InsertPerson(p) }); err == nil {
		t.Error("a closed store takes a write")
	}
	err := w.Store.Read(t.Context(), func(r people.Reader) error {
		_, err := r.Person(fixtures.Acme, p.ID)
		return err
	})
	if err == nil {
		t.Error("a closed store answers a read")
	}
}
