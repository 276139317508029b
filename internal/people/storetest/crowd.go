package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
)

// The crowd: so many converters want so many visitors, some for the same contact, some for different ones, while others
// update and read them.
const (
	converters    = 64
	updaters      = 4
	onlookers     = 4
	targets       = 20   // contacts that visitors of one kind share
	perVisitor    = 8    // how many converters want each visitor
	manyVisitors  = 1000 // in a deep run
	someVisitors  = 250
	shortVisitors = 120
)

// wish is what one converter wants of a visitor.
func wish(visitor *people.Person, i, converter int) people.ConvertRequest {
	switch target := i / 4 % targets; i % 4 {
	case 0:
		return fixtures.ToLead(visitor)
	case 1:
		return fixtures.ToUser(visitor, people.UserRef{UserID: fmt.Sprint("user ", target)})
	case 2:
		return fixtures.ToUser(visitor, people.UserRef{Email: fmt.Sprintf("user-%d@example.com", target)})
	}
	// Every fourth visitor is fought over.
	if converter%2 == 0 {
		return fixtures.ToLead(visitor)
	}
	return fixtures.ToUser(visitor, people.UserRef{UserID: fmt.Sprint("rival ", i/4%targets)})
}

// gathering is a crowd at work.
type gathering struct {
	*fixtures.Fixtures
	visitors []*people.Person
	// front is the visitor that the converters are at. They all go the same way, for the closest shave.
	front atomic.Int64

	mu      sync.Mutex
	results [][]*people.ConversionResult // by visitor
	updates [][updaters]int64            // the last update acknowledged, by visitor
}

func crowd(t *testing.T, w *fixtures.Fixtures) {
	n := fixtures.Sized(manyVisitors, someVisitors)
	if testing.Short() {
		n = shortVisitors
	}
	g := &gathering{
		Fixtures: w, visitors: make([]*people.Person, n), results: make([][]*people.ConversionResult, n), updates: make([][updaters]int64, n),
	}
	for i := range g.visitors {
		g.visitors[i] = w.Person(people.Visitor)
	}
	w.Insert(t, g.visitors...)

	converted := make(chan struct{})
	var others sync.WaitGroup
	for i := range updaters {
		others.Go(func() { g.update(t, i, converted) })
	}
	for range onlookers {
		others.Go(func() { g.look(t, converted) })
	}
	fixtures.Crowded(converters, func(converter int) { g.convertShare(t, converter) })
	close(converted)
	others.Wait()

	subjects := map[string]int{} // outbox entries by the change that they tell of
	for _, e := range w.Outbox(t) {
		subjects[e.SubjectID]++
	}
	if len(subjects) != n {
		t.Errorf("the outbox tells of %d conversions, want %d", len(subjects), n)
	}
	contacts := map[string]string{} // ids of the contacts by what they were asked for
	for i := range g.visitors {
		g.checkVisitor(t, i, subjects, contacts)
	}
}

// convertShare converts the visitors that one converter wants.
func (g *gathering) convertShare(t *testing.T, converter int) {
	for i := range g.visitors {
		if (i+converter)%(converters/perVisitor) != 0 {
			continue
		}
		g.front.Store(int64(i))
		result, err := g.ConvertVisitor(t.Context(), g.Caller, wish(g.visitors[i], i, converter/perVisitor))
		if err != nil {
			if i%4 != 3 || !errors.Is(err, people.ErrVisitorNotFound) {
				t.Errorf("visitor %d: %v", i, err)
			}
			continue
		}
		g.mu.Lock()
		g.results[i] = append(g.results[i], result)
		g.mu.Unlock()
	}
}

func (g *gathering) update(t *testing.T, updater int, converted chan struct{}) {
	name := fmt.Sprint("seen by ", updater)
	for n := int64(1); ; n++ {
		select {
		case <-converted:
			return
		default:
		}
		i := g.near()
		err := g.Attribute(t, g.visitors[i], name, search.IntValue(n))
		switch {
		case err == nil:
			g.mu.Lock()
			g.updates[i][updater] = n
			g.mu.Unlock()
		case !errors.Is(err, people.ErrVisitorNotFound):
			t.Errorf("UpdateVisitor: %v", err)
		}
	}
}

