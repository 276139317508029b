package testkit

import (
	"context"
	"errors"
	"fmt"
	"net"
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
	folder, err := os.MkdirTemp("", "lobby-pgbouncer-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	listener.Close()
	password, _ := database.User.Password()
	name := strings.TrimPrefix(database.Path, "/")
	file := filepath.Join(folder, "pgbouncer.ini")
	lines := append([]string{
		"[databases]",
		fmt.Sprintf("%s = host=%s port=%s user=%s password=%s", name, database.Hostname(), database.Port(), database.User.Username(), password),
		"[pgbouncer]", "listen_addr = 127.0.0.1", fmt.Sprint("listen_port = ", address.Port), "unix_socket_dir =", "auth_type = any",
		"pool_mode = transaction", "default_pool_size = 5", "max_client_conn = 200",
	}, settings...)
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	owner := credential() // it refuses to run as root
	if owner != nil {
		for _, path := range []string{folder, file} {
			if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
				t.Fatal(err)
			}
		}
	}
	// It ends with its input, and so also when our process is killed.
	cmd := exec.Command("sh", "-c", `"$0" -q "$1" & bouncer=$!; read -r end; kill -s INT $bouncer; wait $bouncer`, program, file)
	cmd.Dir, cmd.SysProcAttr = folder, &syscall.SysProcAttr{Setsid: true, Credential: owner}
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
	database.Host = address.String()
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
