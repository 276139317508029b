package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// databaseName is the name of the database file in the server's folder.
const databaseName = "lobby.db"

// Together with the schema these determine the content of a seeded database.
const (
	seedAttributes = `INSERT INTO attributes (workspace, name, id, model, type, messenger_writable, created_at, updated_at) VALUES
		('bench', 'beta', 1, 'contact', 'boolean', TRUE, 1750000000, 1750000000),
		('bench', 'plan', 2, 'contact', 'string', TRUE, 1750000000, 1750000000),
		('bench', 'visits', 3, 'contact', 'integer', TRUE, 1750000000, 1750000000)`
	seedVisitor = `INSERT INTO people (workspace, id, role, anonymous_id, pseudonym, created_at, updated_at, last_seen_at,
		browser, browser_version, browser_language, os, location_timezone, referrer, utm_campaign, utm_source, do_not_track,
		session_count, session_started_at, custom_attributes)
		VALUES ('bench', $1, 'visitor', $2, 'Mint Scooter', $3, $3, CAST($3 AS BIGINT) + 300,
		'chrome', '140.0.0.0', 'de-de', 'Linux', 'Europe/Berlin', 'https://search.example/', 'spring', 'letter', 2,
		1 + CAST($3 AS BIGINT) % 7, $3, '{"beta":false,"plan":"free","visits":' || (CAST($3 AS BIGINT) % 90) || '}')`
	seedUser = `INSERT INTO people (workspace, id, role, external_id, email, email_key, name, created_at, updated_at,
		signed_up_at, last_seen_at, custom_attributes)
		VALUES ('bench', $1, 'user', 'customer ' || $1, $2, $2, 'Grace', $3, $3, $3, $3, '{"plan":"team"}')`
	// The next start of the server makes the search keys of contacts.
	seedBackfill = `INSERT INTO chores (name) VALUES ('search_keys')`
)

// insert runs a statement that fills a database.
type insert func(sql string, args ...any) error

// population is the content of a seeded database.
type population struct {
	name string
	// texts determine the content, together with the schema and the name.
	texts []string
	// server fills the tables of the server. Plain fills those of the baseline; nil when there is none.
	server, plain func(insert) error
}

func (c dataset) population() population {
	return population{strconv.Itoa(c.visitors), []string{seedAttributes, seedVisitor, seedUser}, c.fill, nil}
}

func (c dataset) fill(into insert) error {
	if err := into(seedAttributes); err != nil {
		return err
	}
	if err := c.fillPeople(into); err != nil {
		return err
	}
	return into(seedBackfill)
}

func (c dataset) fillPeople(into insert) error {
	for i := range c.visitors {
		v := visitor(i)
		if err := into(seedVisitor, v.id(), string(v.appendUUID(nil)), v.createdAt()); err != nil {
			return err
		}
	}
	for i := range c.users() {
		u := user(i)
		if err := into(seedUser, u.id(), string(u.appendEmail(nil)), int64(firstSecond-1)); err != nil {
			return err
		}
	}
	return nil
}

// seeded returns a folder with the database of a population; plainFolder in it has that of the baseline. It is made once
// for every schema and kept among the temporary files, because a million people take longer to write than to measure.
func seeded(ctx context.Context, server string, everybody population) (string, error) {
	shelf := filepath.Join(os.TempDir(), "lobby-bench-"+everybody.name)
	if err := os.MkdirAll(shelf, 0o700); err != nil {
		return "", err
	}
	draft, err := os.MkdirTemp(shelf, "draft-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(draft) //nolint:errcheck // what is left lies among the temporary files
	if err := firstStart(ctx, server, inFolder(draft)); err != nil {
		return "", err
	}
	key, err := schemaOf(draft, everybody.texts)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(shelf, key)
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		return folder, err
	}
	// Databases of other schemas are no longer needed, and large.
	if err := clearCache(shelf); err != nil {
		return "", err
	}
	if err := everybody.fillAll(ctx, server, draft); err != nil {
		return "", err
	}
	// Another run may have made the folder meanwhile.
	if err := os.Rename(draft, folder); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return folder, nil
}

