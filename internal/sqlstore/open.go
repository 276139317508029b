package sqlstore

import (
	"context"
	"embed"
	"errors"
	"os"
	"path/filepath"

	"lobby/internal/sqlengine"
)

//go:embed migrations
var migrationFiles embed.FS

// schema returns the schema that this program works with.
func (o options) schema() sqlengine.Schema {
	return sqlengine.Schema{Files: migrationFiles, Backfill: func(on sqlengine.Session, d sqlengine.Dialect) error {
		t := &tx{Session: on, dialect: d, formatPhone: o.formatPhone}
		return t.backfill()
	}}
}

// prepare brings a database to a schema, or checks that it has it.
type prepare = func(sqlengine.Schema, context.Context, sqlengine.Engine) error

// with returns the function that runs do with the schema of the options.
func (o options) with(do prepare) sqlengine.Prepare {
	return func(ctx context.Context, e sqlengine.Engine) error { return do(o.schema(), ctx, e) }
}

// fileName is the database within its folder.
const fileName = "lobby.db"

// HasSQLite reports whether a folder holds an embedded database.
func HasSQLite(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, fileName))
	return err == nil
}

// OpenSQLite opens the embedded database in a folder, which is created when missing, and brings its schema up to date.
func OpenSQLite(ctx context.Context, folder string, with ...Option) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if err := protectFiles(folder); err != nil {
		return nil, err
	}
	store, err := newSQLite(ctx, folder, sqlengine.Schema.Migrate, with...)
	if err != nil {
		return nil, err
	}
	// A new file survives a power cut only when its name does.
	if err := syncFolder(folder); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// InspectSQLite opens the embedded database in a folder and does not change it. It returns ErrOlder, ErrNewer or
// ErrAltered when its schema is another.
func InspectSQLite(ctx context.Context, folder string) (*Store, error) {
	return newSQLite(ctx, folder, sqlengine.Schema.MustBeCurrent, WithReaders(1))
}

// OpenMemory opens an empty database that is gone when it is closed.
func OpenMemory(ctx context.Context, with ...Option) (*Store, error) {
	return newMemory(ctx, sqlengine.Schema.Migrate, with...)
}

// OpenPostgres opens the database that a postgres:// URL names, and brings its schema up to date.
func OpenPostgres(ctx context.Context, dsn string, with ...Option) (*Store, error) {
	return newPostgres(ctx, dsn, sqlengine.Schema.Migrate, with...)
}

// InspectPostgres opens the database that a postgres:// URL names and does not change it. It returns ErrOlder, ErrNewer
// or ErrAltered when its schema is another.
func InspectPostgres(ctx context.Context, dsn string) (*Store, error) {
	return newPostgres(ctx, dsn, sqlengine.Schema.MustBeCurrent)
}

func syncFolder(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func newSQLite(ctx context.Context, folder string, do prepare, with ...Option) (*Store, error) {
	o := opened(with)
	e, err := sqlengine.OpenFile(ctx, filepath.Join(folder, fileName), o.with(do), o.Options)
	return newStore("sqlite", o, e, err)
}

func newMemory(ctx context.Context, do prepare, with ...Option) (*Store, error) {
	o := opened(with)
	e, err := sqlengine.OpenMemory(ctx, o.with(do), o.Options)
	return newStore("memory", o, e, err)
}

func newPostgres(ctx context.Context, dsn string, do prepare, with ...Option) (*Store, error) {
	o := opened(with)
	e, err := sqlengine.OpenPostgres(ctx, dsn, o.with(do), o.Options)
	return newStore("postgres", o, e, err)
}

// newStore returns the store over an engine that was opened with the same options. It translates err.
func newStore(kind string, o options, e sqlengine.Engine, err error) (*Store, error) {
	if err != nil {
		return nil, translated(err)
	}
	s := &Store{engine: e, limits: usualLimits, observer: o.Observer, formatPhone: o.formatPhone, kind: kind}
	if !keepsKeys(e.Dialect()) {
		s.index, o.index.store = o.index, s
	}
	return s, nil
}
