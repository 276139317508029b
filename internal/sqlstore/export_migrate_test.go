package sqlstore

import (
	"context"
	"fmt"

	"lobby/internal/sqlengine"
)

// Prepare brings a database that was just opened into the state that it must have.
type Prepare = prepare

// What the functions that open a database do to it.
var (
	Migrate       Prepare = sqlengine.Schema.Migrate
	MustBeCurrent Prepare = sqlengine.Schema.MustBeCurrent
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
	known, err := options{}.schema().Migrations(dialect)
	for _, m := range known {
		all = append(all, Migration{m.Name, m.Hash})
	}
	return all, err
}

// MigrationHashes lists the hashes that the database has, by number.
func (s *Store) MigrationHashes(ctx context.Context) (all []string, err error) {
	err = s.engine.Script(ctx, func(on sqlengine.Session) error {
		all, err = sqlengine.List(on, `SELECT hash FROM migrations ORDER BY number`, nil, func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
		return err
	})
	return all, err
}

// UpTo makes what a Lobby made that knew so many migrations, and kept no hashes; it has the workspace "old" since the first.
func UpTo(last int) Prepare {
	return func(s sqlengine.Schema, ctx context.Context, e sqlengine.Engine) error {
		all, err := s.Migrations(e.Dialect().Name)
		if err != nil {
			return err
		}
		return e.Script(ctx, func(on sqlengine.Session) error {
			if err := on.Exec(`CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY)`, nil); err != nil {
				return err
			}
			for _, m := range all[:last] {
				steps := append(m.Statements(), fmt.Sprintf(`INSERT INTO migrations (number) VALUES (%d)`, m.Number))
				if m.Number == 1 {
					steps = append(steps, `INSERT INTO workspaces (id, name, identity_secret, created_at) VALUES ('old', 'Old', 'x', 1700000000)`,
						`INSERT INTO tokens (workspace, id, admin_id, hash, scopes, created_at)
							VALUES ('old', 't1', 1, 'h1', 'read_users_companies write_users_companies read_write_users', 1700000000)`,
						`INSERT INTO tokens (workspace, id, admin_id, hash, scopes, created_at)
							VALUES ('old', 't2', 1, 'h2', 'write_users_companies read_write_users', 1700000000)`)
				}
				for _, statement := range steps {
					if err := on.Exec(statement, nil); err != nil {
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

func grow(s sqlengine.Schema, ctx context.Context, e sqlengine.Engine) error {
	if err := UpTo(1)(s, ctx, e); err != nil {
		return err
	}
	return s.Migrate(ctx, e)
}

// What a database of another schema is refused with.
var (
	ErrOlder   = sqlengine.ErrOlder
	ErrAltered = sqlengine.ErrAltered
)