// plainFolder returns the folder of the baseline's database, within that of the server's.
func plainFolder(folder string) string { return filepath.Join(folder, "plain") }

// fillAll fills the databases in a folder and checks them.
func (p population) fillAll(ctx context.Context, server, folder string) error {
	if err := fill(folder, sqlite.OpenReadWrite, p.server); err != nil {
		return err
	}
	if err := command(ctx, server, "migrate", inFolder(folder)); err != nil { // which makes the keys of searches
		return err
	}
	if err := command(ctx, server, "fsck", inFolder(folder)); err != nil || p.plain == nil {
		return err
	}
	if err := os.Mkdir(plainFolder(folder), 0o700); err != nil {
		return err
	}
	return fill(plainFolder(folder), sqlite.OpenReadWrite|sqlite.OpenCreate, p.plain)
}

// clearCache removes everything but drafts, which another run may be using.
func clearCache(shelf string) error {
	folders, err := os.ReadDir(shelf)
	for _, folder := range folders {
		if !strings.HasPrefix(folder.Name(), "draft-") {
			err = errors.Join(err, os.RemoveAll(filepath.Join(shelf, folder.Name())))
		}
	}
	return err
}

// databaseFlags are the options that tell the server where its database is.
type databaseFlags []string

func inFolder(folder string) databaseFlags { return databaseFlags{"--data", folder} }

// firstStart starts the server, which creates or migrates its database, and stops it.
func firstStart(ctx context.Context, server string, at databaseFlags) error {
	s, _, err := serve(ctx, server, at)
	if err != nil {
		return err
	}
	return s.stop()
}

// command runs a command of the server, as fsck.
func command(ctx context.Context, server, name string, at databaseFlags) error {
	if said, err := exec.CommandContext(ctx, server, append([]string{name}, at...)...).CombinedOutput(); err != nil {
		return fmt.Errorf("lobby %s: %w: %s", name, err, said)
	}
	return nil
}

func open(folder string) (*sqlite.Conn, error) {
	return sqlite.OpenConn(filepath.Join(folder, databaseName), sqlite.OpenReadWrite)
}

// schemaOf returns a hash of everything that determines the content of a seeded database.
func schemaOf(folder string, texts []string) (string, error) {
	conn, err := open(folder)
	if err != nil {
		return "", err
	}
	text := append([]string{accessToken}, texts...)
	err = sqlitex.ExecuteTransient(conn, `SELECT sql FROM sqlite_schema ORDER BY name`, &sqlitex.ExecOptions{
		ResultFunc: func(row *sqlite.Stmt) error {
			text = append(text, row.ColumnText(0))
			return nil
		},
	})
	hash := sha256.Sum256([]byte(strings.Join(text, "\n")))
	return fmt.Sprintf("%x", hash[:8]), errors.Join(err, conn.Close())
}

// fill writes all rows in one transaction, without a journal: a half-written database is thrown away.
func fill(folder string, flags sqlite.OpenFlags, with func(insert) error) (err error) {
	conn, err := sqlite.OpenConn(filepath.Join(folder, databaseName), flags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, pragma := range []string{"journal_mode = OFF", "synchronous = OFF", "cache_size = -524288"} {
		if err := sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil); err != nil {
			return err
		}
	}
	if err := inTransaction(conn, with); err != nil {
		return err
	}
	return sqlitex.ExecuteTransient(conn, "PRAGMA journal_mode = WAL", nil)
}

func inTransaction(conn *sqlite.Conn, do func(insert) error) (err error) {
	end, err := sqlitex.ImmediateTransaction(conn)
	if err != nil {
		return err
	}
	defer end(&err)
	return do(func(sql string, args ...any) error {
		if len(args) == 0 {
			return sqlitex.ExecuteScript(conn, sql, nil)
		}
		_, err := execute(conn, sql, args)
		return err
	})
}

// copyDatabase copies a database into a new folder and waits until it is on disk. Writing it later would disturb the
// measurements.
func copyDatabase(from, to string) (err error) {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	source, err := os.Open(filepath.Join(from, databaseName))
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // it was only read
	target, err := os.Create(filepath.Join(to, databaseName))
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Sync(), target.Close())
}
