package sqlstore

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed migrations
var migrations embed.FS

// ErrNewer says that the database was written by a newer Lobby. Nothing was changed.
var ErrNewer = errors.New("the database was made by a newer version of Lobby")

// ErrOlder says that the database was written by an older Lobby, and was opened only for reading.
var ErrOlder = errors.New("the database was made by an older version of Lobby; lobby migrate brings it up to date")

// ErrAltered says that the database once ran a migration whose text differs from the one in this Lobby, so that its
// schema is unknown. Nothing was changed.
var ErrAltered = errors.New("the database was made by another edition of Lobby")

// migration is one numbered file; it runs once, in one transaction, and there is no way back. A file that was part of a
// release is never edited again: a change of the schema is a new file.
type migration struct {
	number int64
	name   string // of the file
	sql    string
	hash   string // of the file, SHA-256 in hexadecimal
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
		hash := sha256.Sum256(text)
		all = append(all, migration{number, path.Base(name), string(text), hex.EncodeToString(hash[:])})
	}
	return all, nil
}

// migrate runs the migrations that the database has not seen. Servers that start together on one database take turns:
// each file is entered into the list before it runs, and only one of them can enter it.
func migrate(ctx context.Context, e engine) error {
	if err := e.script(ctx, func(on session) error { return createSteps(on, e.dialect()) }); err != nil {
		return err
	}
	all, err := readMigrations(e.dialect().name)
	if err != nil {
		return err
	}
	if err := e.script(ctx, func(on session) error { return fillHashes(on, all) }); err != nil {
		return err
	}
	missing, err := missingMigrations(ctx, e)
	if err != nil {
		return err
	}
	for _, m := range missing {
		if err := e.script(ctx, func(on session) error { return m.run(on) }); err != nil {
			return err
		}
	}
	return e.script(ctx, func(on session) error { return chores(on, e.dialect()) })
}

// createSteps makes the list of the steps that the database has seen. The first releases kept their numbers only.
func createSteps(on session, d dialect) error {
	err := on.exec(`CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY, hash TEXT)`, nil)
	if err != nil {
		return err
	}
	// A column that is there is not asked for: the question alone would wait for whoever reads the table, a backup say.
	has, err := hasHashes(on, d)
	if err != nil || has {
		return err
	}
	return on.exec(d.addHash, nil)
}

func hasHashes(on session, d dialect) (bool, error) {
	columns, err := list(on, d.columns, []any{"migrations"}, func(r row) (string, error) { return r.text(0), nil })
	return slices.Contains(columns, "hash"), err
}

// fillHashes enters the hashes of the steps that an older Lobby ran without any. What a newer one ran is not known here.
func fillHashes(on session, all []migration) error {
	numbers, err := list(on, `SELECT number FROM migrations WHERE hash IS NULL`, nil, func(r row) (int64, error) { return r.int(0), nil })
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if n < 1 || n > int64(len(all)) {
			continue
		}
		err := on.exec(`UPDATE migrations SET hash = $2 WHERE number = $1 AND hash IS NULL`, []any{n, all[n-1].hash})
		if err != nil {
			return err
		}
	}
	return nil
}

// run enters the migration into the list and runs its statements, unless it is in the list.
func (m migration) run(on session) error {
	fresh, err := on.insert(`INSERT INTO migrations (number, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING`, []any{m.number, m.hash})
	if err != nil || !fresh {
		return err
	}
	for _, statement := range statements(m.sql) {
		if err := on.exec(statement, nil); err != nil {
			return fmt.Errorf("migration %d: %w", m.number, err)
		}
	}
	return nil
}

// mustBeCurrent is migrate for those who only look: it changes nothing.
func mustBeCurrent(ctx context.Context, e engine) error {
	has := false
	err := e.script(ctx, func(on session) (err error) {
		has, err = hasHashes(on, e.dialect())
		return err
	})
	if err != nil {
		return err
	}
	if !has {
		return ErrOlder
	}
	missing, err := missingMigrations(ctx, e)
	if err == nil && len(missing) > 0 {
		return ErrOlder
	}
	return err
}

// missingMigrations returns what the database has not seen, ErrNewer, or ErrAltered.
func missingMigrations(ctx context.Context, e engine) ([]migration, error) {
	all, err := readMigrations(e.dialect().name)
	if err != nil {
		return nil, err
	}
	var done []migration
	err = e.script(ctx, func(on session) (err error) {
		done, err = list(on, `SELECT number, hash FROM migrations ORDER BY number`, nil, func(r row) (migration, error) {
			return migration{number: r.int(0), hash: r.text(1)}, nil
		})
		return err
	})
	if err != nil || len(done) == 0 {
		return all, err
	}
	last := done[len(done)-1].number
	if last > int64(len(all)) {
		return nil, fmt.Errorf("%w: it has schema %d, this one knows %d", ErrNewer, last, len(all))
	}
	for _, m := range done {
		if m.hash != "" && m.hash != all[m.number-1].hash {
			return nil, fmt.Errorf("%w: it ran a migration %d with the hash %s, which is %s here", ErrAltered, m.number, m.hash, all[m.number-1].hash)
		}
	}
	return all[last:], nil
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
