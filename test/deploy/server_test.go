//go:build unix

// Package deploy tests the program as it is run in production: behind proxies, in a box, by a service manager, with
// certificates and monitoring. It starts the real program and the real tools, on 127.0.0.1 and in temporary folders.
package deploy

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	root = "../.." // of the repository, from the tests' folder
	// patience is how long a program may take to start, and to stop, on a machine that is busy with other things.
	patience = time.Minute
	token    = "a-token-for-deployments"
	app      = "deploy"
)

// buildTags are those with which the program is shipped. pgx then leaves out types that no statement has.
const buildTags = "nopgxregisterdefaulttypes"

// built is the folder with the program, which is there until the last test has ended.
var built = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "lobby-deploy")
	if err != nil {
		return "", err
	}
	compile := exec.Command("go", "build", "-tags", buildTags, "-o", filepath.Join(folder, "lobby"), "./cmd/lobby")
	compile.Dir, compile.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := compile.CombinedOutput(); err != nil {
		return folder, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return folder, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if folder, _ := built(); folder != "" {
		_ = os.RemoveAll(folder)
	}
	os.Exit(code)
}

// lobby returns the path of the program.
func lobby(t testing.TB) string {
	t.Helper()
	folder, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(folder, "lobby")
}

// tool returns the path of a program that need not be there. Without it the test is skipped, or fails where nothing may be.
func tool(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		for _, folder := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
			path := filepath.Join(folder, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
				return path
			}
		}
	}
	if os.Getenv("CI") == "true" || os.Getenv("LOBBY_TEST_REQUIRE_ALL") == "1" {
		t.Fatalf("%s is not installed", names[0])
	}
	t.Skipf("%s is not installed", names[0])
	return ""
}

// output is what a process printed so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// process is a program that runs until the end of the test.
type process struct {
	cmd  *exec.Cmd
	out  *output
	done chan struct{} // closed when it has ended
	err  error         // how it ended
}

// run starts a program. It is stopped with the test.
func run(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, out: new(output), done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.out, p.out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("%s printed:\n%s", filepath.Base(cmd.Path), p.out)
		}
	})
	return p
}

// stop ends the program as a service manager does, and returns how it ended.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
	return p.err
}

// await waits for something that a program is about to do.
func (p *process) await(t testing.TB, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(10 * time.Millisecond) {
		select {
		case <-p.done:
			t.Fatalf("it ended before %s: %v\n%s", what, p.err, p.out)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("it keeps us waiting for %s:\n%s", what, p.out)
		}
	}
}

// awaitReady waits until a server says that it is ready.
func (p *process) awaitReady(t testing.TB) {
	t.Helper()
	p.await(t, "being ready", func() bool { return strings.Contains(p.out.String(), "msg=ready") })
}

// awaitPort waits until a program accepts connections on a port.
func (p *process) awaitPort(t testing.TB, port string) {
	t.Helper()
	p.await(t, "taking connections", func() bool { return takes(port) })
}

// takes reports whether somebody accepts connections on a port.
func takes(port string) bool {
	c, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

var listening = regexp.MustCompile(`(?m)^listening on (\S+)$`)

// serve starts a server in memory and returns where it says that it listens.
func serve(t testing.TB, env []string, options ...string) (*process, string) {
	t.Helper()
	args := append([]string{"serve", "--ephemeral", "--access-token", token, "--app-id", app}, options...)
	if !strings.Contains(strings.Join(options, " "), "--listen") {
		args = append(args, "--listen", "127.0.0.1:0")
	}
	cmd := exec.Command(lobby(t), args...)
	cmd.Env = append(os.Environ(), env...)
	p := run(t, cmd)
	p.awaitReady(t)
	found := listening.FindStringSubmatch(p.out.String())
	if found == nil {
		t.Fatalf("it does not say where it listens:\n%s", p.out)
	}
	return p, found[1]
}

// lobbyDoes runs a command of the program and returns its status and what it printed.
func lobbyDoes(t testing.TB, env []string, args ...string) (status int, printed string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), lobby(t), args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// freePort returns a port of 127.0.0.1 that nobody uses now.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing was accepted
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// write writes a file of the test.
func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// read reads a file of the repository.
func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// replaced returns a text with other words, each of which must be there.
func replaced(t testing.TB, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q is not in the text any more", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// raw sends one request as it is written and returns the response.
func raw(t testing.TB, network, address, request string) *http.Response {
	t.Helper()
	c, err := net.DialTimeout(network, address, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	if _, err := c.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return response
}
