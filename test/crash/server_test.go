package crash

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a server may take to start, and to stop, on a machine that is busy with other things.
const patience = time.Minute

// token is the one that every server here is given at its first start.
const token = "a-token-for-crashes"

// server is the program, serving.
type server struct {
	t       testing.TB
	cmd     *exec.Cmd
	url     string
	log     string // file
	client  *http.Client
	started time.Duration // from the start of the process until it said that it is ready
	done    chan struct{} // closed when the process has ended
	err     error         // how it ended
}

// start starts a server on a folder and waits until it is ready. A limit is what a shell does first; empty for nothing.
func start(t testing.TB, folder, limit string) *server {
	t.Helper()
	began := time.Now()
	s := launch(t, folder, limit)
	for statusOf(s, "/readyz") != http.StatusOK {
		select {
		case <-s.done:
			t.Fatalf("the server has ended while starting: %v\n%s", s.err, s.logged())
		case <-time.After(time.Millisecond):
		}
		if time.Since(began) > patience {
			t.Fatalf("the server is not ready after %v\n%s", patience, s.logged())
		}
	}
	s.started = time.Since(began)
	return s
}

// launch starts a server and reads where it listens. One that is not stopped ends with the test.
func launch(t testing.TB, folder, limit string) *server {
	t.Helper()
	lobby, err := program()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // the process has a handle of its own
	args := []string{
		"serve", "--listen", "127.0.0.1:0", "--data", folder, "--access-token", token, "--app-id", "crash",
		"--rate-limit", "0", "--log-level", "warn", "--allow-private-webhooks",
	}
	cmd := exec.Command(lobby, args...)
	if limit != "" {
		cmd = exec.Command("sh", append([]string{"-c", limit + ` && exec "$0" "$@"`, lobby}, args...)...)
	}
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	dialer := &net.Dialer{Timeout: patience}
	s := &server{t: t, cmd: cmd, log: log.Name(), done: make(chan struct{}), client: &http.Client{
		Timeout:   patience,
		Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConns: 200, MaxIdleConnsPerHost: 200},
	}}
	lines := bufio.NewScanner(out)
	lines.Scan()
	s.url, _ = strings.CutPrefix(lines.Text(), "listening on ")
	go func() {
		for lines.Scan() { // what it prints must go somewhere
		}
		s.err = cmd.Wait()
		close(s.done)
	}()
	t.Cleanup(s.kill)
	return s
}

// kill ends the process with no chance to do anything, as a crash would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	<-s.done
	s.client.CloseIdleConnections()
}

// stop asks the server to stop, and waits until it has; it must stop well.
func (s *server) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	s.wait()
	if s.err != nil {
		s.t.Errorf("the server did not stop well: %v\n%s", s.err, s.logged())
	}
}

// wait waits until the server has ended by itself.
func (s *server) wait() {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatalf("the server has not ended after %v\n%s", patience, s.logged())
	}
	s.client.CloseIdleConnections()
}

func (s *server) logged() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func statusOf(s *server, path string) int {
	answer, err := s.client.Get(s.url + path)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// fsck runs the program's own check on a folder, which a server may be using.
func fsck(t testing.TB, folder string) {
	t.Helper()
	if out, err := runLobby(t, "fsck", "--data", folder); err != nil || out != "clean\n" {
		t.Errorf("fsck: %v\n%s", err, out)
	}
}

// runLobby runs a command of the program, and returns what it prints.
func runLobby(t testing.TB, args ...string) (string, error) {
	t.Helper()
	lobby, err := program()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, lobby, args...).CombinedOutput()
	return string(out), err
}

// program builds the server, once, and returns where it is. The walk tells the test cache that the result depends on
// the sources, for a compiler at work is out of its sight.
var program = sync.OnceValues(func() (string, error) {
	const root = "../.."
	for _, folder := range []string{"cmd", "internal", "web"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	lobby := filepath.Join(built, "lobby")
	compile := exec.Command("go", "build", "-tags", "nopgxregisterdefaulttypes", "-o", lobby, "./cmd/lobby") // as it is shipped
	compile.Dir = root
	if out, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return lobby, nil
})

// built is the folder of what was built.
var built string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "lobby-crash")
	if err != nil {
		panic(err)
	}
	built = folder
	status := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(status)
}

// killAfter starts a server and kills it, whatever it is doing by then.
func killAfter(t testing.TB, lobby, folder string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(lobby, "serve", "--listen", "127.0.0.1:0", "--data", folder, "--access-token", token, "--app-id", "crash")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}
