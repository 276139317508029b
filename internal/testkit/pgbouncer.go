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
	writeSettings(t, file, strings.Join(lines, "\n")+"\n")
	runServer(t, folder, program, "-q", file)
	database.Host = fmt.Sprintf("127.0.0.1:%d", port)
	awaitConnection(t, database.String())
	return database.String()
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
