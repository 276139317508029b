package sqlstore

import "context"

// OpenGrownMemory and OpenGrownPostgres open a database that had the workspace "old" when only the first migration had
// run.
func OpenGrownMemory(ctx context.Context) (*Store, error) {
	return openSQLite(ctx, ":memory:", 0, grow)
}

func OpenGrownPostgres(ctx context.Context, dsn string) (*Store, error) {
	return openPostgres(ctx, dsn, grow)
}

func grow(ctx context.Context, e engine) error {
	all, err := readMigrations(e.dialect().name)
	if err != nil {
		return err
	}
	begin := append([]string{`CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY)`}, statements(all[0].sql)...)
	begin = append(begin, `INSERT INTO migrations (number) VALUES (1)`,
		`INSERT INTO workspaces (id, name, identity_secret, created_at) VALUES ('old', 'Old', 'x', 1700000000)`)
	err = e.script(ctx, func(on session) error {
		for _, statement := range begin {
			if err := on.exec(statement, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return migrate(ctx, e)
}
