package sqlengine_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"lobby/internal/sqlengine"
)

// serveFile opens a database as a server does.
func serveFile(t *testing.T, folder string) (sqlengine.Engine, error) {
	t.Helper()
	lock, err := sqlengine.LockFolder(folder, sqlengine.ServerHolder)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "lobby.db")
	if _, err := sqlengine.CheckFiles(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(err, lock.Release())
	}
	return sqlengine.ServeFile(t.Context(), file, lock, schemaOf(items).Migrate, sqlengine.Defaults())
}

func mustServe(t *testing.T, folder string) sqlengine.Engine {
	t.Helper()
	e, err := serveFile(t, folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() }) //nolint:errcheck // the test is over
	return e
}

func TestOnlyOneServerHasAFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first := mustServe(t, folder)
	_, err := serveFile(t, folder)
	locked := new(sqlengine.LockedError)
	if !errors.As(err, &locked) || locked.Holder != sqlengine.ServerHolder || locked.PID != os.Getpid() {
		t.Errorf("the second server got %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	mustServe(t, folder)
}

// A server may be killed between the beginning of its log anew, which follows a checkpoint, and the first commit in it. The
// note beside the file may be older after a power cut, or missing.
func TestAServerKilledAsItsLogBeginsAnewStartsAgain(t *testing.T) {
	t.Parallel()
	folder, started := t.TempDir(), filepath.Join(t.TempDir(), "started")
	e := mustServe(t, folder)
	killed(t, folder, started)
	if err := e.Write(t.Context(), insert("a")); err != nil {
		t.Fatal(err)
	}
	copiedIntoFile(t, filepath.Join(folder, "lobby.db"))
	noteOf := func(folder string) string { return filepath.Join(folder, sqlengine.NoteName) }
	for name, c := range map[string]struct {
		from  string
		spoil func(folder string) error
	}{
		"as it starts": {started, func(string) error { return nil }},
		"as it serves": {folder, func(string) error { return nil }},
		"with an older note": {folder, func(folder string) error {
			text, err := os.ReadFile(noteOf(started))
			return errors.Join(err, os.WriteFile(noteOf(folder), text, 0o600))
		}},
		"without its note":   {folder, func(folder string) error { return os.Remove(noteOf(folder)) }},
		"with an empty note": {folder, func(folder string) error { return os.Truncate(noteOf(folder), 0) }},
	} {
		t.Run(name, func(t *testing.T) {
			left := filepath.Join(t.TempDir(), "left")
			killed(t, c.from, left)
			const header = 32
			if err := errors.Join(c.spoil(left), os.Truncate(filepath.Join(left, "lobby.db-wal"), header)); err != nil {
				t.Fatal(err)
			}
			mustServe(t, left)
		})
		t.Run(name+", and then read", func(t *testing.T) {
			left := filepath.Join(t.TempDir(), "left")
			killed(t, c.from, left)
			if err := c.spoil(left); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(left, "lobby.db")
			if _, err := sqlengine.CheckFiles(file); err != nil {
				t.Fatal(err)
			}
			if err := sqlengine.BackupFile(t.Context(), file, filepath.Join(t.TempDir(), "backup.db")); err != nil {
				t.Fatal(err)
			}
			mustServe(t, left)
		})
	}
}

// killed leaves in a new folder what would be left of the server of another one if it were killed now.
func killed(t *testing.T, folder, left string) {
	t.Helper()
	if err := os.CopyFS(left, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
}

// copiedIntoFile runs a checkpoint as a process beside the server.
func copiedIntoFile(t *testing.T, file string) {
	t.Helper()
	c, err := sqlite.OpenConn(file, sqlite.OpenReadWrite|sqlite.OpenWAL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // nothing was written
	if err := sqlitex.ExecuteTransient(c, `PRAGMA wal_checkpoint(PASSIVE)`, nil); err != nil {
		t.Fatal(err)
	}
}

// A start may fail when some of the migrations have run already.
func TestAServerWhoseMigrationFailedStartsAgain(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	lock, err := sqlengine.LockFolder(folder, sqlengine.ServerHolder)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "lobby.db")
	if e, err := sqlengine.ServeFile(t.Context(), file, lock, schemaOf(items, "INSERT INTO nothing VALUES (1);\n").Migrate, sqlengine.Defaults()); err == nil {
		t.Fatal("a migration that is wrong has run", e.Close())
	}
	mustServe(t, folder)
}

func TestAServerWhoseFilesAreReplacedStops(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(folder string) error{
		"file removed": func(folder string) error { return os.Remove(filepath.Join(folder, "lobby.db")) },
		"log removed":  func(folder string) error { return os.Remove(filepath.Join(folder, "lobby.db-wal")) },
		"folder moved": func(folder string) error { return os.Rename(folder, folder+"-old") },
		"folder replaced": func(folder string) error {
			return errors.Join(os.Rename(folder, folder+"-old"), os.CopyFS(folder, os.DirFS(folder+"-old")))
		},
		"file replaced": func(folder string) error {
			file := filepath.Join(folder, "lobby.db")
			text, err := os.ReadFile(file)
			return errors.Join(err, os.WriteFile(file+".new", text, 0o600), os.Rename(file+".new", file))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, writes := range []bool{true, false} {
				folder := filepath.Join(t.TempDir(), "data")
				if err := os.Mkdir(folder, 0o700); err != nil {
					t.Fatal(err)
				}
				e := mustServe(t, folder)
				if err := e.Write(t.Context(), insert("a")); err != nil {
					t.Fatal(err)
				}
				if err := replace(folder); err != nil {
					t.Fatal(err)
				}
				if writes {
					err := e.Write(t.Context(), insert("b"))
					if !errors.Is(err, sqlengine.ErrUnknownOutcome) && !errors.Is(err, sqlengine.ErrUnavailable) {
						t.Errorf("a write into a file without a name: %v", err)
					}
				}
				select {
				case <-e.Failed():
				case <-time.After(time.Minute):
					t.Fatal("nobody has noticed")
				}
				if err := e.Ready(t.Context()); !errors.Is(err, sqlengine.ErrUnavailable) || !errors.Is(err, sqlengine.ErrReplaced) {
					t.Errorf("ready: %v", err)
				}
			}
		})
	}
}

// A page in the middle of the file that cannot be read is found by whoever reads it, and not only at a commit.
func TestADamagedPageStopsTheServer(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"read", "write"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			e := mustServe(t, folder)
			err := e.Write(t.Context(), func(on sqlengine.Session) error {
				for i := range 500 {
					if err := insert(fmt.Sprintf("%04d%s", i, strings.Repeat("x", 500)))(on); err != nil {
						return err
					}
				}
				return nil
			})
			if err = errors.Join(err, e.Close()); err != nil {
				t.Fatal(err)
			}
			damage(t, filepath.Join(folder, "lobby.db"))
			e = mustServe(t, folder)
			if what == "read" {
				err = e.Read(t.Context(), func(on sqlengine.Session) error {
					return on.Query(`SELECT id FROM items ORDER BY id`, nil, func(sqlengine.Row) error { return nil })
				})
			} else {
				err = e.Write(t.Context(), func(on sqlengine.Session) error {
					return on.Exec(`UPDATE items SET n = 1`, nil)
				})
			}
			if !errors.Is(err, sqlengine.ErrUnavailable) {
				t.Errorf("it is %v, want ErrUnavailable", err)
			}
			if err := e.Ready(t.Context()); !errors.Is(err, sqlengine.ErrDamaged) {
				t.Errorf("ready: %v", err)
			}
			select {
			case <-e.Failed():
			default:
				t.Error("the engine has not failed")
			}
		})
	}
}

