// Package storetest is what every people.Store must do, as one suite that runs over any of them.
// The tests of a store call [Run] with a function that opens an empty one; no file of the product imports it.
// It must not know how a store keeps things: it sees people.Store, and the use cases of people.Lobby upon it.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Run tests a store. It calls open for a new, empty store that nobody else uses, once for each test and from several
// goroutines at once, and closes it when that test ends. With -short the crowds are smaller.
func Run(t *testing.T, open func(t *testing.T) people.Store) {
	for _, noun := range []struct {
		name  string
		tests func(suite)
	}{
		{"transaction", transactions},
		{"person", persons},
		{"key", keys},
		{"number", numbers},
		{"visitor", visitors},
		{"contact", contacts},
		{"contact write", contactWrites},
		{"search", searches},
		{"convert", conversions},
		{"unique", uniqueness},
		{"merge", merges},
		{"contact merge", contactMerges},
		{"undo", undos},
		{"visit", visits},
		{"touch", touches},
		{"sign in", signIns},
		{"ping", pings},
		{"sweep", sweeps},
		{"lead", leads},
		{"change", changes},
		{"outbox", outboxEntries},
		{"attribute", attributes},
		{"event", events},
		{"event summary", eventSummaries},
		{"workspace", workspaces},
		{"token", tokens},
		{"admin", admins},
		{"team", teams},
		{"tag", tags},
		{"note", notes},
		{"activity", activities},
		{"away reason", awayReasons},
		{"subscription", subscriptions},
		{"segment", segments},
		{"company", companies},
		{"concurrency", concurrency},
		{"linearizability", linearizability},
	} {
		t.Run(noun.name, func(t *testing.T) {
			t.Parallel()
			noun.tests(suite{t, open})
		})
	}
}

// sized returns how much of something there is: as much as a deep run takes where LOBBY_TEST_DEEP=1, or the usual.
func sized(deep, usual int) int {
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		return deep
	}
	return usual
}

// suite runs tests, each on a store of its own.
type suite struct {
	t    *testing.T
	open func(*testing.T) people.Store
}

func (s suite) test(sentence string, test func(*testing.T, *world)) {
	s.t.Run(sentence, func(t *testing.T) {
		t.Parallel()
		w := s.newWorld(t)
		w.write(t, func(tx people.Writer) error {
			return errors.Join(
				office(tx).InsertWorkspace(&workspace.Workspace{ID: acme, Name: "acme", CreatedAt: begin}),
				office(tx).InsertWorkspace(&workspace.Workspace{ID: rival, Name: "rival", CreatedAt: begin}),
			)
		})
		test(t, w)
	})
}

// testEmpty is test without the workspaces.
func (s suite) testEmpty(sentence string, test func(*testing.T, *world)) {
	s.t.Run(sentence, func(t *testing.T) {
		t.Parallel()
		test(t, s.newWorld(t))
	})
}

func (s suite) newWorld(t *testing.T) *world {
	store := s.open(t)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return worldOver(store)
}

// acme is the workspace that tests work in, and rival the one that must never notice.
const (
	acme  workspace.ID = "acme"
	rival workspace.ID = "rival"
)

// world is a Lobby over a fresh store, with a clock that stands still and ids that can be foretold.
type world struct {
	*people.Lobby
	clock  *clock
	caller workspace.Caller
}

// made counts what all worlds made, so that two servers over one store never make the same.
var made atomic.Int64

func newID(at time.Time) string { return fmt.Sprintf("%08x%016x", at.Unix(), made.Add(1)) }

func worldOver(store people.Store) *world {
	clock := newClock()
	lobby := people.New(store, func(_, city string) string {
		if city != "" {
			return "Teal Whale from " + city
		}
		return "Teal Whale"
	})
	lobby.Now, lobby.NewID = clock.now, newID
	lobby.NewUUID = func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", made.Add(1)) }
	lobby.Secret = func(n int) string { return fmt.Sprintf("%0*d", n, made.Add(1)) }
	return &world{
		Lobby: lobby,
		clock: clock,
		caller: workspace.Caller{
			Workspace: acme, Actor: workspace.Actor{Kind: "token", ID: "token-1"}, RequestID: "request-1",
		},
	}
}

// by is whoever acts in a workspace, for no admin in particular.
func by(ws workspace.ID) workspace.Caller { return workspace.Caller{Workspace: ws} }

