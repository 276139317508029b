package testkit

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"testing"
)

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

// writeSettings writes a file that only the user of [credential] may read.
func writeSettings(t testing.TB, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := giveToServer(file); err != nil {
		t.Fatal(err)
	}
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

// credential returns the user that PostgreSQL and other servers run as, which must not be root; nil for the current user.
func credential() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
		if uidErr == nil && gidErr == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return nil
}

// giveToServer makes the user of [credential] the owner of files.
func giveToServer(paths ...string) error {
	owner := credential()
	if owner == nil {
		return nil
	}
	for _, path := range paths {
		if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	return nil
}

// freePort returns a TCP port of 127.0.0.1 that nothing listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// freeAddress returns the host and port of [freePort].
func freeAddress(t testing.TB) string {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}
