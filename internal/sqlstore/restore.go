package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"lobby/internal/datafolder"
	"lobby/internal/erasure"
	"lobby/internal/sqlengine"
)

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
	list := datafolder.Erasures(folder)
	listed, err := erasure.Read(list)
	if err != nil {
		return done, err
	}
	unlisted := erasure.Without(erasuresIn(ctx, folder), listed)
	if err := erasure.Add(list, unlisted); err != nil {
		return done, err
	}
	work := datafolder.Work(folder)
	if err := os.RemoveAll(work); err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if err := done.prepare(ctx, work, file, append(listed, unlisted...), opened(with)); err != nil {
		return done, err
	}
	done.Aside, err = datafolder.Swap(folder, work)
	return done, err
}

// erasuresIn returns the erasures in the table of a folder's database, as far as it can still be read. The list beside the
// database has nearly all of them.
func erasuresIn(ctx context.Context, folder string) []Erasure {
	if _, err := sqlengine.CheckFiles(datafolder.File(folder)); err != nil {
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
	to := datafolder.File(work)
	if err := datafolder.Copy(file, to); err != nil {
		return err
	}
	if err := datafolder.Copy(file+"-wal", to+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
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
		return datafolder.ErrNotLobby
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
			return fmt.Errorf("%w: it has the %s %q", datafolder.ErrNotLobby, r.Text(0), r.Text(1))
		})
	})
}
