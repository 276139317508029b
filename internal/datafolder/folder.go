// Package datafolder knows the folder of an embedded database: which files are in it and who may read them, its backups, and
// the data that a restore has put aside. It opens no database.
package datafolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lobby/internal/sqlengine"
)

const (
	// name is the database within its folder.
	name = "lobby.db"
	// erasuresName is the list of erasures beside the database. It outlives the database file, so that a restored one gets the
	// erasures that it does not know.
	erasuresName = "lobby.erasures"
)

// File returns the path of the database in a folder.
func File(folder string) string { return filepath.Join(folder, name) }

// Erasures returns the path of the list of erasures in a folder.
func Erasures(folder string) string { return filepath.Join(folder, erasuresName) }

// Has reports whether a folder holds an embedded database, or what is left of one.
func Has(folder string) bool {
	for _, part := range []string{name, name + "-wal", erasuresName} {
		if _, err := os.Stat(filepath.Join(folder, part)); err == nil {
			return true
		}
	}
	return false
}

// MustBeWhole returns ErrMixed when a folder has parts of a database without the file itself.
func MustBeWhole(folder string) error {
	_, err := os.Stat(File(folder))
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	aside, err := replacedIn(folder)
	if err != nil || !Has(folder) && len(aside) == 0 {
		return err
	}
	return fmt.Errorf("%w: %s is missing from %s, where other files of it are; put it back or use lobby restore", sqlengine.ErrMixed, name, folder)
}

// ownerOnly is the mode of every file of the database. SQLite gives the files that it makes beside one the same mode.
const ownerOnly fs.FileMode = 0o600

// Protect makes the file of the embedded database before SQLite does, and takes the rights of others away from what
// is there. It is an error when they cannot be taken away, as from a file of another owner.
func Protect(folder string) error {
	file := File(folder)
	created, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, ownerOnly)
	if err == nil {
		err = created.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	all, err := filepath.Glob(filepath.Join(folder, "lobby.*")) // the database, its log, and what stands beside them
	if err != nil {
		return err
	}
	for _, file := range all {
		if err := protect(file); err != nil {
			return err
		}
	}
	return nil
}

func protect(file string) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || info.Mode().Perm()&^ownerOnly == 0 {
		return err
	}
	return os.Chmod(file, ownerOnly)
}

// OthersMayRead reports whether accounts other than the owner's have any right to a folder.
func OthersMayRead(folder string) bool {
	info, err := os.Stat(folder)
	return err == nil && info.Mode().Perm()&0o077 != 0
}
