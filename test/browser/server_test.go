package browser

import (
	"bufio"
	"bytes"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	root      = "../.."
	token     = "test-token-0123456789abcdef"
	stopLimit = time.Minute
)

// start builds Lobby, runs it on a port of its own until the test ends, and returns its address, the secret that proves
// its users, and the address that sets it up.
func start(t *testing.T) (url, secret, setup string) {
	stderr := &bytes.Buffer{} // to be read when the process has ended
	cmd := exec.CommandContext(t.Context(), build(t), "serve", "--listen", "127.0.0.1:0", "--ephemeral",
		"--app-id", "demo1234", "--access-token", token, "--rate-limit", "0", "--log-level", "warn")
	cmd.Env = []string{"TMPDIR=" + t.TempDir()} // and no LOBBY_ option of whoever runs the test
	cmd.Stderr = stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopLimit
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the context of the test has just ended, and the process been told
		_ = cmd.Wait()
		if t.Failed() || stderr.Len() > 0 {
			t.Logf("the server wrote:\n%s", stderr)
		}
	})
	lines := bufio.NewReader(stdout)
	first, _ := lines.ReadString('\n')
	url, listening := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
	if !listening {
		t.Fatalf("the server began with %q", first)
	}
	for secret == "" || setup == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal("the server names no identity secret or no setup link")
		}
		switch name, value, _ := strings.Cut(strings.TrimSpace(line), "  "); name {
		case "identity secret":
			secret = value
		case "set up":
			setup, _, _ = strings.Cut(strings.TrimSpace(value), " ")
		}
	}
	go io.Copy(io.Discard, lines) //nolint:errcheck // it ends with the process
	return url, secret, setup
}

func build(t *testing.T) string {
	lookAtSources(t)
	binary := filepath.Join(t.TempDir(), "lobby")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./cmd/lobby")
	cmd.Dir = root
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return binary
}

// lookAtSources reads the folders that a result depends on, because go test would else answer from its cache after the
// server or a script has changed.
func lookAtSources(t *testing.T) {
	for _, folder := range []string{"cmd", "internal", "web", "test/browser"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
}
