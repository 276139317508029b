package sqlengine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"zombiezen.com/go/sqlite"
)

// ErrMixed says that the files in the folder of an embedded database do not belong together: using them would lose or
// damage what was acknowledged. Nothing was changed.
var ErrMixed = errors.New("the files of the database do not belong together")

// The header of the database file says whose it is: its application_id tells that a Lobby made it, and whether one may
// still be writing to it. Its user_version numbers the commits, from a random number on. Both are in page 1, which is
// therefore part of each commit, so that the file and its log tell independently of each other of what moment they are.
const (
	closedID = 0x4c6f6230 // "Lob0"
	openID   = 0x4c6f6231 // "Lob1": in use, so a log belongs to it
)

// maxAhead is by how many commits a file may be ahead of what its folder has noted. After a power cut the note may be
// some time old.
const maxAhead = 1 << 20

// mark is what page 1 says of a moment. The zero mark is that of a file that no Lobby has marked.
type mark struct {
	made   bool
	open   bool
	commit int32
	schema uint32 // counts the changes of the schema, and each VACUUM
}

func readMark(page []byte) mark {
	id := binary.BigEndian.Uint32(page[68:])
	if id != closedID && id != openID {
		return mark{}
	}
	return mark{true, id == openID, int32(binary.BigEndian.Uint32(page[60:])), binary.BigEndian.Uint32(page[40:])}
}

// readFileMark reads the mark of a file without its log. A file that is too short has none.
func readFileMark(name string) (mark, error) {
	file, err := os.Open(name)
	if err != nil {
		return mark{}, err
	}
	defer file.Close() //nolint:errcheck // nothing was written
	header := make([]byte, fileHeaderSize)
	if _, err := io.ReadFull(file, header); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = nil
		}
		return mark{}, err
	}
	return readMark(header), nil
}

// note is what the file beside the database remembers: the last commit that was acknowledged, and in which file.
type note struct {
	commit int32
	inode  uint64
}

// NoteName is the name, within the folder of a database, of the file that has the note. It sorts behind the names of the database and its log, so that
// most programs copy it after them.
const NoteName = "lobby.state"

const noteForm = "lobby state 1 %11d %20d\n"

func (n note) text() []byte { return fmt.Appendf(nil, noteForm, n.commit, n.inode) }

func readNote(file string) (n note, known bool, err error) {
	text, err := os.ReadFile(noteFile(file))
	if errors.Is(err, fs.ErrNotExist) {
		return n, false, nil
	}
	if err != nil {
		return n, false, err
	}
	// A power cut may have left anything; then nothing is known.
	_, err = fmt.Sscanf(string(text), noteForm, &n.commit, &n.inode)
	if err != nil {
		return note{}, false, nil
	}
	return n, true, nil
}

func noteFile(file string) string { return filepath.Join(filepath.Dir(file), NoteName) }

// WriteNote notes that the closed database in a file is the one of its folder.
func WriteNote(file string) error {
	m, err := readFileMark(file)
	if err != nil {
		return err
	}
	return os.WriteFile(noteFile(file), note{m.commit, inodeOf(file)}.text(), 0o600)
}

func inodeOf(file string) uint64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino
	}
	return 0
}

// CheckFiles returns ErrMixed unless a database file, its log and the note beside them belong together, and notes the last
// commit in them. It must run while the folder is locked and before anything opens the database. It reports whether the
// files are copies that were made while the database was in use: then its pages should be checked, too.
func CheckFiles(file string) (copied bool, err error) {
	main, log, noted, known, err := readMarks(file)
	if err == nil && !main.made && !known && log.last.made { // the first start ended before it had a note
		if err = closeLog(file); err == nil {
			main, log, noted, known, err = readMarks(file)
		}
	}
	if err != nil {
		return false, err
	}
	mixed := func(format string, args ...any) (bool, error) {
		return false, fmt.Errorf("%w: %s", ErrMixed, fmt.Sprintf(format, args...))
	}
	name := filepath.Base(file)
	if !main.made {
		if known {
			return mixed("%s is empty, or from an older Lobby than the folder; lobby restore takes it", name)
		}
		return false, nil // new, or of a Lobby that marked nothing
	}
	if err := checkLog(main, log); err != nil {
		return mixed("%s-wal is the log of another file or moment than %s (%v); put both of one moment there, or give %s to lobby restore",
			name, name, err, name)
	}
	last := main
	if log.commits > 0 {
		last = log.last
	}
	ahead := last.commit - noted.commit // may wrap around
	switch {
	case known && ahead < 0 && ahead > -maxAhead:
		return mixed("%s lacks %d commits that this folder has had: it is older, or its log is missing; lobby restore takes it", name, -ahead)
	case known && (ahead < 0 || ahead > maxAhead):
		return mixed("%s is another database than the one that this folder has had; lobby restore takes it", name)
	case main.open && !log.begun && (!known || ahead != 0):
		return mixed("%s was copied while it was in use, and its log %s-wal is missing; lobby restore takes what there is", name, name)
	}
	if !known || ahead > 0 {
		noted.commit = last.commit
		if err := noted.catchUp(file); err != nil {
			return false, err
		}
	}
	return last.open && noted.inode != inodeOf(file), nil
}

