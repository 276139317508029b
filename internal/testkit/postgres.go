package testkit

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
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
