package sqlstore

import "context"

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
	// figures returns the state of the database at this moment.
	figures() engineFigures
	close() error
	dialect() dialect
}

// session runs statements within one transaction. Arguments are string, int64, bool or nil, for $1, $2 and so on.
type session interface {
	// query calls each for every row of the result. Function each must not run statements itself.
	query(sql string, args []any, each func(row) error) error
	exec(sql string, args []any) error
	// insert is exec for a statement that may change nothing. It reports whether it changed something.
	insert(sql string, args []any) (bool, error)
}

// row is one row of a result. NULL reads as the zero value.
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
	// singleRowInserts says that several rows are written faster by one statement each. One for all would have to keep
	// what it needs to take them back together.
	singleRowInserts bool
	// replanSQL is a statement after which the queries of the transaction are planned for the values that they come with;
	// empty where nothing has to be run for that.
	replanSQL string
	// columns is a query for the names of the columns of the table $1; it returns none where there is no such table.
	columns string
	// addHash is a statement that adds the column to the list of migrations. It does nothing when another server did so
	// meanwhile.
	addHash string
}

// prepareFunc brings a database that was just opened into the state that it must have.
type prepareFunc = func(context.Context, engine) error

// forUpdate at the end of a query locks the rows of the result until the transaction ends.
const forUpdate = " FOR UPDATE"

// orNil returns the argument that stores a value: nil for a blank one.
func orNil[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// list runs a query and returns what read makes of each row.
func list[T any](on session, sql string, args []any, read func(row) (T, error)) ([]T, error) {
	var all []T
	err := on.query(sql, args, func(r row) error {
		v, err := read(r)
		all = append(all, v)
		return err
	})
	return all, err
}

// one is list for a query that returns at most one row. It returns nil when there is none.
func one[T any](on session, sql string, args []any, read func(row) (*T, error)) (*T, error) {
	all, err := list(on, sql, args, read)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

