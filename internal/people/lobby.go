package people

import (
	"context"

	"lobby/internal/workspace"
)

// Lobby has the use cases over one [Store], and those on workspaces, whose clock and ids it shares. Randomness is injected,
// so that tests can predict every id. A Lobby is safe for concurrent use and must not be copied.
type Lobby struct {
	*workspace.Registry
	Store Store
	// NewUUID makes a version 4 UUID, the form of a visitor's user_id.
	NewUUID func() string
	// Pseudonym names an anonymous person from its id and, when known, its city.
	Pseudonym func(id, city string) string
	// Attached learns what becomes of persons, for what other packages keep of them; nil for nobody.
	Attached Attached
}

// New returns a Lobby over a store with the real clock and real randomness.
func New(store Store, pseudonym func(id, city string) string) *Lobby {
	l := &Lobby{Store: store, NewUUID: workspace.RandomUUID, Pseudonym: pseudonym}
	if store == nil {
		l.Registry = workspace.NewRegistry(nil)
	} else {
		l.Registry = workspace.NewRegistry(store.Workspaces())
	}
	l.OnCreate = l.seed
	return l
}

// seed writes the initial records of a new workspace. Its writer comes from [Store.Workspaces], and so is a Writer too.
func (l *Lobby) seed(w workspace.Writer, ws *workspace.Workspace) error {
	if err := seedSubscriptionTypes(w.(Writer), ws); err != nil {
		return err
	}
	return l.seedSegments(w.(Writer), ws)
}

// Attached is what another package keeps of persons. Its methods run in the transaction of the change. What is attached to a
// person that is merged is read through the forwarding address, so neither a merge nor its undo is told.
type Attached interface {
	// Blocked is called after a person was blocked, and Erased before it is deleted with those that it absorbed.
	Blocked(w Writer, c workspace.Caller, personID string) error
	Erased(w Writer, c workspace.Caller, personID string) error
}

// erase deletes a person with everything attached to it. erasedAt is the Unix second to remember of it; 0 remembers nothing.
func (l *Lobby) erase(w Writer, c workspace.Caller, id string, erasedAt int64) error {
	if l.Attached != nil {
		if err := l.Attached.Erased(w, c, id); err != nil {
			return err
		}
	}
	return w.DeletePerson(c.Workspace, id, erasedAt)
}

// read returns what fn reads in one consistent view.
func read[T any](ctx context.Context, l *Lobby, fn func(Reader) (T, error)) (T, error) {
	return workspace.Read(ctx, l.Store, fn)
}

// write returns what fn returns from one transaction, which happens completely or not at all. fn may run again from the start.
func write[T any](ctx context.Context, l *Lobby, fn func(Writer) (T, error)) (T, error) {
	return workspace.Write(ctx, l.Store, fn)
}
