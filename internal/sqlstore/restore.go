package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"lobby/internal/erasure"
	"lobby/internal/sqlengine"
)

const (
	// workName is the folder, within that of the database, in which a restored file is prepared.
	workName = "restoring"
	// asidePrefix begins the names of the folders with data that a restored file has replaced.
	asidePrefix = "replaced-"
)

// ErrNotLobby says that a file to be restored is no database of Lobby.
var ErrNotLobby = errors.New("the file is no database of Lobby")

// Restored tells what a restore did.
type Restored struct {
	// Aside is the folder with the data that was there before; empty for none.
	Aside string
	// Erased is how many people were in the file and had been erased since.
	Erased int
	// Findings are the breaches of invariants in the file.
	Findings []Finding
}

// RestoreSQLite makes a file the embedded database of a folder. A log beside the file belongs to it. The file itself
// stays as it is. It is checked, brought up to date, and those who were erased since it was written are erased in it.
// Only then does it take the place of the data in the folder, which are put aside. Errors: LockedError while another
// process has the folder; ErrNotLobby, ErrDamaged, ErrMixed, ErrNewer and ErrAltered about the file.
func RestoreSQLite(ctx context.Context, folder, file string, with ...Option) (done Restored, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return done, err
	}
	lock, err := sqlengine.LockFolder(folder, sqlengine.CommandHolder)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	list := filepath.Join(folder, erasuresName)
	listed, err := erasure.Read(list)
	if err != nil {
		return done, err
	}
	unlisted := erasure.Without(erasuresIn(ctx, folder), listed)
	if err := erasure.Add(list, unlisted); err != nil {
		return done, err
	}
	work := filepath.Join(folder, workName)
	if err := os.RemoveAll(work); err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if err := done.prepare(ctx, work, file, append(listed, unlisted...), opened(with)); err != nil {
		return done, err
	}
	done.Aside, err = swap(folder, work)
	return done, err
}

// erasuresIn returns the erasures in the table of a folder's database, as far as it can still be read. The list beside the
// database has nearly all of them.
func erasuresIn(ctx context.Context, folder string) []Erasure {
	if _, err := sqlengine.CheckFiles(filepath.Join(folder, fileName)); err != nil {
		return nil
	}
	asItIs := func(sqlengine.Schema, context.Context, sqlengine.Engine) error { return nil }
	store, err := newSQLite(ctx, folder, asItIs, WithReaders(1))
	if err != nil {
		return nil
	}
	all, _ := store.Erasures(ctx)
	_ = store.Close()
	return all
}

// prepare makes a database of a file in a folder of its own, and closes it.
func (done *Restored) prepare(ctx context.Context, work, file string, erased []Erasure, o options) error {
	if err := os.Mkdir(work, 0o700); err != nil {
		return err
	}
	to := filepath.Join(work, fileName)
	if err := copyFile(file, to); err != nil {
		return err
	}
	if err := copyFile(file+"-wal", to+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	torn, err := sqlengine.CheckCopy(to)
	if err != nil {
		return err
	}
	e, err := sqlengine.OpenFile(ctx, to, o.with(adopt), o.Options)
	store, err := newStore("sqlite", o, e, err)
	if err != nil {
		return err
	}
	done.Findings, err = store.Check(ctx)
	if err == nil && torn && len(done.Findings) > 0 {
		err = fmt.Errorf("%w: it was copied while it was in use and is not of one moment: %s", sqlengine.ErrDamaged, done.Findings[0])
	}
	if err == nil {
		done.Erased, err = store.Erase(ctx, erased)
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	return sqlengine.MarkCopy(to)
}

// adopt checks a file that may be anything, and brings it up to date.
func adopt(s sqlengine.Schema, ctx context.Context, e sqlengine.Engine) error {
	_, has, err := s.Pending(ctx, e)
	if err != nil {
		return err
	}
	if has == 0 {
		return ErrNotLobby
	}
	if err := mustBeIntact(ctx, e); err != nil {
		return err
	}
	if err := mustDoNothing(ctx, e); err != nil {
		return err
	}
	if err := s.Migrate(ctx, e); err != nil {
		return err
	}
	return s.MustHaveStructure(ctx, e)
}

// mustDoNothing returns ErrNotLobby for a file with triggers or views, which no migration makes: they would do something of
// their own whenever a server writes or reads.
func mustDoNothing(ctx context.Context, e sqlengine.Engine) error {
	return e.Script(ctx, func(on sqlengine.Session) error {
		return on.Query(`SELECT type, name FROM sqlite_schema WHERE type NOT IN ('table', 'index') LIMIT 1`, nil, func(r sqlengine.Row) error {
			return fmt.Errorf("%w: it has the %s %q", ErrNotLobby, r.Text(0), r.Text(1))
		})
	})
}

// copyFile copies a file and puts the copy on disk.
func copyFile(from, to string) error {
	if is, err := os.Stat(from); err != nil { // opening a pipe would wait, and a device may never end
		return err
	} else if !is.Mode().IsRegular() {
		return ErrNotLobby
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // nothing was written
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// swap puts the prepared file in the place of the data in a folder, and returns where these are now. While there is no
// file at all, the folder with them tells a start that the restore was interrupted.
func swap(folder, work string) (aside string, err error) {
	file := filepath.Join(folder, fileName)
	for _, name := range []string{fileName, fileName + "-wal", fileName + "-shm", fileName + "-journal", sqlengine.NoteName} {
		from := filepath.Join(folder, name)
		if _, err := os.Lstat(from); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if aside == "" {
			aside = filepath.Join(folder, asidePrefix+stamp())
			if err := os.Mkdir(aside, 0o700); err != nil {
				return "", err
			}
			if err := sqlengine.Sync(folder); err != nil {
				return "", err
			}
		}
		if err := os.Rename(from, filepath.Join(aside, name)); err != nil {
			return aside, err
		}
	}
	if err := os.Rename(filepath.Join(work, fileName), file); err != nil {
		return aside, err
	}
	return aside, errors.Join(sqlengine.WriteNote(file), sqlengine.Sync(folder))
}

// ForgetReplaced deletes the data that restores have put aside, and returns how many times there were some.
func ForgetReplaced(folder string) (int, error) {
	if err := mustBeWhole(folder); err != nil {
		return 0, err
	}
	all, err := replacedIn(folder)
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, aside := range all {
		errs = append(errs, os.RemoveAll(aside))
	}
	return len(all), errors.Join(errs...)
}

func replacedIn(folder string) ([]string, error) {
	return filepath.Glob(filepath.Join(escape(folder), asidePrefix+"*"))
}
