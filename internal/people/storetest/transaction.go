package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

var errOnPurpose = errors.New("failed on purpose")

func transactions(s suite) {
	s.test("a write that fails leaves nothing and its error comes back as it was", failedWrite)
	s.test("a write that panics leaves nothing and the panic goes on", panickedWrite)
	s.test("a failed write leaves what was there before", failedUpdate)
	s.test("a write that swallows a refusal is not acknowledged in part", swallowedRefusal)
	s.test("a write reads its own writes", ownWrites)
	s.test("a read sees every write acknowledged before it", readAfterWrite)
	s.test("a read has one view from its first look to its last", oneView)
	s.test("a read gives back the error and the panic of its function", failedRead)
	s.test("what a caller does to an image does not reach the store", imagesAreCopies)
	s.test("a cancelled context neither reads nor writes", cancelledBefore)
	s.test("a context cancelled halfway writes all or nothing", cancelledHalfway)
	s.test("a closed store refuses everything", closedStore)
}

func failedWrite(t *testing.T, w *world) {
	p := w.person(people.Visitor)
	wrapped := fmt.Errorf("wrapped: %w", errOnPurpose)
	err := w.Store.Write(t.Context(), func(tx people.Writer) error {
		if err := writeEverything(tx, p); err != nil {
			return err
		}
		return wrapped
	})
	if !errors.Is(err, errOnPurpose) || !strings.Contains(fmt.Sprint(err), "wrapped") {
		t.Errorf("Write: %v, want what the function returned", err)
	}
	leavesNothing(t, w, p)
	w.insert(t, p)
}

