package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

//go:embed migrations
var migrations embed.FS

// ErrNewer: the database was written by a newer Lobby. Nothing was changed.
var ErrNewer = errors.New("the database was made by a newer version of Lobby")

// ErrOlder: the database was written by an older Lobby, and was opened only to be looked at.
var ErrOlder = errors.New("the database was made by an older version of Lobby; lobby migrate brings it up to date")

// migration is one numbered file; it runs once, in one transaction, and there is no way back.
type migration struct {
	number int64
	sql    string
}

func readMigrations(dialect string) ([]migration, error) {
	files, err := fs.Glob(migrations, path.Join("migrations", dialect, "*.sql"))
	if err != nil {
		return nil, err
	}
	all := make([]migration, 0, len(files))
	for i, name := range files { // Glob sorts
		digits, _, _ := strings.Cut(path.Base(name), "_")
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || number != int64(i+1) {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, migration{number, string(text)})
	}
	return all, nil
}

// migrate runs the migrations that the database has not seen. Servers that start together on one database take turns:
// each file is entered into the list before it runs, and only one of them can enter it.
func migrate(ctx context.Context, e engine) error {
	if err := e.script(ctx, func(on session) error {
		return on.exec(`CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY)`, nil)
	}); err != nil {
		return err
	}
	missing, err := missingMigrations(ctx, e)
	if err != nil {
		return err
	}
	for _, m := range missing {
		err := e.script(ctx, func(on session) error {
			fresh, err := on.insert(`INSERT INTO migrations (number) VALUES ($1) ON CONFLICT DO NOTHING`, []any{m.number})
			if err != nil || !fresh {
				return err
			}
			for _, statement := range statements(m.sql) {
				if err := on.exec(statement, nil); err != nil {
					return fmt.Errorf("migration %d: %w", m.number, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return e.script(ctx, func(on session) error { return chores(on, e.dialect()) })
}

// mustBeCurrent is migrate for those who only look: it changes nothing.
func mustBeCurrent(ctx context.Context, e engine) error {
	missing, err := missingMigrations(ctx, e)
	if err == nil && len(missing) > 0 || errors.Is(err, errNoMigrations) {
		return ErrOlder
	}
	return err
}

// errNoMigrations: the list of migrations cannot be read.
var errNoMigrations = errors.New("no list of migrations")

// missingMigrations answers what the database has not seen, or ErrNewer.
func missingMigrations(ctx context.Context, e engine) ([]migration, error) {
	all, err := readMigrations(e.dialect().name)
	if err != nil {
		return nil, err
	}
	var done int64
	err = e.script(ctx, func(on session) error {
		return on.query(`SELECT coalesce(max(number), 0) FROM migrations`, nil, func(r row) error {
			done = r.int(0)
			return nil
		})
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errNoMigrations, err)
	case done > int64(len(all)):
		return nil, fmt.Errorf("%w: it has schema %d, this one knows %d", ErrNewer, done, len(all))
	}
	return all[done:], nil
}

// statements cuts a file into its statements. Every statement of ours ends its line with the semicolon.
func statements(sql string) []string {
	var all []string
	for s := range strings.SplitSeq(sql, ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, s)
		}
	}
	return all
}
