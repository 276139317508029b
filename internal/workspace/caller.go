package workspace

// Caller says on whose behalf a use case runs: which workspace it may see, how that is set, and what the journal writes
// down about it. [Workspace.Caller] makes one; the front adds who asks.
type Caller struct {
	Workspace ID
	// FollowMerged makes the id of a merged contact mean the one that absorbed it: see Workspace.ResolveMerged.
	FollowMerged bool
	// Timezone is the IANA name of the time zone in which searches count days; empty for UTC.
	Timezone string
	// SearchLag is for how many seconds a search leaves out records that were written; see the setting of that name.
	SearchLag int64
	// VisitorLife is how many months a visitor is kept after it was last seen; 0 for ever.
	VisitorLife int64

	Actor Actor
	// RequestID is the id that the response carries too, so that a journal entry can be traced to a request.
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

// Caller returns a caller that acts in the workspace as it is set, for nobody in particular.
func (ws *Workspace) Caller() Caller {
	return Caller{
		Workspace: ws.ID, FollowMerged: ws.ResolveMerged, Timezone: ws.Timezone,
		SearchLag: SearchLag.Number(ws), VisitorLife: VisitorLife.Number(ws),
	}
}
