package workspace

import "context"

// Store keeps what belongs to workspaces themselves.
type Store interface {
	// Read runs fn on one consistent view that holds every write acknowledged before the call. It may run fn again from the
	// start, so fn must not change what a run begins with.
	Read(ctx context.Context, fn func(Reader) error) error
	// Write runs fn so that all of its writes happen or none; fn may run again from the start. When Write returns nil,
	// the writes survive a power cut. ErrUnknownOutcome means that they may or may not have happened.
	Write(ctx context.Context, fn func(Writer) error) error
	// DeleteWorkspace deletes a workspace with everything in it, in many transactions. It may be called again when it was
	// interrupted, and for one that is not there.
	DeleteWorkspace(ctx context.Context, ws ID) error
}

// Read returns what fn reads in one consistent view of a store.
func Read[T, R any](ctx context.Context, store interface {
	Read(context.Context, func(R) error) error
}, fn func(R) (T, error),
) (result T, err error) {
	err = store.Read(ctx, func(r R) (err error) {
		result, err = fn(r)
		return err
	})
	return result, err
}

// Write returns what fn returns from one transaction of a store, which is atomic; fn may run again from the start.
func Write[T, W any](ctx context.Context, store interface {
	Write(context.Context, func(W) error) error
}, fn func(W) (T, error),
) (result T, err error) {
	err = store.Write(ctx, func(w W) (err error) {
		result, err = fn(w)
		return err
	})
	return result, err
}

// Reader reads what belongs to workspaces. Methods that return one record return nil when there is none.
type Reader interface {
	OutboxReader
	WorkspaceReader
	TokenReader
	AdminReader
	TeamReader
	ActivityReader
	AwayReasonReader
	NodeReader
	SaltReader
}

// Writer reads and changes what belongs to workspaces.
type Writer interface {
	Reader
	NumberWriter
	OutboxWriter
	LeaseWriter
	WorkspaceWriter
	TokenWriter
	AdminWriter
	TeamWriter
	ActivityWriter
	AwayReasonWriter
	NodeWriter
	PageSessionWriter
	SaltWriter
}

// NumberWriter gives out the numbers that some kinds of records have as ids.
type NumberWriter interface {
	// NextNumber returns a number, from 1, that no record of the kind in the workspace ever had. Other writers that call it
	// for the same kind wait until this one ends.
	NextNumber(ws ID, kind string) (int64, error)
}

// OutboxReader reads the outbox.
type OutboxReader interface {
	// Outbox returns at most limit entries of a workspace whose sequence is above after, in the order of their sequences.
	// A reader that goes on after the last entry it got misses none and gets none twice, unless they are deleted first.
	Outbox(ws ID, after int64, limit int) ([]*OutboxEntry, error)
	// OutboxWaits reports whether any entry has no sequence yet.
	OutboxWaits() (bool, error)
}

// Emitter adds entries to the outbox.
type Emitter interface {
	// Emit writes an entry without a sequence.
	Emit(*OutboxEntry) error
}

// OutboxWriter writes the outbox.
type OutboxWriter interface {
	Emitter
	// StampOutbox looks for the first workspace after the given one that has entries without a sequence. It gives the next
	// sequences to at most limit of these entries, in the order of their ids, and returns the workspace and their number.
	// Only the holder of a lease may call it.
	StampOutbox(after ID, limit int) (ID, int, error)
	// DeleteOutbox deletes at most limit entries of a workspace that were written before a Unix second, the oldest first,
	// and returns their number. From then on changes before that time may have no entry.
	DeleteOutbox(ws ID, before int64, limit int) (int, error)
}

// LeaseWriter makes one of the servers that share a database responsible for a task.
type LeaseWriter interface {
	// TakeLease gives a lease to holder until a Unix second. It reports false when another holder has it at the Unix second
	// now. Other writers that call it for the same lease wait until this one ends.
	TakeLease(name, holder string, now, until int64) (bool, error)
}

// WorkspaceReader reads workspaces.
type WorkspaceReader interface {
	Workspace(ws ID) (*Workspace, error)
	// Workspaces returns all, oldest first. On a Writer, other writers that call it wait until this one ends.
	Workspaces() ([]*Workspace, error)
}

// WorkspaceWriter changes workspaces. UpdateWorkspace does not change their identity secrets.
type WorkspaceWriter interface {
	InsertWorkspace(*Workspace) error
	UpdateWorkspace(*Workspace) error
	InsertIdentitySecret(*IdentitySecret) error
	// DeleteIdentitySecret reports false when there is none with that id.
	DeleteIdentitySecret(ws ID, id int64) (bool, error)
}

