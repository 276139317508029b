package workspace

import (
	"sync"
	"time"
)

// Registry has the use cases on workspaces: on their settings, tokens, secrets, admins, teams, and the outbox. Clock and
// randomness are injected for tests. It is safe for concurrent use.
type Registry struct {
	Store Store
	// Now returns the current time; only whole seconds are kept.
	Now func() time.Time
	// NewID returns a new id of 24 hexadecimal digits. It begins with the given second, so that ids sort by age.
	NewID func(at time.Time) string
	// NewEntryID returns a new id of an outbox entry, likewise. Ids sort by their exact times, whichever server made them.
	NewEntryID func(at time.Time) string
	// Secret returns an unguessable text of n letters and digits.
	Secret func(n int) string
	// OnCreate adds the first records of a new workspace besides its admin and its token, in the same transaction. It may
	// be nil.
	OnCreate func(Writer, *Workspace) error

	watchers watchers
	uses     tokenUses
}

// watchers are the functions that [Registry.Watch] was given.
type watchers struct {
	mu  sync.Mutex
	all []func(ID)
}

// Watch has fn called with the id of each workspace whose record this server has written: a new one, or one with other
// settings or identity secrets. The call comes after the commit and before the use case returns. An empty id stands for all
// workspaces; see [Registry.Replaced]. fn must not block.
func (g *Registry) Watch(fn func(ID)) {
	g.watchers.mu.Lock()
	defer g.watchers.mu.Unlock()
	g.watchers.all = append(g.watchers.all, fn)
}

// Replaced tells the watchers that what the store has was replaced, or the clock set, so that they forget all they know.
func (g *Registry) Replaced() { g.written("") }

// Rewritten tells the watchers that the record of a workspace was written by other means than a use case.
func (g *Registry) Rewritten(id ID) { g.written(id) }

// written tells the watchers of a workspace. It is called after a write that failed, too: its outcome may be unknown.
func (g *Registry) written(id ID) {
	g.watchers.mu.Lock()
	all := g.watchers.all
	g.watchers.mu.Unlock()
	for _, fn := range all {
		fn(id)
	}
}

// NewRegistry returns a registry over a store, with the system's clock and randomness.
func NewRegistry(store Store) *Registry {
	return &Registry{Store: store, Now: time.Now, NewID: newIDs(), NewEntryID: new(entryIDs).next, Secret: randomSecret}
}

// Unix returns the current time in Unix seconds.
func (g *Registry) Unix() int64 { return g.Now().Unix() }

// IDAt returns a new id for a record created at a Unix second.
func (g *Registry) IDAt(at int64) string { return g.NewID(time.Unix(at, 0)) }
