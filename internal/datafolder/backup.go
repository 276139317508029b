package datafolder

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

// Backup writes a copy of the embedded database in a folder, which may be in use, into a new file. See
// [sqlengine.BackupFile].
func Backup(ctx context.Context, folder, to string) error {
	if err := MustBeWhole(folder); err != nil {
		return err
	}
	file := File(folder)
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

// CopyBefore copies the database of a folder, before a migration changes its schema from what it has, and returns the file
// with the copy. Of earlier such copies it keeps the newest.
func CopyBefore(ctx context.Context, folder string, has int) (to string, err error) {
	to = filepath.Join(folder, fmt.Sprintf("lobby-schema-%04d-%s.db", has, stamp()))
	if err := sqlengine.BackupFile(ctx, File(folder), to); err != nil {
		return "", fmt.Errorf("the copy before the migration (--no-backup leaves it out): %w", err)
	}
	return to, keepNewest(folder, copyPattern, maxCopies)
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

// Prune deletes all but the newest backups in a folder that have names of [BackupName].
func Prune(folder string, keep int) error { return keepNewest(folder, backupPattern, keep) }

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
