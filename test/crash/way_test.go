package crash

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
)

// world is a folder that a server has worked on, with room beside it.
type world struct {
	*testing.T
	data string
	*server
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, data: filepath.Join(t.TempDir(), "data")}
	w.begin()
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.data, name) }

func (w *world) beside(name string) string { return filepath.Join(filepath.Dir(w.data), name) }

func (w *world) begin() { w.server = start(w.T, w.data, "") }

// add has the server acknowledge a visitor.
func (w *world) add(userID string) {
	w.Helper()
	created, err := w.call("POST", "/lobby/v1/visitors", map[string]string{"user_id": userID})
	if err != nil || created.status != 200 {
		w.Fatalf("adding %s: %d, %v", userID, created.status, err)
	}
}

// settleLog waits until the log is copied into the file, so that the next write begins it anew.
func (w *world) settleLog() { time.Sleep(1200 * time.Millisecond) }

// must fails the test for any error.
func (w *world) must(errs ...error) {
	w.Helper()
	if err := errors.Join(errs...); err != nil {
		w.Fatal(err)
	}
}

// lobby runs a command that must succeed, and returns what it prints.
func (w *world) lobby(args ...string) string {
	w.Helper()
	out, err := runLobby(w.T, args...)
	if err != nil {
		w.Fatalf("lobby %v: %v\n%s", args, err, out)
	}
	return out
}

// copyAll copies a folder file by file, in the order of their names, as most programs do.
func (w *world) copyAll(from, to string) {
	w.Helper()
	w.must(os.MkdirAll(to, 0o700))
	entries, err := os.ReadDir(from)
	w.must(err)
	for _, e := range entries {
		w.copyFile(filepath.Join(from, e.Name()), filepath.Join(to, e.Name()))
	}
}

// copyFile copies a file in place, as cp does.
func (w *world) copyFile(from, to string) {
	w.Helper()
	text, err := os.ReadFile(from)
	w.must(err, os.WriteFile(to, text, 0o600))
}

// pageCopy copies a database that is in use as the .backup of SQLite's shell does.
func (w *world) pageCopy(to string) {
	w.Helper()
	from, err := sqlite.OpenConn(w.path("lobby.db"), sqlite.OpenReadWrite)
	w.must(err)
	into, err := sqlite.OpenConn(to, sqlite.OpenReadWrite|sqlite.OpenCreate)
	w.must(err)
	b, err := sqlite.NewBackup(into, "main", from, "main")
	w.must(err)
	_, err = b.Step(-1)
	w.must(err, b.Close(), into.Close(), from.Close())
}

// refused checks that a server does not start, and why, and that it leaves all files as they are.
func (w *world) refused(why string) {
	w.Helper()
	before := w.files()
	out, err := runLobby(w.T, "serve", "--listen", "127.0.0.1:0", "--data", w.data)
	status := new(exec.ExitError)
	if !errors.As(err, &status) || status.ExitCode() != 2 || strings.Count(out, "\n") != 1 || !strings.Contains(out, why) {
		w.Errorf("the server ended with %v\n%s\nwant a refusal with %q", err, out, why)
	}
	if after := w.files(); !slices.Equal(before, after) {
		w.Errorf("the refusal has changed the files from %v to %v", before, after)
	}
}

// files lists the database files with what is in them.
func (w *world) files() (all []string) {
	for _, name := range []string{"lobby.db", "lobby.db-wal"} {
		text, err := os.ReadFile(w.path(name))
		if !errors.Is(err, fs.ErrNotExist) {
			w.must(err)
			all = append(all, fmt.Sprintf("%s %d", name, len(text)))
		}
	}
	return all
}

// right checks that a server starts and has the one visitors, and not the others.
func (w *world) right(want []string, not ...string) {
	w.Helper()
	w.begin()
	w.allThere(want)
	for _, id := range not {
		if found, err := w.call("GET", "/visitors?user_id="+id, nil); err != nil || found.status != 404 {
			w.Errorf("%s is there: %d, %v", id, found.status, err)
		}
	}
	w.add("later")
	w.stop()
	fsck(w.T, w.data)
}

const (
	mixed   = "do not belong together"
	missing = "its log lobby.db-wal is missing"
)

