package httpserver

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

func TestASocketFileHasItsModeAndGoesWithItsServer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lobby.sock")
	l, err := Listen(SocketFile+path, 0o640)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != fs.ModeSocket|0o640 {
		t.Errorf("the file is %v: %v", info.Mode(), err)
	}
	if _, err := Listen(SocketFile+path, 0o640); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a second server: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is left behind: %v", err)
	}
}

func TestOnlyASocketFileLeftBehindIsRemoved(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	killed := filepath.Join(folder, "killed.sock")
	l, err := net.Listen("unix", killed)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = l.Close() // as if its server was killed
	l, err = Listen(SocketFile+killed, 0o600)
	if err != nil {
		t.Fatalf("after a server that was killed: %v", err)
	}
	_ = l.Close()

	kept := filepath.Join(folder, "kept")
	if err := os.WriteFile(kept, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(SocketFile+kept, 0o600); err == nil {
		t.Error("it listens in the place of a file")
	}
	if text, err := os.ReadFile(kept); string(text) != "something else" {
		t.Errorf("the file is gone: %v", err)
	}
	if _, err := Listen(SocketFile+filepath.Join(folder, "none", "x"), 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in no folder: %v", err)
	}
}

func TestOnlyItsOwnSocketsAreInherited(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]map[string]string{
		"nothing":             {},
		"of another process":  {"LISTEN_FDS": "1", "LISTEN_PID": "1"},
		"of none":             {"LISTEN_FDS": "1"},
		"no number":           {"LISTEN_FDS": "x", "LISTEN_PID": strconv.Itoa(os.Getpid())},
		"none":                {"LISTEN_FDS": "0", "LISTEN_PID": strconv.Itoa(os.Getpid())},
		"a negative number":   {"LISTEN_FDS": "-1", "LISTEN_PID": strconv.Itoa(os.Getpid())},
		"beyond all numbers":  {"LISTEN_FDS": "99999999999999999999", "LISTEN_PID": strconv.Itoa(os.Getpid())},
		"a name and no files": {"LISTEN_FDNAMES": "admin"},
	} {
		main, admin, err := Inherited(func(name string) string { return env[name] })
		if main != nil || admin != nil || err != nil {
			t.Errorf("%s: %v %v %v", name, main, admin, err)
		}
	}
}
