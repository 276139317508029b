package workspace

import "time"

// Registry has the use cases on workspaces: on their settings, tokens, secrets, admins, teams, and the outbox. Clock and
// randomness are injected for tests. It is safe for concurrent use.
type Registry struct {
	Store Store
	// Now returns the current time; only whole seconds are kept.
	Now func() time.Time
	// NewID returns a new id of 24 hexadecimal digits. It begins with the given second, so that ids sort by age.
	NewID func(at time.Time) string
	// Secret returns an unguessable text of n letters and digits.
	Secret func(n int) string
	// OnCreate adds the first records of a new workspace besides its admin and its token, in the same transaction. It may
	// be nil.
	OnCreate func(Writer, *Workspace) error
}

// NewRegistry returns a registry over a store, with the system's clock and randomness.
func NewRegistry(store Store) *Registry {
	return &Registry{Store: store, Now: time.Now, NewID: newIDs(), Secret: randomSecret}
}

// Unix returns the current time in Unix seconds.
func (g *Registry) Unix() int64 { return g.Now().Unix() }

// IDAt returns a new id for a record created at a Unix second.
func (g *Registry) IDAt(at int64) string { return g.NewID(time.Unix(at, 0)) }
