package datafolder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

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

// Work returns the folder, within that of the database, in which a restored file is prepared.
func Work(folder string) string { return filepath.Join(folder, workName) }

// Copy copies a file and puts the copy on disk.
func Copy(from, to string) error {
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

// Swap puts the prepared file in the place of the data in a folder, and returns where these are now. While there is no
// file at all, the folder with them tells a start that the restore was interrupted.
func Swap(folder, work string) (aside string, err error) {
	file := File(folder)
	for _, part := range []string{name, name + "-wal", name + "-shm", name + "-journal", sqlengine.NoteName} {
		from := filepath.Join(folder, part)
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
		if err := os.Rename(from, filepath.Join(aside, part)); err != nil {
			return aside, err
		}
	}
	if err := os.Rename(File(work), file); err != nil {
		return aside, err
	}
	return aside, errors.Join(sqlengine.WriteNote(file), sqlengine.Sync(folder))
}

// ForgetReplaced deletes the data that restores have put aside, and returns how many times there were some.
func ForgetReplaced(folder string) (int, error) {
	if err := MustBeWhole(folder); err != nil {
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
