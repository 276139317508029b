package testkit

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// Postgres returns the postgres:// DSN of an empty database for t alone, which is dropped when t ends. The first call in a
// test process starts a PostgreSQL cluster, which stops with the process, even when that is killed. Its fsync is off: a
// commit survives a crash of PostgreSQL, but not one of the machine.
//
// If PostgreSQL is not installed, t is skipped, or fails if CI=true or LOBBY_TEST_REQUIRE_ALL=1.
func Postgres(t testing.TB) string {
	t.Helper()
	server, err := sharedServer()
	if err != nil {
		skipOrFail(t, err)
	}
	name, err := server.create("template1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.drop(name); err != nil {
			t.Error(err)
		}
	})
	return server.address(name)
}

func (s *Server) create(template string) (name string, err error) {
	name = fmt.Sprintf("test_%d", databases.Add(1))
	return name, s.execute(statementTimeout, "CREATE DATABASE "+name+" TEMPLATE "+template+s.copying)
}

func (s *Server) drop(name string) error {
	return s.execute(statementTimeout, "DROP DATABASE "+name+" WITH (FORCE)")
}

// PostgresServer starts a PostgreSQL cluster for t alone, with fsync on, which t may crash and restart.
// It is stopped when t ends. If PostgreSQL is not installed, it skips or fails t like [Postgres].
func PostgresServer(t testing.TB) *Server {
	t.Helper()
	server, err := startServer("fsync=on")
	if err != nil {
		skipOrFail(t, err)
	}
	t.Cleanup(server.close)
	return server
}

// SmallDisk is a PostgreSQL whose data folder is a file system of its own, which t may fill.
type SmallDisk struct {
	*Server
	ballast string
}

const diskSize = 512 << 20

// PostgresOnSmallDisk starts a cluster like [PostgresServer] on half a gigabyte of memory. It skips t where nothing may be
// mounted, which takes root.
func PostgresOnSmallDisk(t testing.TB) *SmallDisk {
	t.Helper()
	bin, err := postgresBin()
	if err != nil {
		skipOrFail(t, err)
	}
	settings := []string{"fsync=on", "min_wal_size=64MB", "max_wal_size=64MB"} // the log must not fill it by itself
	s := &Server{bin: bin, password: rand.Text(), settings: settings}
	var data string
	t.Cleanup(func() {
		s.close()
		_ = exec.Command("umount", data).Run() // it may not have come to the mount
		os.RemoveAll(s.folder)
	})
	if err := s.prepare(); err != nil {
		t.Fatal(err)
	}
	data = filepath.Join(s.folder, "data")
	options := fmt.Sprintf("mode=0700,size=%d", diskSize)
	if owner := credential(); owner != nil {
		options += fmt.Sprintf(",uid=%d,gid=%d", owner.Uid, owner.Gid)
	}
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "lobby-test", data).CombinedOutput(); err != nil {
		t.Skipf("mount: %v: %s", err, said)
	}
	s.Restart(t)
	return &SmallDisk{Server: s, ballast: filepath.Join(data, "ballast")}
}

// Fill leaves no room on the disk. It writes no more than the disk holds, wherever it is.
func (d *SmallDisk) Fill(t testing.TB) {
	t.Helper()
	file, err := os.Create(d.ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	block := make([]byte, 64<<10)
	for range diskSize/len(block) + 1 {
		if _, err = file.Write(block); err != nil {
			break
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("%s does not fill: %v", d.ballast, err)
	}
}

// Empty makes room again.
func (d *SmallDisk) Empty(t testing.TB) {
	t.Helper()
	if err := os.Remove(d.ballast); err != nil {
		t.Fatal(err)
	}
}

var (
	databases atomic.Int64

	sharedStarted atomic.Bool
	sharedServer  = sync.OnceValues(func() (*Server, error) {
		sharedStarted.Store(true)
		return startServer("fsync=off")
	})
)

func stopPostgres() {
	if !sharedStarted.Load() {
		return
	}
	if server, err := sharedServer(); err == nil {
		server.close()
	}
}

// errNotInstalled says that a program is missing.
var errNotInstalled = errors.New("not installed")

var errNoPostgres = fmt.Errorf("PostgreSQL is %w: install the Debian package postgresql, "+
	"or set LOBBY_TEST_PG_BIN to the folder of initdb and postgres", errNotInstalled)

// skipOrFail skips t if a program is not installed and that is allowed, and otherwise fails it.
func skipOrFail(t testing.TB, err error) {
	t.Helper()
	required := os.Getenv("CI") == "true" || os.Getenv("LOBBY_TEST_REQUIRE_ALL") == "1"
	if errors.Is(err, errNotInstalled) && !required {
		t.Skip(err)
	}
	t.Fatal(err)
}
