package sqlstore

import (
	"context"
	"fmt"
)

// Prepare brings a database that was just opened into the state that it is to have.
type Prepare = prepareFunc

// What the functions that open a database do to it.
var (
	Migrate       Prepare = current.migrate
	MustBeCurrent Prepare = current.mustBeCurrent
)

// PrepareSQLite and PreparePostgres open a database.
func PrepareSQLite(ctx context.Context, folder string, prepare Prepare) (*Store, error) {
	return newSQLite(ctx, folder, prepare, WithReaders(1))
}

func PreparePostgres(ctx context.Context, dsn string, prepare Prepare) (*Store, error) {
	return newPostgres(ctx, dsn, prepare)
}

// Migration is a file.
type Migration struct{ Name, Hash string }

// Migrations lists the files for a dialect.
func Migrations(dialect string) (all []Migration, err error) {
	known, err := current.migrations(dialect)
	for _, m := range known {
		all = append(all, Migration{m.name, m.hash})
	}
	return all, err
}

// MigrationHashes lists the hashes that the database has, by number.
func (s *Store) MigrationHashes(ctx context.Context) (all []string, err error) {
	err = s.engine.script(ctx, func(on session) error {
		all, err = list(on, `SELECT hash FROM migrations ORDER BY number`, nil, func(r row) (string, error) { return r.text(0), nil })
		return err
	})
	return all, err
}

// UpTo makes what a Lobby made that knew so many migrations, and kept no hashes; it has the workspace "old" since the first.
func UpTo(last int) Prepare {
	return func(ctx context.Context, e engine) error {
		all, err := current.migrations(e.dialect().name)
		if err != nil {
			return err
		}
		return e.script(ctx, func(on session) error {
			if err := on.exec(`CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY)`, nil); err != nil {
				return err
			}
			for _, m := range all[:last] {
				steps := append(m.statements(), fmt.Sprintf(`INSERT INTO migrations (number) VALUES (%d)`, m.number))
				if m.number == 1 {
					steps = append(steps, `INSERT INTO workspaces (id, name, identity_secret, created_at) VALUES ('old', 'Old', 'x', 1700000000)`)
				}
				for _, statement := range steps {
					if err := on.exec(statement, nil); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
}

// OpenGrownMemory and OpenGrownPostgres open a database that had the workspace "old" when only the first migration had
// run.
func OpenGrownMemory(ctx context.Context) (*Store, error) {
	return newMemory(ctx, grow)
}

func OpenGrownPostgres(ctx context.Context, dsn string) (*Store, error) {
	return newPostgres(ctx, dsn, grow)
}

func grow(ctx context.Context, e engine) error {
	if err := UpTo(1)(ctx, e); err != nil {
		return err
	}
	return current.migrate(ctx, e)
}

// What a database of another schema is refused with.
var (
	ErrOlder   = errOlder
	ErrAltered = errAltered
)
