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
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// databaseName is the server's own, within its folder.
const databaseName = "lobby.db"

// Together with the schema these decide what is in a seeded database.
const (
	seedAttributes = `INSERT INTO attributes (workspace, name, id, model, type, messenger_writable, created_at, updated_at) VALUES
		('bench', 'beta', 1, 'contact', 'boolean', 1, 1750000000, 1750000000),
		('bench', 'plan', 2, 'contact', 'string', 1, 1750000000, 1750000000),
		('bench', 'visits', 3, 'contact', 'integer', 1, 1750000000, 1750000000)`
	seedVisitor = `INSERT INTO people (workspace, id, role, anonymous_id, pseudonym, created_at, updated_at, last_seen_at,
		browser, browser_version, browser_language, os, location_timezone, referrer, utm_campaign, utm_source, do_not_track,
		session_count, session_started_at, custom_attributes)
		VALUES ('bench', $id, 'visitor', $uuid, 'Mint Scooter', $at, $at, $at + 300,
		'chrome', '140.0.0.0', 'de-de', 'Linux', 'Europe/Berlin', 'https://search.example/', 'spring', 'letter', 2,
		1 + $at % 7, $at, '{"beta":false,"plan":"free","visits":' || ($at % 90) || '}')`
	seedUser = `INSERT INTO people (workspace, id, role, external_id, email, email_key, name, created_at, updated_at,
		signed_up_at, last_seen_at, custom_attributes)
		VALUES ('bench', $id, 'user', 'customer ' || $id, $email, $email, 'Grace', $at, $at, $at, $at, '{"plan":"team"}')`
)

// seeded answers a folder with a database that has the whole crowd. It is made once for every schema and kept among the
// temporary files: a million people take longer to write than to measure.
func seeded(ctx context.Context, server string, c crowd) (string, error) {
	shelf := filepath.Join(os.TempDir(), fmt.Sprintf("lobby-bench-%d", c.visitors))
	if err := os.MkdirAll(shelf, 0o700); err != nil {
		return "", err
	}
	draft, err := os.MkdirTemp(shelf, "draft-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(draft) //nolint:errcheck // what is left lies among the temporary files
	if err := firstStart(ctx, server, draft); err != nil {
		return "", err
	}
	key, err := schemaOf(draft)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(shelf, key)
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		return folder, err
	}
	// What was made for another schema would not be missed, and is large.
	if err := clearShelf(shelf); err != nil {
		return "", err
	}
	if err := c.fill(draft); err != nil {
		return "", err
	}
	// The next start makes the keys by which users are found.
	if err := firstStart(ctx, server, draft); err != nil {
		return "", err
	}
	if err := sound(ctx, server, draft); err != nil {
		return "", err
	}
	// Another run may have been faster.
	if err := os.Rename(draft, folder); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return folder, nil
}

// clearShelf removes all but the drafts, which may be somebody's.
func clearShelf(shelf string) error {
	folders, err := os.ReadDir(shelf)
	for _, folder := range folders {
		if !strings.HasPrefix(folder.Name(), "draft-") {
			err = errors.Join(err, os.RemoveAll(filepath.Join(shelf, folder.Name())))
		}
	}
	return err
}

// firstStart lets the server make its database in an empty folder.
func firstStart(ctx context.Context, server, folder string) error {
	s, _, err := serve(ctx, server, folder)
	if err != nil {
		return err
	}
	return s.stop()
}

// sound lets the server check its own invariants.
func sound(ctx context.Context, server, folder string) error {
	if said, err := exec.CommandContext(ctx, server, "fsck", "--data", folder).CombinedOutput(); err != nil {
		return fmt.Errorf("the database is not sound: %w: %s", err, said)
	}
	return nil
}

func open(folder string) (*sqlite.Conn, error) {
	return sqlite.OpenConn(filepath.Join(folder, databaseName), sqlite.OpenReadWrite)
}

// schemaOf answers a name for all that decides what a seeded database looks like.
func schemaOf(folder string) (string, error) {
	conn, err := open(folder)
	if err != nil {
		return "", err
	}
	text := []string{accessToken, seedAttributes, seedVisitor, seedUser}
	err = sqlitex.ExecuteTransient(conn, `SELECT sql FROM sqlite_schema ORDER BY name`, &sqlitex.ExecOptions{
		ResultFunc: func(row *sqlite.Stmt) error {
			text = append(text, row.ColumnText(0))
			return nil
		},
	})
	hash := sha256.Sum256([]byte(strings.Join(text, "\n")))
	return fmt.Sprintf("%x", hash[:8]), errors.Join(err, conn.Close())
}

// fill writes everybody in one transaction, without a journal: nobody would miss a database that is cut short.
func (c crowd) fill(folder string) (err error) {
	conn, err := open(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	err = sqlitex.ExecuteScript(conn, seedAttributes, nil)
	for _, pragma := range []string{"journal_mode = OFF", "synchronous = OFF", "cache_size = -524288"} {
		err = errors.Join(err, sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil))
	}
	if err != nil {
		return err
	}
	if err := c.insert(conn); err != nil {
		return err
	}
	if err := sqlitex.ExecuteTransient(conn, "INSERT INTO chores (name) VALUES ('search_keys')", nil); err != nil {
		return err
	}
	return sqlitex.ExecuteTransient(conn, "PRAGMA journal_mode = WAL", nil)
}

func (c crowd) insert(conn *sqlite.Conn) (err error) {
	end, err := sqlitex.ImmediateTransaction(conn)
	if err != nil {
		return err
	}
	defer end(&err)
	insert := conn.Prep(seedVisitor)
	for i := range c.visitors {
		v := visitor(i)
		insert.SetText("$id", v.id())
		insert.SetText("$uuid", string(v.appendUUID(nil)))
		insert.SetInt64("$at", v.createdAt())
		if err := step(insert); err != nil {
			return err
		}
	}
	insert = conn.Prep(seedUser)
	for i := range c.users() {
		u := user(i)
		insert.SetText("$id", u.id())
		insert.SetText("$email", string(u.appendEmail(nil)))
		insert.SetInt64("$at", firstSecond-1)
		if err := step(insert); err != nil {
			return err
		}
	}
	return nil
}

// step runs a statement that answers no rows.
func step(s *sqlite.Stmt) error {
	if _, err := s.Step(); err != nil {
		return err
	}
	return s.Reset()
}

// copyDatabase copies a database into a new folder and waits until it is on disk: writing it there later would disturb
// what is measured.
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
