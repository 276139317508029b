package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"lobby/internal/sqlengine"
)

// BackupSQLite writes a copy of the embedded database in a folder, which may be in use, into a new file. See
// [sqlengine.BackupFile].
func BackupSQLite(ctx context.Context, folder, to string) error {
	if err := mustBeWhole(folder); err != nil {
		return err
	}
	file := filepath.Join(folder, fileName)
	lock, err := sqlengine.LockFolder(folder, sqlengine.CommandHolder)
	if locked := new(sqlengine.LockedError); errors.As(err, &locked) {
		return sqlengine.BackupFile(ctx, file, to) // whoever has the folder has checked the files
	}
	if err != nil {
		return err
	}
	_, err = sqlengine.CheckFiles(file)
	// A server may start meanwhile.
	if err = errors.Join(err, lock.Release()); err != nil {
		return err
	}
	return sqlengine.BackupFile(ctx, file, to)
}

const (
	// copyPattern matches the copies that are made before a migration.
	copyPattern = "lobby-schema-*.db"
	// maxCopies is how many of them are kept.
	maxCopies = 2
)

// stamp is a time in the name of a file, by which the names sort.
func stamp() string { return time.Now().UTC().Format("20060102T150405.000Z") }

// copyFirst returns do with a copy of the file before it, when migrations are due and the database is not new. The copy
// lies beside the file; its name is stored into made.
func copyFirst(file string, do prepare, made *string) prepare {
	return func(s sqlengine.Schema, ctx context.Context, e sqlengine.Engine) error {
		due, has, err := s.Pending(ctx, e)
		if err != nil {
			return err
		}
		if has > 0 && len(due) > 0 {
			folder := filepath.Dir(file)
			to := filepath.Join(folder, fmt.Sprintf("lobby-schema-%04d-%s.db", has, stamp()))
			if err := sqlengine.BackupFile(ctx, file, to); err != nil {
				return fmt.Errorf("the copy before the migration (--no-backup leaves it out): %w", err)
			}
			*made = to
			if err := keepNewest(folder, copyPattern, maxCopies); err != nil {
				return err
			}
		}
		return do(s, ctx, e)
	}
}

// keepNewest deletes all but the last files of a folder that match a pattern, in the order of their names.
func keepNewest(folder, pattern string, keep int) error {
	all, err := filepath.Glob(filepath.Join(escape(folder), pattern))
	if err != nil || len(all) <= keep {
		return err
	}
	slices.Sort(all)
	var errs []error
	for _, name := range all[:len(all)-keep] {
		errs = append(errs, os.Remove(name))
	}
	return errors.Join(errs...)
}

// PruneBackups deletes all but the newest backups in a folder that have names of [BackupName].
func PruneBackups(folder string, keep int) error { return keepNewest(folder, backupPattern, keep) }

// backupPattern matches the names of BackupName and no others.
const backupPattern = "lobby-backup-" + digits8 + "T[0-9][0-9][0-9][0-9][0-9][0-9].[0-9][0-9][0-9]Z.db"

const digits8 = "[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]"

// BackupName returns a name for a backup that is made now. Names sort by their times.
func BackupName() string { return "lobby-backup-" + stamp() + ".db" }

// escape returns a path for Glob, which then means that path only.
func escape(path string) string {
	var all []byte
	for i := range len(path) {
		if slices.Contains([]byte(`*?[\`), path[i]) {
			all = append(all, '\\')
		}
		all = append(all, path[i])
	}
	return string(all)
}

// MigrationCopy returns the file with the copy that was made before the schema was brought up to date; empty for none.
func (s *Store) MigrationCopy() string { return s.copy }

// PendingSQLite and PendingPostgres return the names of the migrations that opening a database would run, and change
// nothing.
func PendingSQLite(ctx context.Context, folder string) ([]string, error) {
	return pending(func(do prepare) (*Store, error) { return openFolder(ctx, folder, do, do, WithReaders(1)) })
}

// PendingPostgres is PendingSQLite for the database that a postgres:// URL names.
func PendingPostgres(ctx context.Context, dsn string) ([]string, error) {
	return pending(func(do prepare) (*Store, error) { return newPostgres(ctx, dsn, do) })
}

func pending(open func(prepare) (*Store, error)) (names []string, err error) {
	store, err := open(func(s sqlengine.Schema, ctx context.Context, e sqlengine.Engine) error {
		due, _, err := s.Pending(ctx, e)
		for _, m := range due {
			names = append(names, m.Name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return names, store.Close()
}