// damage overwrites the pages behind the first few.
func damage(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // the write is checked
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	const kept = 6 * 4096
	if _, err := f.WriteAt([]byte(strings.Repeat("\xa5", int(info.Size())-kept)), kept); err != nil {
		t.Fatal(err)
	}
}

// A disk that is full is no damage: writes are refused with ErrUnavailable, and go on when there is room again.
func TestAFullDiskPasses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	mount := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder)
	if out, err := mount.CombinedOutput(); err != nil {
		t.Skipf("no small disk can be mounted here: %s", out)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", folder).Run() }) //nolint:errcheck // the test is over
	e := mustServe(t, folder)
	ballast := filepath.Join(folder, "ballast")
	full := 0
	for i := range 3 {
		if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); err == nil {
			t.Fatal("the disk is not small")
		}
		kept := 0
		for ; ; kept++ {
			err := e.Write(t.Context(), insert(fmt.Sprintf("%d-%d-%s", i, kept, strings.Repeat("x", 5000))))
			if errors.Is(err, sqlengine.ErrUnavailable) && !errors.Is(err, sqlengine.ErrUnknownOutcome) {
				full++
				break
			}
			if err != nil || kept > 2000 {
				t.Fatalf("write %d on a small disk: %v", kept, err)
			}
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		if err := e.Write(t.Context(), insert(fmt.Sprint(i))); err != nil {
			t.Fatalf("with room again: %v", err)
		}
		if err := e.Ready(t.Context()); err != nil {
			t.Errorf("with room again it is not ready: %v", err)
		}
		if err := e.Write(t.Context(), func(on sqlengine.Session) error { return on.Exec(`DELETE FROM items`, nil) }); err != nil {
			t.Fatal(err)
		}
	}
	if full != 3 {
		t.Errorf("the disk was full %d times", full)
	}
}

// A first start may be killed while the file has no mark yet, but its log has. Whatever only reads then, as a backup does,
// copies the log into the file when it ends.
func TestAFirstStartThatWasKilledOutlivesWhateverOpensItsFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	plain, err := sqlite.OpenConn(filepath.Join(folder, "lobby.db"), sqlite.OpenReadWrite|sqlite.OpenCreate|sqlite.OpenWAL)
	if err != nil {
		t.Fatal(err)
	}
	err = sqlitex.ExecuteScript(plain, "CREATE TABLE others (id TEXT)", nil)
	if err = errors.Join(err, plain.Close()); err != nil {
		t.Fatal(err)
	}
	e, err := sqlengine.OpenFile(t.Context(), filepath.Join(folder, "lobby.db"), schemaOf(items).Migrate, sqlengine.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close() //nolint:errcheck // the copy counts
	killed := t.TempDir()
	for _, name := range []string{"lobby.db", "lobby.db-wal"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err = errors.Join(err, os.WriteFile(filepath.Join(killed, name), data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(killed, "lobby.db")
	for i := range 2 {
		if _, err := sqlengine.CheckFiles(file); err != nil {
			t.Fatal(err)
		}
		if err := sqlengine.BackupFile(t.Context(), file, filepath.Join(t.TempDir(), "backup.db")); err != nil {
			t.Fatal(err)
		}
		if i == 0 { // as if the note had not come to the disk
			if err := os.Remove(filepath.Join(killed, sqlengine.NoteName)); err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
		}
	}
	if err := mustServe(t, killed).Close(); err != nil {
		t.Error(err)
	}
}
