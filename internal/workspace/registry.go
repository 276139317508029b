package workspace

import "time"

// Registry is the use cases on workspaces themselves: their settings, tokens, secrets, admins and teams, and the outbox.
// Clock and randomness are injected, so that every rule can be tested at any hour. It is safe for concurrent use.
type Registry struct {
	Store Store
	// Now is the clock; only whole seconds are kept.
	Now func() time.Time
	// NewID makes the 24 hexadecimal digits of a new record; they begin with the given second, so ids sort by age.
	NewID func(at time.Time) string
	// Secret makes an unguessable text of n letters and digits.
	Secret func(n int) string
	// OnCreate writes what every workspace begins with besides its admin and its token, in the same transaction; nil for
	// nothing.
	OnCreate func(Writer, *Workspace) error

	uses tokenUses
}

// NewRegistry returns a registry over a store with the real clock and real randomness.
func NewRegistry(store Store) *Registry {
	return &Registry{Store: store, Now: time.Now, NewID: newIDs(), Secret: randomSecret}
}

// Unix is the present in Unix seconds.
func (g *Registry) Unix() int64 { return g.Now().Unix() }

// IDAt makes an id for a record created at the given Unix second.
func (g *Registry) IDAt(at int64) string { return g.NewID(time.Unix(at, 0)) }
