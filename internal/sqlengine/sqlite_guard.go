package sqlengine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"zombiezen.com/go/sqlite"
)

var (
	// ErrDamaged says that the file of an embedded database cannot be read or written any more.
	ErrDamaged = errors.New("the database file is damaged or its disk fails")
	// ErrReplaced says that the file of an embedded database is not the one that was opened.
	ErrReplaced = errors.New("a file of the database was removed or replaced while it was in use")
)

// watchPause is how often a server looks whether its files are still there.
const watchPause = 250 * time.Millisecond

// failure is why an engine can never acknowledge a write again. The first reason counts.
type failure struct {
	once   sync.Once
	cause  error
	broken chan struct{} // closed for good
}

func (f *failure) fail(cause error) {
	f.once.Do(func() {
		f.cause = cause
		close(f.broken)
	})
}

// reason returns nil while the engine works.
func (f *failure) reason() error {
	select {
	case <-f.broken:
		return f.cause
	default:
		return nil
	}
}

// noticed looks at an error of a transaction in which nothing was committed. Damage ends the engine. A full disk and the
// like are no faults of the caller either, and pass: they return as ErrUnavailable.
func (e *sqliteEngine) noticed(err error) error {
	if err == nil {
		return nil
	}
	switch code := sqlite.ErrCode(err); {
	case isDamage(code):
		e.failure.fail(fmt.Errorf("%w: %w", ErrDamaged, err))
		return unavailable(err)
	case isPassing(code):
		return unavailable(err)
	}
	return err
}

// isDamage reports whether a result says that the file itself cannot be used.
func isDamage(code sqlite.ResultCode) bool {
	switch code.ToPrimary() {
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return true
	case sqlite.ResultIOErr:
		return !isPassing(code)
	}
	return false
}

// isPassing reports whether a result comes from a want of space, memory or locks, which may be over at the next attempt.
func isPassing(code sqlite.ResultCode) bool {
	switch code {
	case sqlite.ResultIOErrNoMem, sqlite.ResultIOErrSHMSize, sqlite.ResultIOErrSHMLock, sqlite.ResultIOErrLock:
		return true
	}
	switch code.ToPrimary() {
	case sqlite.ResultFull, sqlite.ResultBusy, sqlite.ResultNoMem:
		return true
	}
	return false
}

// guard knows the files that a server has opened. A write into a file that has no name any more would be lost with the
// process.
type guard struct {
	files   map[string]fs.FileInfo
	stop    chan struct{}
	stopped chan struct{}
}

// startGuard remembers the database file and its log, and looks for them until the engine is closed.
func (e *sqliteEngine) startGuard() error {
	g := &guard{files: map[string]fs.FileInfo{}, stop: make(chan struct{}), stopped: make(chan struct{})}
	for _, file := range []string{e.file, logOf(e.file)} {
		info, err := os.Stat(file)
		if err != nil {
			return err
		}
		g.files[file] = info
	}
	e.guard = g
	go func() {
		defer close(g.stopped)
		tick := time.NewTicker(watchPause)
		defer tick.Stop()
		for {
			select {
			case <-g.stop:
				return
			case <-tick.C:
				if err := g.check(); err != nil {
					e.failure.fail(err)
					return
				}
			}
		}
	}()
	return nil
}

// check returns ErrReplaced unless the files are those that were opened.
func (g *guard) check() error {
	if g == nil {
		return nil
	}
	for file, opened := range g.files {
		info, err := os.Stat(file)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrReplaced, err)
		}
		if !os.SameFile(info, opened) {
			return fmt.Errorf("%w: %s is another file now", ErrReplaced, filepath.Base(file))
		}
	}
	return nil
}

func (g *guard) close() {
	if g != nil {
		close(g.stop)
		<-g.stopped
	}
}
