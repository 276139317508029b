package sqlengine

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"syscall"
)

// A process that does not have the folder announces each commit behind the note before it makes it, by a number that
// never comes again. So whoever has the folder knows that it must look, even when that process ends in the midst of it.
const (
	announcementAt   = 64
	announcementForm = "%020d\n"
)

func (m *marker) announce() error {
	if m.serves {
		return nil
	}
	if m.note == nil {
		note, err := os.OpenFile(noteFile(m.file), os.O_RDWR, 0o600) // there may be one by now
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a server knows that its own was removed
		}
		if err != nil {
			return err
		}
		m.note = note
	}
	_, err := m.note.WriteAt(fmt.Appendf(nil, announcementForm, rand.Uint64()), announcementAt)
	return err
}

// announced returns what others have announced, unless they cannot because the note was removed or replaced.
func (m *marker) announced() (text string, can bool) {
	var opened, named syscall.Stat_t
	if syscall.Fstat(int(m.note.Fd()), &opened) != nil || syscall.Stat(m.note.Name(), &named) != nil || opened.Ino != named.Ino {
		return "", false
	}
	var read [32]byte // it is shorter
	n, _ := m.note.ReadAt(read[:], announcementAt)
	return string(read[:n]), true
}

// notice remembers what is announced. Nobody else may be able to commit meanwhile.
func (m *marker) notice() {
	if m != nil && m.serves && m.note != nil {
		if text, can := m.announced(); can {
			m.noticed.Store(&text)
		}
	}
}

// isAlone reports whether no other process has announced a commit since the last notice. A nil marker has no others.
func (m *marker) isAlone() bool {
	if m == nil {
		return true
	}
	noticed := m.noticed.Load()
	if noticed == nil {
		return false
	}
	text, can := m.announced()
	return can && text == *noticed
}
