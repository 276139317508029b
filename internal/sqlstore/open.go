package sqlstore

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"

	"lobby/internal/datafolder"
	"lobby/internal/sqlengine"
	"lobby/internal/touch"
)

//go:embed migrations
var migrationFiles embed.FS

// schema returns the schema that this program works with.
func (o options) schema() sqlengine.Schema {
	return sqlengine.Schema{Files: migrationFiles, Backfills: o.backfills(), Left: o.left}
}

// prepare brings a database to a schema, or checks that it has it.
type prepare = func(sqlengine.Schema, context.Context, sqlengine.Engine) error

// with returns the function that runs do with the schema of the options.
func (o options) with(do prepare) sqlengine.Prepare {
	return func(ctx context.Context, e sqlengine.Engine) error { return do(o.schema(), ctx, e) }
}

// OpenSQLite opens the embedded database in a folder, which is created when missing, and brings its schema up to date.
// Beside a server that has the folder the schema stays as it is. It returns ErrMixed when the files in the folder do not
// belong together, and a LockedError when [Serving] or [Alone] asks for a folder that
// another process has.
func OpenSQLite(ctx context.Context, folder string, with ...Option) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	store, err := openFolder(ctx, folder, sqlengine.Schema.Migrate, sqlengine.Schema.MustBeCurrent, append([]Option{copying(true)}, with...)...)
	if err != nil {
		return nil, err
	}
	// A new file survives a power cut only when its name does.
	if err := errors.Join(sqlengine.Sync(folder), store.agree(ctx)); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// InspectSQLite opens the embedded database in a folder and does not change it. It returns ErrOlder, ErrNewer or
// ErrAltered when its schema is another, and ErrMixed like [OpenSQLite].
func InspectSQLite(ctx context.Context, folder string) (*Store, error) {
	return openFolder(ctx, folder, sqlengine.Schema.MustBeCurrent, sqlengine.Schema.MustBeCurrent, WithReaders(1))
}

// openFolder opens the embedded database in a folder while it holds the folder, or beside the server that has it.
func openFolder(ctx context.Context, folder string, do, beside prepare, with ...Option) (*Store, error) {
	o := opened(with)
	lock, err := sqlengine.LockFolder(folder, cmp.Or(o.holder, sqlengine.CommandHolder))
	locked := new(sqlengine.LockedError)
	if errors.As(err, &locked) && o.holder == "" {
		return newSQLite(ctx, folder, beside, with...)
	}
	if err != nil {
		return nil, err
	}
	store, err := openLocked(ctx, folder, lock, do, o)
	if err != nil || o.holder == "" {
		err = errors.Join(err, lock.Release())
	}
	return store, err
}

// openLocked opens the embedded database in a folder that this process holds.
func openLocked(ctx context.Context, folder string, lock *sqlengine.Lock, do prepare, o options) (*Store, error) {
	file := datafolder.File(folder)
	if err := datafolder.MustBeWhole(folder); err != nil {
		return nil, err
	}
	if err := datafolder.Protect(folder); err != nil {
		return nil, err
	}
	copied, err := sqlengine.CheckFiles(file)
	if err != nil {
		return nil, err
	}
	var made string
	if o.copies {
		do = copyFirst(folder, do, &made)
	}
	ready := o.with(do)
	if copied {
		ready = func(ctx context.Context, e sqlengine.Engine) error {
			if err := mustBeIntact(ctx, e); err != nil {
				return err
			}
			return o.with(do)(ctx, e)
		}
	}
	var e sqlengine.Engine
	if o.holder != "" {
		e, err = sqlengine.ServeFile(ctx, file, lock, ready, o.Options)
	} else {
		e, err = sqlengine.OpenFile(ctx, file, ready, o.Options)
	}
	store, err := newStore("sqlite", o, e, err)
	if err != nil {
		return nil, err
	}
	store.erasures.File, store.copy = datafolder.Erasures(folder), made
	return store, nil
}

// LockedError says that another process has the folder of an embedded database.
type LockedError = sqlengine.LockedError

// mustBeIntact returns ErrDamaged when the pages of a database contradict each other.
func mustBeIntact(ctx context.Context, e sqlengine.Engine) error {
	return e.Script(ctx, func(on sqlengine.Session) error {
		return on.Query(`PRAGMA integrity_check(1)`, nil, func(r sqlengine.Row) error {
			if found := r.Text(0); found != "ok" {
				return fmt.Errorf("%w: %s", sqlengine.ErrDamaged, found)
			}
			return nil
		})
	})
}

// OpenMemory opens an empty database that is gone when it is closed.
func OpenMemory(ctx context.Context, with ...Option) (*Store, error) {
	return newMemory(ctx, sqlengine.Schema.Migrate, with...)
}

// OpenPostgres opens the database that a postgres:// URL names, and brings its schema up to date.
func OpenPostgres(ctx context.Context, dsn string, with ...Option) (*Store, error) {
	return newPostgres(ctx, dsn, migrateDistributed, with...)
}

// migrateDistributed is Migrate, after which no table of a distributed database is local.
func migrateDistributed(s sqlengine.Schema, ctx context.Context, e sqlengine.Engine) error {
	if err := s.Migrate(ctx, e); err != nil {
		return err
	}
	return cluster.KeepDistributed(ctx, e)
}

// InspectPostgres opens the database that a postgres:// URL names and does not change it. It returns ErrOlder, ErrNewer
// or ErrAltered when its schema is another.
func InspectPostgres(ctx context.Context, dsn string) (*Store, error) {
	return newPostgres(ctx, dsn, sqlengine.Schema.MustBeCurrent)
}

func newSQLite(ctx context.Context, folder string, do prepare, with ...Option) (*Store, error) {
	o := opened(with)
	e, err := sqlengine.OpenFile(ctx, datafolder.File(folder), o.with(do), o.Options)
	store, err := newStore("sqlite", o, e, err)
	if err == nil {
		store.erasures.File = datafolder.Erasures(folder)
	}
	return store, err
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
	known, err := o.schema().Migrations(e.Dialect().Name)
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	s := &Store{
		engine: e, limits: usualLimits, observer: o.Observer, formatPhone: o.formatPhone, kind: kind, knows: int64(len(known)),
		schema: o.schema(), left: o.left,
	}
	s.touches = touch.New[visitorKey](s.Flush, func(err error) { s.observer.BackgroundFailed("touches", err) })
	if !keepsKeys(e.Dialect()) {
		s.index, o.index.store, s.people = o.index, s, o.people
	}
	return s, nil
}
