package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/visit"
	"lobby/internal/workspace"
)

func concurrency(s fixtures.Suite) {
	s.Test("a crowd converts the same visitors exactly once each", crowd)
	s.Test("a write that fails takes no other with it", failingNeighbours)
	s.Test("one browser is one visitor however many pages it opens", manyPages)
	s.Test("one event told many times at once is one event", manyTellings)
	s.Test("an attribute gets one type however many define it at once", manyDefinitions)
	s.TestEmpty("an empty store gets one workspace however many servers start", manyServers)
	s.Test("every event that was told of is in the outbox once, the oldest first", fullOutbox)
	s.Test("a read sees all of a write or nothing of it", wholeWrites)
}

func failingNeighbours(t *testing.T, w *fixtures.Fixtures) {
	all := make([]*people.Person, 60)
	for i := range all {
		all[i] = w.Person(people.Visitor)
	}
	fixtures.Crowded(len(all), func(i int) {
		var err error
		panicked := fixtures.PanicOf(func() {
			err = w.Store.Write(t.Context(), func(tx people.Writer) error {
				if err := tx.InsertPerson(all[i]); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					return fixtures.ErrOnPurpose
				case 2:
					panic(i)
				}
				return nil
			})
		})
		switch {
		case i%3 == 0 && (err != nil || panicked != nil), i%3 == 1 && !errors.Is(err, fixtures.ErrOnPurpose), i%3 == 2 && panicked != i:
			t.Errorf("write %d: %v, panic %v", i, err, panicked)
		}
	})
	for i, p := range all {
		if there := w.Stored(t, p.ID) != nil; there != (i%3 == 0) {
			t.Errorf("what write %d inserted is there: %v", i, there)
		}
	}
}

func manyPages(t *testing.T, w *fixtures.Fixtures) {
	const pages = 32
	for range 4 {
		id := w.NewUUID()
		fixtures.Crowded(pages, func(i int) {
			plan := search.Attributes{fmt.Sprint("page", i%4): search.BoolValue(true)}
			if _, err := w.TryVisit(t, visit.Visit{AnonymousID: id, CustomAttributes: plan}); err != nil {
				t.Errorf("Visit: %v", err)
			}
		})
		p := fixtures.ByAnonymousID(t, w, id)
		if p.SessionCount != 1 || len(p.CustomAttributes) != 4 {
			t.Errorf("%d pages make %d sessions and the attributes %v", pages, p.SessionCount, p.CustomAttributes)
		}
	}
	if n := len(fixtures.List(t, w, people.VisitorFilter{})); n != 4 {
		t.Errorf("there are %d visitors, want 4", n)
	}
}

func manyTellings(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.Visitor)
	fixtures.Crowded(32, func(int) {
		if _, err := w.TryEvent(t, p.AnonymousID, people.Event{Name: "ordered"}); err != nil {
			t.Errorf("Ping: %v", err)
		}
	})
	if deeds, outbox := w.StoredEvents(t, p.ID), w.Outbox(t); len(deeds) != 1 || len(outbox) != 1 {
		t.Errorf("there are %d events and %d entries in the outbox, want one of each", len(deeds), len(outbox))
	}
}

func manyDefinitions(t *testing.T, w *fixtures.Fixtures) {
	values := []search.Value{search.TextValue("1"), search.IntValue(1), search.BoolValue(true)}
	for round := range 10 {
		name := fmt.Sprint("a", round)
		holders := make([]*people.Person, 12)
		for i := range holders {
			holders[i] = w.Person(people.Visitor)
		}
		w.Insert(t, holders...)
		fixtures.Crowded(len(holders), func(i int) {
			err := fixtures.Over(w.Store).Attribute(t, holders[i], name, values[i%len(values)])
			if _, refused := errors.AsType[*workspace.InvalidError](err); err != nil && !refused {
				t.Errorf("UpdateVisitor: %v", err)
			}
		})
		var kinds []search.Kind
		for _, p := range holders {
			if v, has := w.Stored(t, p.ID).CustomAttributes[name]; has {
				kinds = append(kinds, v.Kind())
			}
		}
		slices.Sort(kinds)
		if kinds = slices.Compact(kinds); len(kinds) != 1 {
			t.Fatalf("one attribute has values of %d kinds", len(kinds))
		}
	}
}

func manyServers(t *testing.T, w *fixtures.Fixtures) {
	var made atomic.Int32
	fixtures.Crowded(8, func(int) {
		all, created, err := fixtures.Over(w.Store).FirstWorkspace(t.Context(), workspace.Draft{})
		if err != nil || len(all) != 1 {
			t.Errorf("FirstWorkspace: %d workspaces, %v, want one", len(all), err)
		}
		if created != nil {
			made.Add(1)
		}
	})
	all, err := w.Workspaces(t.Context())
	if err != nil || len(all) != 1 || made.Load() != 1 {
		t.Errorf("%d servers made %d workspaces, %v, want one", made.Load(), len(all), err)
	}
}

func fullOutbox(t *testing.T, w *fixtures.Fixtures) {
	const writers, each = 8, 50
	fixtures.Crowded(writers, func(int) {
		for range each {
			err := w.Store.Write(t.Context(), func(tx people.Writer) error {
				return tx.Emit(&workspace.OutboxEntry{
					Workspace: fixtures.Acme, ID: w.NewID(w.Now()), Topic: people.EventCreated, PersonID: "p", SubjectID: "s", CreatedAt: fixtures.Begin,
				})
			})
			if err != nil {
				t.Errorf("Write: %v", err)
			}
		}
	})
	if n, err := w.StampOutbox(t.Context(), "test"); err != nil || n != writers*each {
		t.Errorf("%d entries got a sequence (%v), want %d", n, err, writers*each)
	}
	seen, after := map[string]bool{}, int64(0)
	for {
		page := fixtures.Get(t, w, func(r people.Reader) ([]*workspace.OutboxEntry, error) {
			return fixtures.Office(r).Outbox(fixtures.Acme, after, 20)
		})
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			if e.Sequence != after+1 || seen[e.ID] {
				t.Fatalf("entry %s, %d, comes after %d", e.ID, e.Sequence, after)
			}
			after, seen[e.ID] = e.Sequence, true
		}
	}
	if len(seen) != writers*each {
		t.Errorf("the outbox has %d entries of %d", len(seen), writers*each)
	}
}

func wholeWrites(t *testing.T, w *fixtures.Fixtures) {
	const rounds = 100
	a, b := w.Has(t, people.Visitor), w.Has(t, people.Visitor)
	written := make(chan struct{})
	defer func() { <-written }()
	go func() {
		defer close(written)
		for range rounds {
			name := fmt.Sprint(rand.Uint64())
			err := w.Store.Write(t.Context(), func(tx people.Writer) error {
				for _, id := range []string{a.ID, b.ID} {
					before, err := tx.Person(fixtures.Acme, id)
					if err != nil {
						return err
					}
					after := before.Clone()
					after.Name = name
					if err := tx.UpdatePerson(before, after); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Errorf("Write: %v", err)
			}
		}
	}()
	for over := false; !over; {
		select {
		case <-written:
			over = true
		default:
		}
		pair := fixtures.Get(t, w, func(r people.Reader) ([2]*people.Person, error) {
			second, err := r.Person(fixtures.Acme, b.ID)
			if err != nil {
				return [2]*people.Person{}, err
			}
			first, err := r.Person(fixtures.Acme, a.ID)
			return [2]*people.Person{first, second}, err
		})
		if pair[0].Name != pair[1].Name {
			t.Fatalf("a read sees %q and %q of one write", pair[0].Name, pair[1].Name)
		}
	}
}
