package people

import (
	"sync"
	"time"
)

// Lobby is the use cases over one [Store]. Clock and randomness are injected, so that every rule can be tested at any
// hour and every id can be foretold. A Lobby is safe for concurrent use and must not be copied.
type Lobby struct {
	Store Store
	// Now is the clock; only whole seconds are kept.
	Now func() time.Time
	// NewID makes the 24 hexadecimal digits of a new record; they begin with the given second, so ids sort by age.
	NewID func(at time.Time) string
	// NewUUID makes a version 4 UUID, the form of a visitor's user_id.
	NewUUID func() string
	// Secret makes an unguessable text of n letters and digits.
	Secret func(n int) string
	// Pseudonym names an anonymous person from its id and, when known, its city.
	Pseudonym func(id, city string) string

	// defined remembers, for the present second, attribute definitions seen in the store.
	defined sync.Map // attributeKey → knownAttribute
}

// now is the present in Unix seconds.
func (l *Lobby) now() int64 { return l.Now().Unix() }

// newID makes an id for a record created at the given Unix second.
func (l *Lobby) newID(at int64) string { return l.NewID(time.Unix(at, 0)) }

// Caller says on whose behalf a use case runs: which workspace it may see, and what the journal writes down about it.
type Caller struct {
	Workspace WorkspaceID
	// FollowMerged makes the id of a merged contact mean the one that absorbed it: see Workspace.ResolveMerged.
	FollowMerged bool
	Actor        Actor
	// RequestID is the id that the answer carries too, so that a journal entry can be traced to a request.
	RequestID string
	// AdminID is the admin who is said to have done it; 0 for nobody.
	AdminID int64
}

// Actor is who asked for a change.
type Actor struct {
	// Kind is "token", "browser" or "command".
	Kind string
	// ID is the token's id, the page's origin or the command's name; never a secret.
	ID string
}