// near answers a visitor about to be converted or just converted.
func (g *gathering) near() int {
	i := int(g.front.Load()) - 4 + rand.IntN(24)
	return max(0, min(i, len(g.visitors)-1))
}

// look reads visitors and what became of them: never both, never neither.
func (g *gathering) look(t *testing.T, converted chan struct{}) {
	for {
		select {
		case <-converted:
			return
		default:
		}
		visitor := g.visitors[g.near()]
		err := g.Store.Read(t.Context(), func(r people.Reader) error {
			p, err := r.PersonByAnonymousID(fixtures.Acme, visitor.AnonymousID)
			if err != nil {
				return err
			}
			change, err := r.ChangeFrom(fixtures.Acme, visitor.ID, people.Visitor)
			if err != nil {
				return err
			}
			if p == nil || p.IsLiveVisitor() != (change == nil) {
				t.Errorf("a read sees the visitor %+v and the conversion %+v", p, change)
				return nil
			}
			if change == nil {
				return nil
			}
			contact, err := r.Person(fixtures.Acme, change.SurvivorID)
			if err == nil && (contact == nil || !contact.IsLiveContact()) {
				t.Errorf("a read sees the conversion into %s and the contact %+v", change.SurvivorID, contact)
			}
			return err
		})
		if err != nil {
			t.Errorf("Read: %v", err)
		}
	}
}

// checkVisitor expects that a visitor went exactly one way, and that everybody was told of that one.
func (g *gathering) checkVisitor(t *testing.T, i int, outbox map[string]int, contacts map[string]string) {
	visitor, results := g.visitors[i], g.results[i]
	if len(results) == 0 {
		t.Errorf("visitor %d: nobody converted it", i)
		return
	}
	change := g.ConversionOf(t, fixtures.Acme, visitor.ID)
	fresh := 0
	for _, result := range results {
		if result.Decision != people.DecidedRepeated {
			fresh++
		}
		if result.ChangeID != change.ID || result.Contact.ID != change.SurvivorID {
			t.Errorf("visitor %d: an answer says %s, %s, the journal %s, %s", i, result.ChangeID, result.Contact.ID, change.ID, change.SurvivorID)
		}
	}
	if fresh != 1 || outbox[change.ID] != 1 {
		t.Errorf("visitor %d: %d conversions and %d entries in the outbox, want one of each", i, fresh, outbox[change.ID])
	}
	spent, contact := g.Stored(t, visitor.ID), g.Stored(t, change.SurvivorID)
	if spent.IsLiveVisitor() || !contact.IsLiveContact() || contact.Role != change.To {
		t.Errorf("visitor %d: it is %+v, its contact %+v", i, spent, contact)
	}
	if change.To == people.User {
		target := contact.ExternalID + contact.Email
		if id, known := contacts[target]; known && id != contact.ID {
			t.Errorf("visitor %d: %s is %s and %s", i, target, id, contact.ID)
		}
		contacts[target] = contact.ID
		if wanted := wish(visitor, i, 1).User; target != wanted.UserID+wanted.Email {
			t.Errorf("visitor %d: it went to %s, want %+v", i, target, wanted)
		}
	}
	for updater, n := range g.updates[i] {
		if got := change.Subject.CustomAttributes[fmt.Sprint("seen by ", updater)]; got.Int() != n {
			t.Errorf("visitor %d: update %d was acknowledged, the conversion knows of %v", i, n, got)
		}
	}
	if others := slices.DeleteFunc(g.Journal(t, visitor.ID), func(c *people.Change) bool { return c.SubjectID != visitor.ID }); len(others) != 1 {
		t.Errorf("visitor %d: %d entries in the journal, want 1", i, len(others))
	}
}