// clock stands still until somebody lets time pass.
type clock struct{ seconds atomic.Int64 }

// begin is when the clock of every test starts.
const begin int64 = 1_700_000_000

func newClock() *clock {
	c := new(clock)
	c.seconds.Store(begin)
	return c
}

func (c *clock) now() time.Time { return time.Unix(c.seconds.Load(), 0) }

func (c *clock) pass(d time.Duration) { c.seconds.Add(int64(d / time.Second)) }

func (w *world) write(t *testing.T, fn func(people.Writer) error) {
	t.Helper()
	if err := w.Store.Write(t.Context(), fn); err != nil {
		t.Fatalf("Write: %v", err)
	}
}

// get answers what look finds in a Read of its own.
func get[T any](t *testing.T, w *world, look func(people.Reader) (T, error)) T {
	t.Helper()
	var found T
	err := w.Store.Read(t.Context(), func(r people.Reader) (err error) {
		found, err = look(r)
		return err
	})
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return found
}

// person makes a person of acme, not yet stored.
func (w *world) person(role people.Role, edits ...func(*people.Person)) *people.Person {
	now := w.Now().Unix()
	p := &people.Person{Workspace: acme, ID: w.NewID(w.Now()), Role: role, CreatedAt: now, UpdatedAt: now, LastSeenAt: now}
	if role == people.Visitor {
		p.AnonymousID = w.NewUUID()
	}
	for _, edit := range edits {
		edit(p)
	}
	return p
}

// has stores a person like the one that [world.person] makes.
func (w *world) has(t *testing.T, role people.Role, edits ...func(*people.Person)) *people.Person {
	t.Helper()
	p := w.person(role, edits...)
	w.insert(t, p)
	return p
}

func (w *world) insert(t *testing.T, all ...*people.Person) {
	t.Helper()
	w.write(t, func(tx people.Writer) error { return insertAll(tx, all...) })
}

func insertAll(tx people.Writer, all ...*people.Person) error {
	for _, p := range all {
		if err := tx.InsertPerson(p); err != nil {
			return err
		}
	}
	return nil
}

// stored answers the person of acme with this id, or nil.
func (w *world) stored(t *testing.T, id string) *people.Person {
	t.Helper()
	return get(t, w, func(r people.Reader) (*people.Person, error) { return r.Person(acme, id) })
}

// outbox returns every entry of every workspace by id, without their sequences.
func (w *world) outbox(t *testing.T) []*workspace.OutboxEntry {
	t.Helper()
	if _, err := w.StampOutbox(t.Context(), "test"); err != nil {
		t.Fatalf("StampOutbox: %v", err)
	}
	var all []*workspace.OutboxEntry
	for _, ws := range get(t, w, func(r people.Reader) ([]*workspace.Workspace, error) { return office(r).Workspaces() }) {
		of := get(t, w, func(r people.Reader) ([]*workspace.OutboxEntry, error) { return office(r).Outbox(ws.ID, 0, 100_000) })
		for i, e := range of {
			if e.Sequence != int64(i+1) {
				t.Errorf("entry %d of %s has the sequence %d", i+1, ws.ID, e.Sequence)
			}
			e.Sequence = 0
		}
		all = append(all, of...)
	}
	slices.SortFunc(all, func(a, b *workspace.OutboxEntry) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// journal answers the changes of a person.
func (w *world) journal(t *testing.T, id string) []*people.Change {
	t.Helper()
	return get(t, w, func(r people.Reader) ([]*people.Change, error) { return r.Changes(acme, id, "", 100_000) })
}

// sound expects that the store itself finds no breach of an invariant, where it can look for any.
func (w *world) sound(t *testing.T) {
	t.Helper()
	checker, can := w.Store.(interface {
		Breaches(context.Context) ([]string, error)
	})
	if !can {
		return
	}
	found, err := checker.Breaches(t.Context())
	if err != nil || len(found) > 0 {
		t.Errorf("the store breaks invariants: %q, %v", found, err)
	}
}

// diff compares all the way down. A missing map or list equals an empty one: both say "none".
func diff(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b search.Value) bool { return a == b }))
}

func expect(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// ids answers whom a list names, in its order.
func ids(all []*people.Person) []string {
	out := make([]string, len(all))
	for i, p := range all {
		out[i] = p.ID
	}
	return out
}