// TokenReader reads access tokens.
type TokenReader interface {
	// TokenByHash returns the token whose secret has a hash, revoked or not.
	TokenByHash(hash string) (*Token, error)
	// Tokens returns a workspace's tokens, oldest first.
	Tokens(ws ID) ([]*Token, error)
}

// TokenWriter changes access tokens.
type TokenWriter interface {
	InsertToken(*Token) error
	RevokeToken(ws ID, id string, at int64) error
	// TouchToken writes when a token was used, unless a later use is known.
	TouchToken(ws ID, id string, at int64) error
}

// AdminReader reads admins.
type AdminReader interface {
	Admin(ws ID, id int64) (*Admin, error)
	// Admins returns a workspace's admins, sorted by id. On a Writer, other writers that call it wait until this one ends.
	Admins(ws ID) ([]*Admin, error)
}

// AdminWriter changes admins.
type AdminWriter interface {
	// NextAssigneeID returns an id that no admin and no team of the workspace ever had, so that it never means both. Other
	// writers that call it wait until this one ends.
	NextAssigneeID(ws ID) (int64, error)
	InsertAdmin(*Admin) error
	UpdateAdmin(*Admin) error
	// DeleteAdmin deletes an admin at a Unix second and removes it from its teams.
	DeleteAdmin(ws ID, id, at int64) error
}

// TeamReader reads teams.
type TeamReader interface {
	// Teams returns a workspace's teams, sorted by id. On a Writer, other writers that call it wait until this one ends.
	Teams(ws ID) ([]*Team, error)
}

// TeamWriter changes teams.
type TeamWriter interface {
	InsertTeam(*Team) error
	UpdateTeam(*Team) error
	DeleteTeam(ws ID, id, at int64) error
}

// ActivityReader reads the activity log.
type ActivityReader interface {
	// Activities returns one page, newest first; CountActivities returns the number of activities on all pages.
	Activities(ws ID, filter ActivityFilter, page Page) ([]*Activity, error)
	CountActivities(ws ID, filter ActivityFilter) (int, error)
}

// ActivityWriter writes the activity log.
type ActivityWriter interface {
	InsertActivity(*Activity) error
	// DeleteActivities deletes at most limit activities from before a Unix second, and returns their number.
	DeleteActivities(ws ID, before int64, limit int) (int, error)
}

// AwayReasonReader reads away reasons.
type AwayReasonReader interface {
	// AwayReasons returns a workspace's reasons in their order, including deleted ones.
	AwayReasons(ws ID) ([]*AwayReason, error)
}

// AwayReasonWriter changes away reasons.
type AwayReasonWriter interface {
	// PutAwayReason creates a reason, or changes the one with the same id except for its CreatedAt.
	PutAwayReason(*AwayReason) error
}

// NodeReader reads the servers that share the database.
type NodeReader interface {
	Nodes() ([]*Node, error)
}

// NodeWriter changes the list of servers.
type NodeWriter interface {
	// PutNode adds a server, or replaces what is known of it.
	PutNode(*Node) error
	// DeleteNodes deletes the servers that were last seen before a Unix second.
	DeleteNodes(before int64) error
}

// PageSessionWriter keeps how far the pings of open pages were handled. A page session is one boot-to-shutdown of a
// browser script, which numbers its pings and events. Those of one session come one after the other on all servers.
type PageSessionWriter interface {
	// EnterPageSession stores that a ping is handled at a Unix second, and returns the number of the last event that was
	// handled before; 0 for none. It reports false, and stores nothing, when a ping with that number or a higher one was
	// handled already.
	EnterPageSession(ws ID, id string, ping, now int64) (event int64, isNewer bool, err error)
	// SetPageSession replaces the numbers of the last ping and the last event that were handled.
	SetPageSession(ws ID, id string, ping, event int64) error
	// DeletePageSessions deletes the sessions that were last used before a Unix second.
	DeletePageSessions(ws ID, before int64) error
}

// SaltReader reads the salts by which browsers that keep nothing are told apart.
type SaltReader interface {
	// DailySalt returns the salt of a day, counted from 1970 in UTC; "" when there is none yet.
	DailySalt(ws ID, day int64) (string, error)
}

// SaltWriter changes these salts.
type SaltWriter interface {
	// InsertDailySalt stores the salt of a day, unless the day has one.
	InsertDailySalt(ws ID, day int64, salt string) error
	// DeleteDailySalts deletes the salts of all days before a day.
	DeleteDailySalts(ws ID, before int64) error
}
