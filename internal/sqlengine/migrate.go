package sqlengine

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// ErrNewer says that the database was written by a newer Lobby. Nothing was changed.
var ErrNewer = errors.New("the database was made by a newer version of Lobby")

// ErrOlder says that the database was written by an older Lobby, and nothing may change it.
var ErrOlder = errors.New("the database was made by an older version of Lobby; lobby migrate brings it up to date")

// ErrAltered says that the database once ran a migration whose text differs from that in this Lobby, so its schema is not known.
// Nothing was changed.
var ErrAltered = errors.New("the database was made by another edition of Lobby")

// Schema is what a database is brought to: numbered migrations, and what they leave to be done in Go.
type Schema struct {
	// Files has the migrations in its folder migrations, in one folder for each dialect, called by its name. It may have
	// [ReadyFile], too.
	Files fs.FS
	// Backfills are what migrations leave to be done, in the order in which they run.
	Backfills []Backfill
	// Left has those that are not done, from when the database is opened on; nil without backfills.
	Left *Leftovers
}

// ReadyFile is an SQLite database, compressed, as the first migrations have made it. A new database begins as a copy of it,
// which takes a tenth of the time. It may lack the newest migrations: they run then.
const ReadyFile = "migrations/sqlite.db.gz"

// begin makes a new SQLite database a copy of ReadyFile, if there is one.
func (s Schema) begin(ctx context.Context, e Engine) error {
	sqlite, is := e.(*sqliteEngine)
	if !is {
		return nil
	}
	file, err := s.Files.Open(ReadyFile)
	if err != nil {
		return nil // there is none, so all migrations run
	}
	defer file.Close() //nolint:errcheck // it is in the program
	return sqlite.beginAs(ctx, func() ([]byte, error) {
		unpacked, err := gzip.NewReader(file)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(unpacked)
	})
}

// Migration is one numbered file; it runs once, in one transaction, and there is no way back. A file that was part of a
// release is never edited again: a change of the schema is a new file.
type Migration struct {
	Number int64
	Name   string // of the file
	SQL    string
	Hash   string // of the file, SHA-256 in hexadecimal
}

// Migrations returns the files for a dialect in the order of their numbers, which begin with 1 and have no gap.
func (s Schema) Migrations(dialect string) ([]Migration, error) {
	files, err := fs.Glob(s.Files, path.Join("migrations", dialect, "*.sql"))
	if err != nil {
		return nil, err
	}
	all := make([]Migration, 0, len(files))
	for i, name := range files { // Glob sorts
		digits, _, _ := strings.Cut(path.Base(name), "_")
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || number != int64(i+1) {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		text, err := fs.ReadFile(s.Files, name)
		if err != nil {
			return nil, err
		}
		hash := sha256.Sum256(text)
		all = append(all, Migration{number, path.Base(name), string(text), hex.EncodeToString(hash[:])})
	}
	return all, nil
}

// Migrate runs the migrations that the database has not seen, and the first step of the backfills, which is all of them
// where there are few rows. Servers that start together on one database take turns: each file is entered into the list
// before it runs, and only one of them can enter it.
func (s Schema) Migrate(ctx context.Context, e Engine) error {
	if err := s.begin(ctx, e); err != nil {
		return err
	}
	if err := e.Script(ctx, func(on Session) error { return createSteps(on, e.Dialect()) }); err != nil {
		return err
	}
	all, err := s.Migrations(e.Dialect().Name)
	if err != nil {
		return err
	}
	if err := e.Script(ctx, func(on Session) error { return fillHashes(on, all) }); err != nil {
		return err
	}
	missing, err := missingMigrations(ctx, e, all)
	if err != nil {
		return err
	}
	for _, m := range missing {
		if err := e.Script(ctx, func(on Session) error { return m.run(on) }); err != nil {
			return err
		}
	}
	return s.step(ctx, e.Dialect(), e.Script)
}

// createSteps makes the list of migrations that the database has seen. The first releases stored their numbers only.
func createSteps(on Session, d Dialect) error {
	// No statement creates or adds what is there: even one without effect would wait for whatever reads the table, like a
	// backup, and a cluster would run it on every node.
	columns, err := stepColumns(on, d)
	switch {
	case err != nil:
		return err
	case len(columns) == 0:
		return on.Exec(`CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY, hash TEXT)`, nil)
	case !slices.Contains(columns, "hash"):
		return on.Exec(d.addHash, nil)
	}
	return nil
}

// stepColumns returns the columns of the list of migrations, none when it does not exist.
func stepColumns(on Session, d Dialect) ([]string, error) {
	return List(on, d.Columns, []any{"migrations"}, func(r Row) (string, error) { return r.Text(0), nil })
}

// fillHashes adds the hashes of migrations that an older Lobby ran without storing them. Migrations of a newer one are
// not known here.
func fillHashes(on Session, all []Migration) error {
	numbers, err := List(on, `SELECT number FROM migrations WHERE hash IS NULL`, nil, func(r Row) (int64, error) { return r.Int(0), nil })
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if n < 1 || n > int64(len(all)) {
			continue
		}
		err := on.Exec(`UPDATE migrations SET hash = $2 WHERE number = $1 AND hash IS NULL`, []any{n, all[n-1].Hash})
		if err != nil {
			return err
		}
	}
	return nil
}

