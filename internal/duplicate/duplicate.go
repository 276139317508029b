// Package duplicate finds people who may be one and the same, merges them, and remembers which are not.
// The API and the pages call it. It changes people by the plans of people, and keeps nothing but pairs of different people.
// It must not know how anything is shown, or hold a rule of what a merge does to a field.
package duplicate

import (
	"context"
	"errors"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// ErrNone says that somebody is in no cluster.
var ErrNone = errors.New("nobody shares anything with that person")

// Duplicates has the use cases. It must not be copied after first use.
type Duplicates struct{ Lobby *people.Lobby }

// Reader is what a [people.Reader] has besides.
type Reader interface {
	// EachShared calls fn with every value that records of several live people have, once for each of these records: with the
	// field, "email", "phone" or "external_id", with the value, and with the id of the person today. Values of one person alone
	// may be among them, and those of more than maxRecords records missing. With ids, it calls fn only for values of these people.
	EachShared(ws workspace.ID, maxRecords int, ids []string, fn func(field, value, personID string)) error
	// PeopleByIDs returns the people with these ids who exist, in the order of the ids. It locks nobody.
	PeopleByIDs(ws workspace.ID, ids []string) ([]*people.Person, error)
	// EachDistinction calls fn with every pair of records that are not the same person, and with the people to whom these lead
	// today. With ids, it calls fn only for pairs of which one leads to one of these people.
	EachDistinction(ws workspace.ID, ids []string, fn func(records, people [2]string, adminID, at int64)) error
}

// Writer is what a [people.Writer] has besides.
type Writer interface {
	Reader
	// PutDistinction remembers a pair, unless it is remembered. The lesser id comes first.
	PutDistinction(ws workspace.ID, personID, otherID string, adminID, at int64) error
	DeleteDistinction(ws workspace.ID, personID, otherID string) error
}

// read returns what fn reads in one consistent view.
func read[T any](ctx context.Context, d Duplicates, fn func(people.Reader) (T, error)) (T, error) {
	return workspace.Read(ctx, d.Lobby.Store, fn)
}

// write returns what fn returns from one transaction. fn may run again from the start.
func write[T any](ctx context.Context, d Duplicates, fn func(people.Writer) (T, error)) (T, error) {
	return workspace.Write(ctx, d.Lobby.Store, fn)
}