func panickedWrite(t *testing.T, w *world) {
	p := w.person(people.Visitor)
	recovered := panicOf(func() {
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
	w.insert(t, p)
}

func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// writeEverything writes one of each noun, all about p.
func writeEverything(tx people.Writer, p *people.Person) error {
	event := &workspace.OutboxEntry{Workspace: acme, ID: p.ID, Topic: people.VisitorConverted, PersonID: p.ID, SubjectID: "s", CreatedAt: begin}
	change := &people.Change{
		Workspace: acme, ID: p.ID, Kind: people.ChangeConverted, From: people.Visitor, To: people.Lead,
		SubjectID: p.ID, SurvivorID: p.ID, CreatedAt: begin, Subject: p, Result: p,
	}
	if err := tx.InsertPerson(p); err != nil {
		return err
	}
	_, err := tx.InsertEvent(eventOf(p, "ordered", begin))
	return errors.Join(
		err, tx.InsertChange(change), tx.Emit(event),
		tx.DefineAttribute(definition("plan", people.StringAttribute)),
		office(tx).InsertWorkspace(&workspace.Workspace{ID: "third", Name: "Third", CreatedAt: begin}),
		office(tx).InsertToken(&workspace.Token{Workspace: acme, ID: "t", Hash: "hash", CreatedAt: begin}),
		office(tx).InsertAdmin(&workspace.Admin{Workspace: acme, ID: 1, Name: "Ada", CreatedAt: begin}),
		office(tx).InsertTeam(&workspace.Team{Workspace: acme, ID: 1, Name: "Sales", AdminIDs: []int64{1}, CreatedAt: begin}),
	)
}

// everything answers how many of each noun r shows, in the order of writeEverything.
func everything(r people.Reader, p *people.Person) ([]int, error) {
	found, err := r.Person(acme, p.ID)
	n := 0
	if found != nil {
		n = 1
	}
	dataEvents, err1 := r.Events(acme, p.ID, people.EventSpan{}, 10)
	changes, err2 := r.Changes(acme, p.ID, "", 10)
	outbox, err3 := office(r).OutboxWaits()
	attributes, err4 := r.Attributes(acme)
	workspaces, err5 := office(r).Workspaces()
	tokens, err6 := office(r).Tokens(acme)
	admins, err7 := r.Admins(acme)
	teams, err8 := office(r).Teams(acme)
	counts := []int{
		n, len(dataEvents), len(changes), map[bool]int{true: 1}[outbox], len(attributes), len(workspaces) - 2, len(tokens), len(admins), len(teams),
	}
	return counts, errors.Join(err, err1, err2, err3, err4, err5, err6, err7, err8)
}

func leavesNothing(t *testing.T, w *world, p *people.Person) {
	t.Helper()
	counts := get(t, w, func(r people.Reader) ([]int, error) { return everything(r, p) })
	expect(t, "what the failed write left", []int{0, 0, 0, 0, 0, 0, 0, 0, 0}, counts)
}

func ownWrites(t *testing.T, w *world) {
	p := w.person(people.Visitor)
	var counts []int
	w.write(t, func(tx people.Writer) (err error) {
		if err := writeEverything(tx, p); err != nil {
			return err
		}
		counts, err = everything(tx, p)
		return err
	})
	expect(t, "what the write sees", []int{1, 1, 1, 1, 1, 1, 1, 1, 1}, counts)
}

func failedUpdate(t *testing.T, w *world) {
	p := w.has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
	renamed := p.Clone()
	renamed.Name = "Bob"
	err := w.Store.Write(t.Context(), func(tx people.Writer) error {
		if err := tx.UpdatePerson(p, renamed); err != nil {
			return err
		}
		if err := tx.DeletePerson(acme, p.ID); err != nil {
			return err
		}
		return errOnPurpose
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("Write: %v", err)
	}
	expect(t, "the person", p, w.stored(t, p.ID))
}

func swallowedRefusal(t *testing.T, w *world) {
	old := w.has(t, people.Visitor)
	before, after := w.person(people.Visitor), w.person(people.Visitor)
	same := w.person(people.Visitor, func(p *people.Person) { p.AnonymousID = old.AnonymousID })
	err := w.Store.Write(t.Context(), func(tx people.Writer) error {
		if err := tx.InsertPerson(before); err != nil {
			return err
		}
		_ = tx.InsertPerson(same)
		_ = tx.InsertPerson(after)
		return nil
	})
	for _, p := range []*people.Person{before, after} {
		if there := w.stored(t, p.ID) != nil; there != (err == nil) {
			t.Errorf("Write: %v, and yet a record is there: %v", err, there)
		}
	}
}

func readAfterWrite(t *testing.T, w *world) {
	for range 20 {
		p := w.has(t, people.Visitor)
		found := make(chan *people.Person)
		go func() {
			var got *people.Person
			_ = w.Store.Read(t.Context(), func(r people.Reader) (err error) {
				got, err = r.Person(acme, p.ID)
				return err
			})
			found <- got
		}()
		expect(t, "the person just written", p, <-found)
	}
}

func oneView(t *testing.T, w *world) {
	p := w.has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
	renamed := p.Clone()
	renamed.Name = "Bob"
	written := make(chan error, 1)
	var first, second *people.Person
	err := w.Store.Read(t.Context(), func(r people.Reader) (err error) {
		if first, err = r.Person(acme, p.ID); err != nil {
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
		second, err = r.Person(acme, p.ID)
		return err
	})
	if err := errors.Join(err, <-written); err != nil {
		t.Fatal(err)
	}
	expect(t, "the second look", first, second)
	expect(t, "a read begun later", renamed, w.stored(t, p.ID))
}

func failedRead(t *testing.T, w *world) {
	err := w.Store.Read(t.Context(), func(people.Reader) error { return errOnPurpose })
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("Read: %v, want what the function returned", err)
	}
	recovered := panicOf(func() {
		_ = w.Store.Read(t.Context(), func(people.Reader) error { panic("on purpose") })
	})
	if !strings.Contains(fmt.Sprint(recovered), "on purpose") {
		t.Errorf("Read panics with %v, want the panic of its function", recovered)
	}
	w.has(t, people.Visitor)
}

func imagesAreCopies(t *testing.T, w *world) {
	p := w.person(people.Visitor, func(p *people.Person) {
		p.Name = "Ada"
		p.CustomAttributes = search.Attributes{"plan": search.TextValue("pro")}
	})
	want := p.Clone()
	w.insert(t, p)
	p.Name, p.CustomAttributes["plan"] = "spoilt", search.TextValue("spoilt")
	got := w.stored(t, p.ID)
	expect(t, "the person", want, got)
	got.CustomAttributes["plan"] = search.TextValue("spoilt")
	expect(t, "the person", want, w.stored(t, p.ID))
}

func cancelledBefore(t *testing.T, w *world) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := w.person(people.Visitor)
	if err := w.Store.Write(ctx, func(tx people.Writer) error { return tx.InsertPerson(p) }); !errors.Is(err, context.Canceled) {
		t.Errorf("Write: %v, want that the context was cancelled", err)
	}
	if got := w.stored(t, p.ID); got != nil {
		t.Errorf("the store has %v", got)
	}
	for range 10 { // nor by luck
		err := w.Store.Read(ctx, func(r people.Reader) error {
			_, err := r.Person(acme, p.ID)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Read: %v, want that the context was cancelled", err)
		}
	}
}

func cancelledHalfway(t *testing.T, w *world) {
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		before, after := w.person(people.Visitor), w.person(people.Visitor)
		err := w.Store.Write(ctx, func(tx people.Writer) error {
			if err := tx.InsertPerson(before); err != nil {
				return err
			}
			cancel()
			return tx.InsertPerson(after)
		})
		cancel()
		for _, p := range []*people.Person{before, after} {
			there := w.stored(t, p.ID) != nil
			if there != (err == nil) && !errors.Is(err, workspace.ErrUnknownOutcome) {
				t.Errorf("Write: %v, and yet a record is there: %v", err, there)
			}
		}
	}
	w.has(t, people.Visitor)
}

func closedStore(t *testing.T, w *world) {
	if err := w.Store.Ready(t.Context()); err != nil {
		t.Errorf("Ready: %v, want an open store to be ready", err)
	}
	if err := w.Store.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if err := w.Store.Ready(t.Context()); err == nil {
		t.Error("a closed store is ready")
	}
	p := w.person(people.Visitor)
	if err := w.Store.Write(t.Context(), func(tx people.Writer) error { return tx.InsertPerson(p) }); err == nil {
		t.Error("a closed store takes a write")
	}
	err := w.Store.Read(t.Context(), func(r people.Reader) error {
		_, err := r.Person(acme, p.ID)
		return err
	})
	if err == nil {
		t.Error("a closed store answers a read")
	}
}