// run enters the migration into the list and runs its statements, unless it is in the list.
func (m Migration) run(on Session) error {
	fresh, err := on.Insert(`INSERT INTO migrations (number, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING`, []any{m.Number, m.Hash})
	if err != nil || !fresh {
		return err
	}
	for _, statement := range m.Statements() {
		if err := on.Exec(statement, nil); err != nil {
			return fmt.Errorf("migration %d: %w", m.Number, err)
		}
	}
	return nil
}

// MustBeCurrent returns ErrOlder, ErrNewer or ErrAltered when the database does not have this schema. It changes nothing.
func (s Schema) MustBeCurrent(ctx context.Context, e Engine) error {
	all, err := s.Migrations(e.Dialect().Name)
	if err != nil {
		return err
	}
	var columns []string
	err = e.Script(ctx, func(on Session) (err error) {
		columns, err = stepColumns(on, e.Dialect())
		return err
	})
	if err != nil {
		return err
	}
	if !slices.Contains(columns, "hash") {
		return ErrOlder
	}
	missing, err := missingMigrations(ctx, e, all)
	switch {
	case err != nil:
		return err
	case len(missing) > 0:
		return ErrOlder
	}
	return s.find(ctx, e)
}

// Pending returns the migrations that [Schema.Migrate] would run, and how many the database has seen; 0 for one without
// any. It changes nothing. Its errors are ErrNewer and ErrAltered.
func (s Schema) Pending(ctx context.Context, e Engine) (due []Migration, has int, err error) {
	all, err := s.Migrations(e.Dialect().Name)
	if err != nil {
		return nil, 0, err
	}
	due, err = missingMigrations(ctx, e, all)
	return due, len(all) - len(due), err
}

// missingMigrations returns those of all that the database has not seen. Its errors are ErrNewer and ErrAltered.
func missingMigrations(ctx context.Context, e Engine, all []Migration) ([]Migration, error) {
	var done []Migration
	err := e.Script(ctx, func(on Session) error {
		columns, err := stepColumns(on, e.Dialect())
		if err != nil || len(columns) == 0 {
			return err
		}
		hash := "''"
		if slices.Contains(columns, "hash") {
			hash = "hash"
		}
		done, err = List(on, `SELECT number, `+hash+` FROM migrations ORDER BY number`, nil, func(r Row) (Migration, error) {
			return Migration{Number: r.Int(0), Hash: r.Text(1)}, nil
		})
		return err
	})
	if err != nil || len(done) == 0 {
		return all, err
	}
	last := done[len(done)-1].Number
	if last > int64(len(all)) {
		return nil, fmt.Errorf("%w: it has schema %d, this one knows %d", ErrNewer, last, len(all))
	}
	for _, m := range done {
		if m.Hash != "" && m.Hash != all[m.Number-1].Hash {
			return nil, fmt.Errorf("%w: it ran a migration %d with the hash %s, which is %s here", ErrAltered, m.Number, m.Hash, all[m.Number-1].Hash)
		}
	}
	return all[last:], nil
}

// Statements returns the statements of the file. Each must end its line with the semicolon.
func (m Migration) Statements() []string {
	var all []string
	for s := range strings.SplitSeq(m.SQL, ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, s)
		}
	}
	return all
}
