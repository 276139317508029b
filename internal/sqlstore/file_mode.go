package sqlstore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// ownerOnly is the mode of every file of the database. SQLite gives the files that it makes beside one the same mode.
const ownerOnly fs.FileMode = 0o600

// protectFiles makes the file of the embedded database before SQLite does, and takes the rights of others away from what
// is there. It is an error when they cannot be taken away, as from a file of another owner.
func protectFiles(folder string) error {
	file := filepath.Join(folder, fileName)
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
