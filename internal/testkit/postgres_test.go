package testkit_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lobby/internal/testkit"
)

func TestMain(m *testing.M) {
	if os.Getenv(victimVariable) != "" {
		os.Exit(m.Run()) // as a package without TestMain does
	}
	os.Exit(testkit.Main(m))
}

func TestEveryDatabaseIsEmptyAndPrivate(t *testing.T) {
	t.Parallel()
	first, second := connect(t, testkit.Postgres(t)), connect(t, testkit.Postgres(t))

	execute(t, first, "CREATE TABLE person (id text PRIMARY KEY)")
	if n := count(t, first, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"); n != 1 {
		t.Errorf("the first database has %d tables, want the one just made", n)
	}
	if n := count(t, second, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"); n != 0 {
		t.Errorf("the second database has %d tables, want none", n)
	}
}

func TestADatabaseIsDroppedWithItsTestEvenIfStillInUse(t *testing.T) {
	t.Parallel()
	var dsn string
	t.Run("user", func(t *testing.T) {
		dsn = testkit.Postgres(t)
		conn, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		execute(t, conn, "SELECT 1") // and is never closed
	})

	_, err := pgx.Connect(t.Context(), dsn)
	if err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("connecting after the test: %v, want that the database does not exist", err)
	}
}

func TestDatabasesSortBytesAndSpeakUTF8(t *testing.T) {
	t.Parallel()
	conn := connect(t, testkit.Postgres(t))

	for setting, want := range map[string]string{
		"lc_collate": "C", "server_encoding": "UTF8", "timezone": "UTC", "synchronous_commit": "on", "fsync": "off",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
}

func TestTheClusterWantsAPassword(t *testing.T) {
	t.Parallel()
	dsn, err := url.Parse(testkit.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	dsn.User = url.UserPassword("postgres", "guessed")
	if _, err := pgx.Connect(t.Context(), dsn.String()); err == nil {
		t.Error("a wrong password was let in")
	}
}

func TestACrashedServerKeepsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	server := testkit.PostgresServer(t)
	before := connect(t, server.DSN())
	execute(t, before, "CREATE TABLE person (id text PRIMARY KEY)")
	execute(t, before, "INSERT INTO person VALUES ('ada')")

	server.Crash(t)
	if _, err := pgx.Connect(t.Context(), server.DSN()); err == nil {
		t.Fatal("a crashed server still answers")
	}

	server.Restart(t)
	after := connect(t, server.DSN())
	if n := count(t, after, "SELECT count(*) FROM person"); n != 1 {
		t.Errorf("%d people after the crash, want 1", n)
	}
}

// victimVariable makes [TestVictim] start a cluster, print its address and wait to be killed.
const victimVariable = "TESTKIT_VICTIM"

func TestTheClusterEndsHoweverTheProcessEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(victim *os.Process) error{
		"killed":             (*os.Process).Kill,
		"dumping goroutines": func(victim *os.Process) error { return victim.Signal(syscall.SIGQUIT) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testkit.Postgres(t) // skips where there is no PostgreSQL
			folder := openFolder(t)
			victim := exec.Command(os.Args[0], "-test.run=^TestVictim$")
			victim.Env = append(os.Environ(), victimVariable+"=yes", "TMPDIR="+folder)
			stdout, err := victim.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := victim.Start(); err != nil {
				t.Fatal(err)
			}
			var address string
			if _, err := fmt.Fscanf(stdout, "listens on %s\n", &address); err != nil {
				rest, _ := io.ReadAll(stdout)
				t.Fatalf("the victim starts no cluster: %v\n%s", err, rest)
			}
			if err := end(victim.Process); err != nil {
				t.Fatal(err)
			}
			if err := victim.Wait(); err == nil {
				t.Fatal("the victim ended well")
			}

			for deadline := time.Now().Add(2 * time.Minute); answers(address) || !empty(t, folder); {
				if time.Now().After(deadline) {
					t.Fatal("two minutes later the cluster still answers or its folder is still there")
				}
				time.Sleep(50 * time.Millisecond)
			}
		})
	}
}

func TestVictim(t *testing.T) {
	if os.Getenv(victimVariable) == "" {
		t.Skip("run by TestTheClusterEndsHoweverTheProcessEnds")
	}
	dsn, err := url.Parse(testkit.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("listens on", dsn.Host)
	select {}
}

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, conn *pgx.Conn, query string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func answers(address string) bool {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// openFolder returns a temporary folder that another user may work in, as t.TempDir is not.
func openFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "lobby-victim-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	return folder
}

func empty(t *testing.T, folder string) bool {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries) == 0
}
