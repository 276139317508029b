package sqlengine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// lockName is the file in the folder of an embedded database that whoever holds the folder has locked. It says who.
	lockName = "lobby.lock"
	// lockPause is how long a command is waited for before the next attempt, lockPatience how long in all.
	lockPause    = 10 * time.Millisecond
	lockPatience = 2 * time.Second
)

// Holder says for what a folder is locked.
type Holder string

const (
	// ServerHolder serves the folder until it is stopped.
	ServerHolder Holder = "server"
	// CommandHolder works on the folder for a moment.
	CommandHolder Holder = "command"
)

// LockedError says that another process holds the folder of an embedded database.
type LockedError struct {
	Folder string
	Holder Holder
	PID    int // 0 when it is not known
}

func (e *LockedError) Error() string {
	who := "another lobby command"
	if e.Holder == ServerHolder {
		who = "another Lobby server"
	}
	if e.PID > 0 {
		who += fmt.Sprintf(" (process %d)", e.PID)
	}
	return who + " has the folder " + e.Folder + ": only one may; stop it first"
}

// Lock holds the folder of an embedded database for one process. The kernel releases it when the process ends, however
// that happens.
type Lock struct {
	file *os.File // nil once it is released
}

// LockFolder locks a folder that exists. It waits a moment for a command that holds it, and not for a server. Errors:
// LockedError.
func LockFolder(folder string, as Holder) (*Lock, error) {
	file, err := os.OpenFile(filepath.Join(folder, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(lockPatience); ; time.Sleep(lockPause) {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return nil, errors.Join(fmt.Errorf("cannot lock %s: %w", file.Name(), err), file.Close())
		}
		locked := readHolder(file, folder)
		if locked.Holder == ServerHolder || time.Now().After(end) {
			return nil, errors.Join(locked, file.Close())
		}
	}
	text := fmt.Sprintf("%s %d\n", as, os.Getpid())
	if err := errors.Join(file.Truncate(0), writeAt(file, text)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Lock{file}, nil
}

func writeAt(file *os.File, text string) error {
	_, err := file.WriteAt([]byte(text), 0)
	return err
}

// readHolder reads who holds a folder.
func readHolder(file *os.File, folder string) *LockedError {
	locked := &LockedError{Folder: folder}
	text := make([]byte, 64)
	n, _ := file.ReadAt(text, 0)
	words := strings.Fields(string(text[:n]))
	if len(words) == 2 {
		locked.Holder = Holder(words[0])
		locked.PID, _ = strconv.Atoi(words[1])
	}
	return locked
}

// Release gives the folder back. It may be called more than once, and on nil.
func (l *Lock) Release() error {
	if l == nil || l.file == nil {
		return nil
	}
	// An older name would be told to the next one that finds the folder locked.
	err := errors.Join(l.file.Truncate(0), l.file.Close())
	l.file = nil
	return err
}