// ways are all ways in which data can come back or be moved: the table of docs/backup.md, which a test compares.
var ways = []struct {
	name string
	do   func(*world)
}{
	{"the folder of a stopped server is copied", func(w *world) {
		w.add("a")
		w.stop()
		w.copyAll(w.data, w.beside("copy"))
		w.data = w.beside("copy")
		w.right([]string{"a"})
	}},
	{"the folder of a killed server is copied", func(w *world) {
		w.add("a")
		w.kill()
		w.copyAll(w.data, w.beside("copy"))
		w.data = w.beside("copy")
		w.right([]string{"a"})
	}},
	{"the folder of a killed server is moved", func(w *world) {
		w.add("a")
		w.kill()
		w.must(os.Rename(w.data, w.beside("moved")))
		w.data = w.beside("moved")
		w.right([]string{"a"})
	}},
	{"the folder of an idle server is copied", func(w *world) {
		w.add("a")
		w.settleLog()
		w.copyAll(w.data, w.beside("copy"))
		w.stop()
		w.data = w.beside("copy")
		w.right([]string{"a"})
	}},
	{"the disk of a running server is cloned", func(w *world) {
		w.add("a")
		w.settleLog()
		w.add("b")
		w.must(w.cmd.Process.Signal(syscall.SIGSTOP))
		w.copyAll(w.data, w.beside("clone"))
		w.must(w.cmd.Process.Signal(syscall.SIGCONT))
		w.stop()
		w.data = w.beside("clone")
		w.right([]string{"a", "b"})
	}},
	{"the log was copied before the file", func(w *world) {
		w.add("a")
		w.must(os.MkdirAll(w.beside("copy"), 0o700))
		w.copyFile(w.path("lobby.db-wal"), w.beside("copy/lobby.db-wal"))
		w.add("b")
		w.settleLog()
		w.copyFile(w.path("lobby.db"), w.beside("copy/lobby.db"))
		w.stop()
		w.data = w.beside("copy")
		w.refused(mixed)
	}},
	{"the log of a killed server is missing", func(w *world) {
		w.settleLog()
		w.add("a")
		w.kill()
		w.must(os.Remove(w.path("lobby.db-wal")))
		w.refused("its log is missing")
	}},
	{"only the file of a running server is copied", func(w *world) {
		w.settleLog()
		w.must(os.Mkdir(w.beside("copy"), 0o700))
		w.copyFile(w.path("lobby.db"), w.beside("copy/lobby.db"))
		w.stop()
		w.data = w.beside("copy")
		w.refused(missing)
	}},
	{"only the log of a server is there", func(w *world) {
		w.add("a")
		w.kill()
		w.must(os.Remove(w.path("lobby.db")))
		w.refused("lobby.db is missing")
	}},
	{"the index of the log is missing", func(w *world) {
		w.add("a")
		w.kill()
		w.must(os.Remove(w.path("lobby.db-shm")))
		w.right([]string{"a"})
	}},
	{"the index of another log is there", func(w *world) {
		w.add("a")
		w.kill()
		other := newWorld(w.T)
		other.add("z")
		other.kill()
		w.copyFile(other.path("lobby.db-shm"), w.path("lobby.db-shm"))
		w.right([]string{"a"}, "z")
	}},
	{"the file is empty", func(w *world) {
		w.stop()
		w.must(os.Truncate(w.path("lobby.db"), 0))
		w.refused(mixed)
	}},
	{"the file is cut off", func(w *world) {
		w.stop()
		w.must(os.Truncate(w.path("lobby.db"), 40_960))
		w.refused("malformed")
	}},
	{"an older copy of its pages is put beside the log of a killed server", func(w *world) {
		w.add("a")
		w.pageCopy(w.beside("copy.db"))
		w.add("b")
		w.settleLog()
		w.add("c")
		w.kill()
		w.copyFile(w.beside("copy.db"), w.path("lobby.db"))
		w.refused(mixed)
	}},
	{"a copy of its pages is put beside the log that continues it", func(w *world) {
		w.settleLog()
		w.add("a")
		w.pageCopy(w.beside("copy.db"))
		w.add("b")
		w.kill()
		w.copyFile(w.beside("copy.db"), w.path("lobby.db"))
		w.right([]string{"a", "b"})
	}},
	{"a backup is put beside the log of a killed server", func(w *world) {
		w.add("a")
		w.lobby("backup", "--data", w.data, w.beside("copy.db"))
		w.add("b")
		w.kill()
		w.copyFile(w.beside("copy.db"), w.path("lobby.db"))
		w.refused(mixed)
	}},
	{"an older copy of its pages is put into the folder of a stopped server", func(w *world) {
		w.add("a")
		w.pageCopy(w.beside("copy.db"))
		w.add("b")
		w.stop()
		w.copyFile(w.beside("copy.db"), w.path("lobby.db"))
		w.refused("it is older")
		w.lobby("restore", "--data", w.data, w.beside("copy.db"))
		w.right([]string{"a"}, "b")
	}},
	{"a backup is put into the folder of a stopped server", func(w *world) {
		w.add("a")
		w.lobby("backup", "--data", w.data, w.beside("copy.db"))
		w.stop()
		w.copyFile(w.beside("copy.db"), w.path("lobby.db"))
		w.refused(mixed)
	}},
	{"the file of another server is put into the folder", func(w *world) {
		w.stop()
		other := newWorld(w.T)
		other.stop()
		w.copyFile(other.path("lobby.db"), w.path("lobby.db"))
		w.refused(mixed)
	}},
	{"the log of another server is put beside the file", func(w *world) {
		w.stop()
		other := newWorld(w.T)
		other.add("z")
		other.kill()
		w.copyFile(other.path("lobby.db-wal"), w.path("lobby.db-wal"))
		w.refused(mixed)
	}},
	{"a backup is put into a new folder", func(w *world) {
		w.add("a")
		w.must(os.Mkdir(w.beside("new"), 0o700))
		w.lobby("backup", "--data", w.data, w.beside("new/lobby.db"))
		w.add("b")
		w.stop()
		w.data = w.beside("new")
		w.right([]string{"a"}, "b")
	}},
	{"a copy of its pages is put into a new folder", func(w *world) {
		w.add("a")
		w.must(os.Mkdir(w.beside("new"), 0o700))
		w.pageCopy(w.beside("new/lobby.db"))
		w.add("b")
		w.stop()
		w.data = w.beside("new")
		w.refused(missing)
		w.lobby("restore", "--data", w.data, w.path("lobby.db"))
		w.right([]string{"a"}, "b")
	}},
	{"a backup is restored", func(w *world) {
		w.add("a")
		w.lobby("backup", "--data", w.data, w.beside("copy.db"))
		w.add("b")
		w.kill()
		w.lobby("restore", "--data", w.data, w.beside("copy.db"))
		w.right([]string{"a"}, "b")
	}},
	{"a backup is restored into a new folder", func(w *world) {
		w.add("a")
		w.lobby("backup", "--data", w.data, w.beside("copy.db"))
		w.stop()
		w.data = w.beside("new")
		w.lobby("restore", "--data", w.data, w.beside("copy.db"))
		w.right([]string{"a"})
	}},
	{"the file and the log of a killed server are restored", func(w *world) {
		w.settleLog()
		w.add("a")
		w.kill()
		from := w.path("lobby.db")
		w.data = w.beside("new")
		w.lobby("restore", "--data", w.data, from)
		w.right([]string{"a"})
	}},
	{"a restore is interrupted", func(w *world) {
		w.add("a")
		w.lobby("backup", "--data", w.data, w.beside("copy.db"))
		w.stop()
		w.must(os.Mkdir(w.path("replaced-now"), 0o700), os.Rename(w.path("lobby.db"), w.path("replaced-now/lobby.db")),
			os.Remove(w.path("lobby.state")))
		w.refused("lobby.db is missing")
		w.lobby("restore", "--data", w.data, w.beside("copy.db"))
		w.right([]string{"a"})
	}},
}

// TestEachWay takes each way in which data can come back. It must end in the right data, or in a refusal that changes
// nothing.
func TestEachWay(t *testing.T) {
	t.Parallel()
	told, err := os.ReadFile("../../docs/backup.md")
	if err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(string(told), "\n| ") - 1; rows != len(ways) {
		t.Errorf("docs/backup.md has %d ways, there are %d", rows, len(ways))
	}
	for _, way := range ways {
		if !strings.Contains(string(told), "\n| "+way.name+" | ") {
			t.Errorf("docs/backup.md does not tell what happens when %s", way.name)
		}
		t.Run(strings.ReplaceAll(way.name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			way.do(newWorld(t))
		})
	}
}
