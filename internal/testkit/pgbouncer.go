package testkit

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

var errNoPgBouncer = fmt.Errorf("PgBouncer is %w: install the Debian package pgbouncer", errNotInstalled)

// PgBouncer starts a PgBouncer in transaction mode before the database of a DSN, with a handful of server connections, and
// returns the DSN that leads through it. It ends with t. More lines go into its section of settings. If it is not installed,
// t is skipped or fails like by [Postgres].
func PgBouncer(t testing.TB, dsn string, settings ...string) string {
	t.Helper()
	program, err := pgbouncerPath()
	if err != nil {
		skipOrFail(t, err)
	}
	database, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	folder := serverFolder(t, "lobby-pgbouncer-")
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	password, _ := database.User.Password()
	name := strings.TrimPrefix(database.Path, "/")
	file := filepath.Join(folder, "pgbouncer.ini")
	lines := append([]string{
		"[databases]",
		fmt.Sprintf("%s = host=%s port=%s user=%s password=%s", name, database.Hostname(), database.Port(), database.User.Username(), password),
		"[pgbouncer]", "listen_addr = 127.0.0.1", fmt.Sprint("listen_port = ", port), "unix_socket_dir =", "auth_type = any",
		"pool_mode = transaction", "default_pool_size = 5", "max_client_conn = 200",
	}, settings...)
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := giveToServer(file); err != nil {
		t.Fatal(err)
	}
	runServer(t, folder, program, "-q", file)
	database.Host = fmt.Sprintf("127.0.0.1:%d", port)
	awaitConnection(t, database.String())
	return database.String()
}

// serverFolder creates a temporary folder for the user that servers run as, which are never root. It is removed with t.
func serverFolder(t testing.TB, prefix string) string {
	t.Helper()
	folder, err := os.MkdirTemp("", prefix)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := giveToServer(folder); err != nil {
		t.Fatal(err)
	}
	return folder
}

// runServer runs a program in a folder until t ends, or our process is killed. Then the program is told to end, and the
// folder removed.
func runServer(t testing.TB, folder, program string, args ...string) {
	t.Helper()
	const keeper = `"$0" "$@" & server=$!; read -r end; kill -s TERM $server; wait $server; rm -rf "$PWD"`
	cmd := exec.Command("sh", append([]string{"-c", keeper, program}, args...)...)
	cmd.Dir, cmd.SysProcAttr = folder, &syscall.SysProcAttr{Setsid: true, Credential: credential()}
	alive, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		alive.Close()
		_ = cmd.Wait() // it was told to end
	})
}

func awaitConnection(t testing.TB, dsn string) {
	t.Helper()
	for deadline := time.Now().Add(startTimeout); ; time.Sleep(20 * time.Millisecond) {
		conn, err := pgx.Connect(t.Context(), dsn)
		if err == nil {
			conn.Close(context.Background())
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func pgbouncerPath() (string, error) {
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		} else if !errors.Is(err, exec.ErrNotFound) && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return "", errNoPgBouncer
}
