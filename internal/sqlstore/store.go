package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// Store is people.Store over one database.
type Store struct {
	engine  engine
	few     few
	touches touches
	// observer is told what no caller learns.
	observer Observer
	census   census
	kind     string
}

var _ people.Store = (*Store)(nil)

// engine is one kind of database. Its functions may be called concurrently.
type engine interface {
	// read runs fn on one consistent view; write runs it in a transaction that is durable when write returns nil, and
	// may run it again from the start.
	read(ctx context.Context, fn func(session) error) error
	write(ctx context.Context, fn func(session) error) error
	// script runs statements that change the schema, all or nothing.
	script(ctx context.Context, fn func(session) error) error
	ready(ctx context.Context) error
	// failed is closed when the engine can never acknowledge a write again; nil for one that can always recover.
	failed() <-chan struct{}
	// figures fills in what the engine knows.
	figures(*Figures)
	close() error
	dialect() dialect
}

// session runs statements within one transaction. Arguments are string, int64, bool or nil, for $1, $2 and so on.
type session interface {
	// query calls each for every row; each must not run statements itself.
	query(sql string, args []any, each func(row) error) error
	exec(sql string, args []any) error
	// insert is exec for a statement that may do nothing; it reports whether it did something.
	insert(sql string, args []any) (bool, error)
}

// row is one row of an answer. NULL reads as the zero value.
type row interface {
	text(column int) string
	int(column int) int64
	bool(column int) bool
}

// dialect is what differs between the databases beyond how they are reached.
type dialect struct {
	// name is also the folder of the migrations.
	name string
	// locks says that a writer must lock what it looks up, because it is not the only one.
	locks bool
	// rowByRow says that several rows are written faster by a statement each: one for all would have to keep what it
	// needs to take them back together.
	rowByRow bool
	// planAnew is a question after which the others of the transaction are planned for the values that they come with;
	// empty where that need not be asked for.
	planAnew string
	// columns is a question for the names of the columns of the table $1, none where there is no such table.
	columns string
	// addHash is a statement that adds the column to the list of migrations. It does nothing when another server did so
	// meanwhile.
	addHash string
}

// forUpdate at the end of a question locks the rows of the answer until the transaction ends.
const forUpdate = " FOR UPDATE"

// Read implements people.Store.
func (s *Store) Read(ctx context.Context, fn func(people.Reader) error) error {
	return s.engine.read(ctx, func(on session) error {
		return fn(&tx{session: on, dialect: s.engine.dialect(), few: s.few, touches: &s.touches})
	})
}

// Write implements people.Store.
func (s *Store) Write(ctx context.Context, fn func(people.Writer) error) error {
	d := s.engine.dialect()
	return s.engine.write(ctx, func(on session) error {
		return fn(&tx{session: on, lock: d.locks, dialect: d, few: s.few, touches: &s.touches})
	})
}

// Workspaces implements people.Store.
func (s *Store) Workspaces() workspace.Store { return workspaces{s} }

// workspaces is workspace.Store over the same database.
type workspaces struct{ *Store }

// Read implements workspace.Store.
func (s workspaces) Read(ctx context.Context, fn func(workspace.Reader) error) error {
	return s.Store.Read(ctx, func(r people.Reader) error { return fn(r.(*tx)) })
}

// Write implements workspace.Store.
func (s workspaces) Write(ctx context.Context, fn func(workspace.Writer) error) error {
	return s.Store.Write(ctx, func(w people.Writer) error { return fn(w.(*tx)) })
}

// Ready implements people.Store.
func (s *Store) Ready(ctx context.Context) error { return s.engine.ready(ctx) }

// Failed is closed when a commit has failed in a way that leaves what is on disk unknown. The process should then end: a
// new one reads from the file what is true.
func (s *Store) Failed() <-chan struct{} { return s.engine.failed() }

// Close writes what was touched, waits for the writes under way and lets go of the database.
func (s *Store) Close() error { return errors.Join(s.stopFlushing(), s.engine.close()) }

// tx is people.Reader and people.Writer on one transaction.
type tx struct {
	session
	lock    bool // whether look-ups lock what they find
	dialect dialect
	few     few
	touches *touches
}

var (
	_ people.Writer    = (*tx)(nil)
	_ workspace.Writer = (*tx)(nil)
)

// Unlocked implements people.Writer.
func (t *tx) Unlocked() people.Reader {
	unlocked := *t
	unlocked.lock = false
	return &unlocked
}

// orNil is how a blank value is stored.
func orNil[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// list runs a query and collects what read makes of each row.
func list[T any](on session, sql string, args []any, read func(row) (T, error)) ([]T, error) {
	var all []T
	err := on.query(sql, args, func(r row) error {
		v, err := read(r)
		all = append(all, v)
		return err
	})
	return all, err
}

// one is list for a query that answers at most one row; nil when there is none.
func one[T any](on session, sql string, args []any, read func(row) (*T, error)) (*T, error) {
	all, err := list(on, sql, args, read)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// unavailable says that nothing was written because of what the database answered.
func unavailable(err error) error { return fmt.Errorf("%w: %w", workspace.ErrUnavailable, err) }