// closeLog marks a file as not being in use, and copies its log into it. Otherwise whoever opens and closes the file next would
// leave one that is marked as being in use, but without a log.
func closeLog(file string) error {
	c, err := openPlain(file, sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	return errors.Join(c.pragma("application_id", closedID), c.close())
}

// catchUp notes the last commit that was found, once it is certain to be on disk. Whoever opens the files next may close them
// without a commit of its own, and SQLite then removes the log.
func (n note) catchUp(file string) error {
	if log, err := os.OpenFile(logOf(file), os.O_RDWR, 0); err == nil {
		if err := errors.Join(log.Sync(), log.Close()); err != nil {
			return err
		}
	}
	beside, err := os.OpenFile(noteFile(file), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = beside.WriteAt(n.text(), 0)
	return errors.Join(err, beside.Close())
}

// CheckCopy returns ErrMixed unless a file and the log beside it, if there is one, belong together. It reports whether the
// file was copied while it was in use and without its log: it may then be of several moments.
func CheckCopy(file string) (torn bool, err error) {
	main, log, _, _, err := readMarks(file)
	if err != nil {
		return false, err
	}
	if err := checkLog(main, log); main.made && err != nil {
		return false, fmt.Errorf("%w: the log beside the file is of another file or moment (%w); without it the file can be restored alone", ErrMixed, err)
	}
	return main.open && log.commits == 0, nil
}

func readMarks(file string) (main mark, log logSummary, n note, known bool, err error) {
	if main, err = readFileMark(file); err != nil {
		return main, log, n, known, err
	}
	if log, err = readLog(logOf(file)); err != nil {
		return main, log, n, known, err
	}
	n, known, err = readNote(file)
	return main, log, n, known, err
}

// checkLog tells whether a log continues a file. The file is of a moment between the commit before the first in the log,
// where the log begins, and the last one that was copied out of the log into the file.
func checkLog(main mark, log logSummary) error {
	switch {
	case log.commits == 0:
		return nil
	case !log.last.made:
		return errors.New("the log has no marks")
	case log.first.commit-main.commit > 1:
		return fmt.Errorf("the file ends with commit %d, the log begins with %d", main.commit, log.first.commit)
	case main.commit-log.last.commit > 0:
		return fmt.Errorf("the file is of commit %d, the log ends with %d", main.commit, log.last.commit)
	case main.schema > log.last.schema:
		return errors.New("the file was rewritten since")
	}
	return nil
}

// marker marks the commits of one connection and notes them in the folder. A nil marker, as in memory, does nothing.
type marker struct {
	file    string
	serves  bool     // whether the process has the folder, beside which others only run commands
	note    *os.File // nil where the folder has none yet
	inode   uint64
	opened  bool // whether this engine has marked the file as being in use
	changes int64
	next    int32                  // the number of the commit under way; 0 when it has changed nothing
	noticed atomic.Pointer[string] // what others had announced when the follower was last told of them
}

// newMarker returns the marker for a file.
func newMarker(file string) *marker {
	m := &marker{file: file, inode: inodeOf(file)}
	m.note, _ = os.OpenFile(noteFile(file), os.O_RDWR, 0o600) // there may be none
	return m
}

// begin is called after the begin of a transaction.
func (m *marker) begin(c *sqliteConn) (err error) {
	if m != nil {
		m.changes, err = Number(c, `SELECT total_changes()`, nil)
	}
	return err
}

// mark is called before the commit of a transaction. It marks the commit when the transaction has changed something or
// must be marked.
func (m *marker) mark(c *sqliteConn, must bool) error {
	if m == nil {
		return nil
	}
	m.next = 0
	changes, err := Number(c, `SELECT total_changes()`, nil)
	if err != nil || changes == m.changes && !must {
		return err
	}
	commit, err := Number(c, `PRAGMA user_version`, nil)
	if err != nil {
		return err
	}
	if !m.opened {
		id, err := Number(c, `PRAGMA application_id`, nil)
		if err != nil {
			return err
		}
		if id != closedID && id != openID {
			commit = rand.Int64N(1 << 31)
		}
		if err := c.pragma("application_id", openID); err != nil {
			return err
		}
	}
	if err := m.announce(); err != nil {
		return err
	}
	m.next = int32(commit) + 1 // wraps around
	if m.next == 0 {
		m.next = 1
	}
	return c.pragma("user_version", int64(m.next))
}

// committed notes the commit that was marked.
func (m *marker) committed() {
	if m == nil || m.next == 0 {
		return
	}
	m.opened = true
	if m.note != nil {
		// What is not noted is only not noticed when it is missing.
		_, _ = m.note.WriteAt(note{m.next, m.inode}.text(), 0)
	}
}

// createNote begins the note of a folder with the commit that was marked, once the file itself has it without its log. It
// must not open the file to look: closing it again would release the locks that SQLite has on it for the whole process.
func (m *marker) createNote(file string) error {
	note, err := os.OpenFile(noteFile(file), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	m.note = note
	m.committed()
	return nil
}

func (m *marker) close() error {
	if m == nil || m.note == nil {
		return nil
	}
	return m.note.Close()
}

// pragma sets a number in the header of the file. The statement is not kept, because it is never the same again.
func (c *sqliteConn) pragma(name string, value int64) error {
	s, _, err := c.conn.PrepareTransient(fmt.Sprintf("PRAGMA %s = %d", name, int32(value)))
	if err != nil {
		return err
	}
	defer s.Finalize() //nolint:errcheck // it repeats the error of Step
	_, err = s.Step()
	return err
}
