package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite"
)

// BackupFile writes a copy of an embedded database as it is at one moment, while others write to it. The copy appears
// under its name complete and on disk, or not at all. Deleted rows leave nothing in it. Errors: fs.ErrExist when there is
// a file of that name.
func BackupFile(ctx context.Context, file, to string) (err error) {
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "backup", Path: to, Err: fs.ErrExist}
	}
	// SQLite fills a file that is there and empty, and leaves its mode as it is.
	partial, err := os.CreateTemp(filepath.Dir(to), "."+filepath.Base(to)+".partial-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeIfThere(partial.Name())) }()
	if err := partial.Close(); err != nil {
		return err
	}
	if err := vacuumInto(ctx, file, partial.Name()); err != nil {
		return err
	}
	if err := MarkCopy(partial.Name()); err != nil {
		return err
	}
	return publish(partial.Name(), to)
}

func removeIfThere(name string) error {
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// openPlain opens a file without any of the engine around it.
func openPlain(file string, flags sqlite.OpenFlags) (*sqliteConn, error) {
	c, err := sqlite.OpenConn(fileURI(file), flags|sqlite.OpenURI)
	if err != nil {
		return nil, err
	}
	return newSQLiteConn(c, new(steps)), nil
}

func vacuumInto(ctx context.Context, file, to string) error {
	c, err := openPlain(file, sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	c.conn.SetInterrupt(ctx.Done())
	c.conn.SetBusyTimeout(busyTimeout)
	err = c.Exec(`VACUUM INTO $1`, []any{to})
	c.conn.SetInterrupt(nil)
	return errors.Join(err, c.close())
}

// MarkCopy gives the closed copy of a database a number of its own, because the log of the original does not fit its
// pages, and checks them.
func MarkCopy(file string) error {
	c, err := openPlain(file, sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	err = errors.Join(c.pragma("application_id", closedID), c.pragma("user_version", rand.Int64N(1<<31)), c.checkPages("quick_check"))
	return errors.Join(err, c.close())
}

// checkPages returns ErrDamaged when a check of all pages finds something.
func (c *sqliteConn) checkPages(pragma string) error {
	return c.Query(`PRAGMA `+pragma+`(1)`, nil, func(r Row) error {
		if found := r.Text(0); found != "ok" {
			return fmt.Errorf("%w: %s", ErrDamaged, found)
		}
		return nil
	})
}

// publish gives a complete file its name, unless that is taken. Both are then on disk.
func publish(partial, to string) error {
	if err := Sync(partial); err != nil {
		return err
	}
	if err := os.Link(partial, to); errors.Is(err, fs.ErrExist) {
		return err
	} else if err != nil { // the file system has no links
		if err := os.Rename(partial, to); err != nil {
			return err
		}
	}
	return Sync(filepath.Dir(to))
}

// Sync puts a file or a folder on disk.
func Sync(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
