package workspace

import "context"

// Store keeps what belongs to workspaces themselves.
type Store interface {
	// Read runs fn on one consistent view that holds every write acknowledged before the call.
	Read(ctx context.Context, fn func(Reader) error) error
	// Write runs fn so that all of its writes happen or none; fn may run again from the start. When Write returns nil,
	// the writes survive a power cut. ErrUnknownOutcome means that they may or may not.
	Write(ctx context.Context, fn func(Writer) error) error
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

// Write returns what fn returns from one transaction of a store, which is all or nothing; fn may run again from the
// start.
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

// Reader looks up what belongs to workspaces.
type Reader interface {
	OutboxReader
	WorkspaceReader
	TokenReader
	AdminReader
	TeamReader
	ActivityReader
	AwayReasonReader
}

// Writer also changes it.
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
}

// NumberWriter gives out the numbers that some kinds of records have for ids.
type NumberWriter interface {
	// NextNumber answers a number from 1 on that no record of the kind in the workspace ever had. Other writers that ask
	// for the same kind wait until this one ends.
	NextNumber(ws ID, kind string) (int64, error)
}

// OutboxReader reads the outbox.
type OutboxReader interface {
	// Outbox lists the entries of a workspace that have a sequence above the one given, in their order, at most limit.
	// Whoever goes on after the last one that it was shown misses none and sees none twice, as long as it comes before
	// they are deleted.
	Outbox(ws ID, after int64, limit int) ([]*OutboxEntry, error)
	// OutboxWaits reports whether any entry has no sequence yet.
	OutboxWaits() (bool, error)
}

// Emitter puts entries into the outbox.
type Emitter interface {
	// Emit writes an entry, which has no sequence yet.
	Emit(*OutboxEntry) error
}

// OutboxWriter writes the outbox.
type OutboxWriter interface {
	Emitter
	// StampOutbox gives the next sequences to at most limit entries, oldest ids first, of the first workspace after the one
	// given that has entries without. It returns which workspace and how many. Only the holder of a lease may call it.
	StampOutbox(after ID, limit int) (ID, int, error)
	// DeleteOutbox deletes at most limit entries of a workspace that were written before a time, the oldest first, and
	// returns how many. From then on changes before that time may have no entry.
	DeleteOutbox(ws ID, before int64, limit int) (int, error)
}

// LeaseWriter leaves work to one server of those that share a database.
type LeaseWriter interface {
	// TakeLease makes holder the holder of a lease until a time, and reports false when another holds it at the time now.
	// Other writers that ask for the same lease wait until this one ends.
	TakeLease(name, holder string, now, until int64) (bool, error)
}

// WorkspaceReader looks workspaces up.
type WorkspaceReader interface {
	Workspace(ws ID) (*Workspace, error)
	// Workspaces lists all, oldest first. On a Writer, other writers that ask wait until this one ends.
	Workspaces() ([]*Workspace, error)
}

// WorkspaceWriter changes workspaces. Their identity secrets come and go by themselves.
type WorkspaceWriter interface {
	InsertWorkspace(*Workspace) error
	UpdateWorkspace(*Workspace) error
	InsertIdentitySecret(*IdentitySecret) error
	// DeleteIdentitySecret reports false when there is none with that id.
	DeleteIdentitySecret(ws ID, id int64) (bool, error)
}

// TokenReader looks access tokens up.
type TokenReader interface {
	// TokenByHash answers the token, revoked or not, whose secret has this hash.
	TokenByHash(hash string) (*Token, error)
	// Tokens lists a workspace's tokens, oldest first.
	Tokens(ws ID) ([]*Token, error)
}

// TokenWriter changes access tokens.
type TokenWriter interface {
	InsertToken(*Token) error
	RevokeToken(ws ID, id string, at int64) error
	// TouchToken writes when a token was used, unless a later use is known.
	TouchToken(ws ID, id string, at int64) error
}

// AdminReader looks admins up.
type AdminReader interface {
	Admin(ws ID, id int64) (*Admin, error)
	// Admins lists a workspace's admins by id. On a Writer, other writers that ask wait until this one ends.
	Admins(ws ID) ([]*Admin, error)
}

// AdminWriter changes admins.
type AdminWriter interface {
	// NextAdminID answers an id that no admin of the workspace ever had. Other writers that ask wait until this one ends.
	NextAdminID(ws ID) (int64, error)
	InsertAdmin(*Admin) error
	UpdateAdmin(*Admin) error
	// DeleteAdmin removes an admin, from its teams too.
	DeleteAdmin(ws ID, id, at int64) error
}

// TeamReader looks teams up.
type TeamReader interface {
	// Teams lists a workspace's teams by id. On a Writer, other writers that ask wait until this one ends.
	Teams(ws ID) ([]*Team, error)
}

// TeamWriter changes teams.
type TeamWriter interface {
	// NextTeamID answers an id that no team of the workspace ever had. Other writers that ask wait until this one ends.
	NextTeamID(ws ID) (int64, error)
	InsertTeam(*Team) error
	UpdateTeam(*Team) error
	DeleteTeam(ws ID, id, at int64) error
}

// ActivityReader reads the log of what admins did.
type ActivityReader interface {
	// Activities answers one page, newest first; CountActivities how many there are on all pages.
	Activities(ws ID, filter ActivityFilter, page Page) ([]*Activity, error)
	CountActivities(ws ID, filter ActivityFilter) (int, error)
}

// ActivityWriter writes the log of what admins did.
type ActivityWriter interface {
	InsertActivity(*Activity) error
}

// AwayReasonReader reads why admins may be away.
type AwayReasonReader interface {
	// AwayReasons lists a workspace's reasons in their order, those that are deleted among them.
	AwayReasons(ws ID) ([]*AwayReason, error)
}

// AwayReasonWriter changes why admins may be away.
type AwayReasonWriter interface {
	// PutAwayReason creates a reason, or changes the one with the same id, which keeps its age.
	PutAwayReason(*AwayReason) error
}
