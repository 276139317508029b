package account

import (
	"context"

	"lobby/internal/workspace"
)

// Store keeps logins and what belongs to them.
type Store interface {
	// Read runs fn on one consistent view that holds every write acknowledged before the call. It may run fn again from the
	// start, so fn must not change what a run begins with.
	Read(ctx context.Context, fn func(Reader) error) error
	// Write runs fn so that all of its writes happen or none; fn may run again from the start. When Write returns nil, the
	// writes survive a power cut.
	Write(ctx context.Context, fn func(Writer) error) error
}

// Reader looks records up. A look-up of one record returns nil when there is none.
type Reader interface {
	workspace.Reader
	Login(id string) (*Login, error)
	// LoginByEmail returns the login whose address has the same workspace.EmailKey.
	LoginByEmail(email string) (*Login, error)
	HasLogins() (bool, error)
	// Memberships returns what a login may enter, the oldest workspace first. A membership of an admin who was deleted is
	// not among them.
	Memberships(loginID string) ([]*Membership, error)
	// Members returns the memberships of a workspace, the oldest first.
	Members(ws workspace.ID) ([]*Membership, error)
	// Link returns the link, expired or not, whose secret has this hash.
	Link(hash string) (*Link, error)
	// Session returns the session, ended or not, whose secret has this hash.
	Session(hash string) (*Session, error)
	// Sessions returns the sessions of a login, the last used first.
	Sessions(loginID string) ([]*Session, error)
}

// Writer reads and changes records.
type Writer interface {
	Reader
	workspace.Writer
	InsertLogin(*Login) error
	SetPasswordHash(loginID, hash string) error
	// DeleteLogin removes a login with its memberships, sessions and links.
	DeleteLogin(id string) error
	InsertMembership(*Membership) error
	SetRole(ws workspace.ID, loginID string, role Role) error
	DeleteMembership(ws workspace.ID, loginID string) error
	InsertLink(*Link) error
	// DeleteLink reports false when there is none with this hash. Of several writers, one gets true.
	DeleteLink(hash string) (bool, error)
	InsertSession(*Session) error
	TouchSession(hash string, at int64) error
	DeleteSession(hash string) error
	// DeleteSessions ends the sessions of a login but for the one with the hash keep.
	DeleteSessions(loginID, keep string) error
	// CountAttempt counts an attempt under a key, and returns how many there were since the first of them. Those that began
	// before a Unix second are forgotten first. Other writers that call it for the same key wait until this one ends.
	CountAttempt(key string, now, since int64) (int64, error)
	DeleteAttempts(key string) error
	// DeleteEnded deletes what has ended by itself: sessions begun or last used before a time, links that expired and
	// attempts that began before a time. Times are Unix seconds.
	DeleteEnded(begun, used, expired, attempted int64) error
}
