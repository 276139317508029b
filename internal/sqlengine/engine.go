package sqlengine

import (
	"context"
	"time"
)

// Engine is an open database of one kind. Its methods may be called concurrently.
type Engine interface {
	// Read runs fn on one consistent view of the database. It may run fn again from the start.
	Read(ctx context.Context, fn func(Session) error) error
	// ReadLong is Read for a function that takes long. Others do not wait for it, but where there is one connection only.
	ReadLong(ctx context.Context, fn func(Session) error) error
	// Write runs fn in a transaction that is durable when Write returns nil. It may run fn again from the start. When fn
	// returns an error, nothing is written.
	Write(ctx context.Context, fn func(Session) error) error
	// Script runs statements that change the schema, all or nothing.
	Script(ctx context.Context, fn func(Session) error) error
	// Ready returns ErrUnavailable when the database cannot serve.
	Ready(ctx context.Context) error
	// Failed returns a channel that is closed when the engine can never acknowledge a write again, because a commit failed
	// in a way that leaves what is on disk unknown. It is nil for an engine that can always recover.
	Failed() <-chan struct{}
	// Purge makes the bytes of what was deleted before the call vanish from the files of an embedded database. It returns
	// false when ctx or the time of patience ends first, as when another read still needs them; then they vanish soon after
	// that. Other databases decide for themselves when they overwrite what was deleted; for them it returns true at once.
	Purge(ctx context.Context, patience time.Duration) bool
	// Commits returns how many transactions this engine has committed. all reports that nobody else serves the database, so
	// that a number which stays says that nothing has changed, but for what a command wrote beside a server.
	Commits() (count int64, all bool)
	// Figures returns the state of the database at this moment.
	Figures() Figures
	// Close waits for the writes under way and lets go of the database.
	Close() error
	Dialect() Dialect
}

// Session runs statements within one transaction. Arguments are string, int64, bool or nil, for $1, $2 and so on. After an
// error of the database, nothing of the transaction is written, whatever the function returns.
type Session interface {
	// Query calls each for every row of the result. The function each must not run statements.
	Query(sql string, args []any, each func(Row) error) error
	// Exec runs a statement before the next one. Where that saves a round trip it may return before it has run, and its
	// error comes from a later call or from the end of the transaction. The error is ErrTaken when a unique key is in use.
	Exec(sql string, args []any) error
	// Insert is Exec for a statement that may change nothing. It waits for the result, and reports whether it changed
	// something.
	Insert(sql string, args []any) (bool, error)
}

// Row is one row of a result. NULL reads as the zero value.
type Row interface {
	// IsNull costs less than to read a column. Most columns of a wide row are NULL.
	IsNull(column int) bool
	Text(column int) string
	Int(column int) int64
	Bool(column int) bool
}

// Dialect is what differs between the databases beyond how they are reached.
type Dialect struct {
	// Name is also the folder of the migrations.
	Name string
	// Locks says that a writer must lock the rows that it looks up, because it is not the only writer.
	Locks bool
	// ReplanSQL is a statement after which the queries of the transaction are planned for the values that they come with;
	// empty where nothing has to be run for that.
	ReplanSQL string
	// Columns is a query for the names of the columns of the table $1; it returns none where there is no such table.
	Columns string
	// ByteOrder after a text in ORDER BY sorts it by its bytes.
	ByteOrder string
	// addHash is a statement that adds the column to the list of migrations. It does nothing when another server did so
	// meanwhile.
	addHash string
}

// Prepare brings a database that was just opened into the state that it must have.
type Prepare = func(context.Context, Engine) error

// ForUpdate at the end of a query locks the rows of the result until the transaction ends.
const ForUpdate = " FOR UPDATE"

// OrNil returns the argument that stores a value: nil for a blank one.
func OrNil[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// List runs a query and returns what read makes of each row.
func List[T any](on Session, sql string, args []any, read func(Row) (T, error)) ([]T, error) {
	var all []T
	err := on.Query(sql, args, func(r Row) error {
		v, err := read(r)
		all = append(all, v)
		return err
	})
	return all, err
}

// Number returns the number in the first column of a query that returns at most one row, and 0 when there is none.
func Number(on Session, sql string, args []any) (n int64, err error) {
	err = on.Query(sql, args, func(r Row) error {
		n = r.Int(0)
		return nil
	})
	return n, err
}

// One is List for a query that returns at most one row. It returns nil when there is none.
func One[T any](on Session, sql string, args []any, read func(Row) (*T, error)) (*T, error) {
	all, err := List(on, sql, args, read)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}
