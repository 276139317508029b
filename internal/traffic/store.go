// Package traffic keeps what happens on the sites of a workspace: who is there now, page views, and counts by day, week and
// month, from which the overview is made without looking at persons.
// The messenger records views, the outbox says who became a lead or a user, and the pages of the team read the rest.
// It must not know HTTP, what a ping is, or how anything is stored.
package traffic

import (
	"context"

	"lobby/internal/workspace"
)

// Store keeps traffic, in the database of the persons.
type Store interface {
	// Read runs fn on one consistent view, Write in one transaction. Either may run fn again from the start.
	Read(ctx context.Context, fn func(Reader) error) error
	Write(ctx context.Context, fn func(Writer) error) error
}

// Reader looks traffic up.
type Reader interface {
	// Workspace returns nil when there is none.
	Workspace(workspace.ID) (*workspace.Workspace, error)
	// PageViews lists the page views of a person and of those that it absorbed, newest first, at most limit. It begins after
	// the page view with the id after, or at the newest when that is empty.
	PageViews(ws workspace.ID, personID, after string, limit int) ([]*PageView, error)
	// Present lists those who were seen since a Unix second, latest first, at most limit.
	Present(ws workspace.ID, since int64, limit int) ([]*Present, error)
	// CountPresent counts them, up to limit.
	CountPresent(ws workspace.ID, since int64, limit int) (int, error)
	// Counts returns the counts without a name of the periods from one to another, inclusive, in no order.
	Counts(ws workspace.ID, unit Unit, from, to int64) ([]Count, error)
	// Named adds up the counts with a name of the same periods. Their periods are 0.
	Named(ws workspace.ID, unit Unit, from, to int64) ([]Count, error)
	// Names returns the names that a kind has in one period.
	Names(ws workspace.ID, unit Unit, period int64, kind Kind) ([]string, error)
	// Uncounted returns workspaces whose outbox has entries that were not counted, at most limit.
	Uncounted(limit int) ([]workspace.ID, error)
	// LastSequence returns the last sequence of the outbox; 0 for none.
	LastSequence(workspace.ID) (int64, error)
	// Steps returns the entries of the outbox after the last one that was counted, at most limit, and the sequence of that one.
	Steps(ws workspace.ID, limit int) (steps []Step, cursor int64, err error)
}

// Writer also changes it.
type Writer interface {
	Reader
	// Known returns those of some persons that exist, by id. On servers that share a database it also locks them.
	Known(ws workspace.ID, ids []string) (map[string]Known, error)
	// SetVisited stores the last day on which a person was counted.
	SetVisited(ws workspace.ID, personID string, day int64) error
	// InsertPageView returns false when there is one with that id.
	InsertPageView(*View) (bool, error)
	// PutPresent stores that a person is there, unless it was seen later. A view without an address leaves that as it is.
	PutPresent(*View) error
	// Add adds to a count.
	Add(workspace.ID, Count) error
	// Advance moves the sequence of the last counted entry of the outbox. It returns false when somebody else has moved it.
	Advance(ws workspace.ID, from, to int64) (bool, error)
	// Sweep deletes what is over: those seen before a Unix second, minutes before another, and page views created before a
	// third, at most limit. It returns the number of page views.
	Sweep(ws workspace.ID, seenBefore, minutesBefore, viewsBefore int64, limit int) (int, error)
}

// Known is what traffic has to know of a person.
type Known struct {
	CreatedAt int64
	// Visited is the last day on which the person was counted; 0 for never.
	Visited int64
}

// Step is an entry of the outbox as far as it is counted.
type Step struct {
	Sequence, CreatedAt int64
	Topic               workspace.Topic
	// Role is the person's role after the change; "" in entries that do not say it.
	Role string
	// Kind, From and To are those of the entry of the journal that the step is about; empty where there is none.
	Kind, From, To string
}
