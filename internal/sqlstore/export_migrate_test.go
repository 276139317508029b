package sqlstore

import (
	"context"
	"fmt"
)

// Prepare brings a database that was just opened into the state that it is to have.
type Prepare = func(context.Context, engine) error

// What the functions that open a database do to it.
var (
	Migrate       Prepare = migrate
	MustBeCurrent Prepare = mustBeCurrent
)

// PrepareSQLite and PreparePostgres open a database.
func PrepareSQLite(ctx context.Context, folder string, prepare Prepare) (*Store, error) {
	return openSQLite(ctx, fileURI(folder), 1, prepare)
}

func PreparePostgres(ctx context.Context, dsn string, prepare Prepare) (*Store, error) {
	return openPostgres(ctx, dsn, prepare)
}

// Migration is a file.
type Migration struct{ Name, Hash string }

// Migrations lists the files for a dialect.
func Migrations(dialect string) (all []Migration, err error) {
	known, err := readMigrations(dialect)
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
		all, err := readMigrations(e.dialect().name)
		if err != nil {
			return err
		}
		return e.script(ctx, func(on session) error {
			if err := on.exec(`CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY)`, nil); err != nil {
				return err
			}
			for _, m := range all[:last] {
				steps := append(statements(m.sql), fmt.Sprintf(`INSERT INTO migrations (number) VALUES (%d)`, m.number))
				if m.number == 1 {
					steps = append(steps, `INSERT INTO workspaces (id, name, identity_secret, created_at) VALUES ('old', 'Old', 'x', 1700000000)`,
						`INSERT INTO tokens (workspace, id, admin_id, hash, scopes, created_at)
							VALUES ('old', 't1', 1, 'h1', 'read_users_companies write_users_companies read_write_users', 1700000000)`,
						`INSERT INTO tokens (workspace, id, admin_id, hash, scopes, created_at)
							VALUES ('old', 't2', 1, 'h2', 'write_users_companies read_write_users', 1700000000)`)
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
	return openSQLite(ctx, ":memory:", 0, grow)
}

func OpenGrownPostgres(ctx context.Context, dsn string) (*Store, error) {
	return openPostgres(ctx, dsn, grow)
}

func grow(ctx context.Context, e engine) error {
	if err := UpTo(1)(ctx, e); err != nil {
		return err
	}
	return migrate(ctx, e)
}
