package sdk

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	token     = "test-token-0123456789abcdef"
	stopLimit = time.Minute
)

// server is a running server.
type server struct {
	binary string
	data   string // the folder of the database
	url    string
	cmd    *exec.Cmd
	stderr *bytes.Buffer // to be read when the process has ended
}

// start builds Lobby and runs it on a port of its own. It is killed at the end of the test, if it still runs.
func start(t *testing.T, more ...string) *server {
	s := &server{binary: build(t), data: t.TempDir(), stderr: &bytes.Buffer{}}
	arguments := append([]string{
		"serve", "--listen", "127.0.0.1:0", "--data", s.data,
		"--app-id", "demo1234", "--access-token", token, "--rate-limit", "0", "--log-level", "warn",
	}, more...)
	s.cmd = exec.CommandContext(t.Context(), s.binary, arguments...)
	s.cmd.Env = []string{"TMPDIR=" + t.TempDir()} // and no LOBBY_ option of whoever runs the test
	s.cmd.Stderr = s.stderr
	s.cmd.WaitDelay = time.Second
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	first, _ := lines.ReadString('\n')
	url, listening := strings.CutPrefix(strings.TrimSpace(first), "listening on ")
	if !listening {
		_ = s.cmd.Wait()
		t.Fatalf("the server began with %q:\n%s", first, s.stderr)
	}
	go io.Copy(io.Discard, lines) //nolint:errcheck // it ends with the process
	s.url = url
	return s
}

// run runs a command on the data of the server, and returns its output.
func (s *server) run(t *testing.T, arguments ...string) string {
	cmd := exec.CommandContext(t.Context(), s.binary, append(arguments, "--data", s.data)...)
	cmd.Env = []string{"TMPDIR=" + t.TempDir()}
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("lobby %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return string(output)
}

var tokenLine = regexp.MustCompile(`(?m)^access token +(\S+)$`)

// createWorkspace creates another workspace, and returns its token.
func (s *server) createWorkspace(t *testing.T, appID string) string {
	printed := s.run(t, "workspace", "create", appID)
	found := tokenLine.FindStringSubmatch(printed)
	if found == nil {
		t.Fatalf("no token in:\n%s", printed)
	}
	return found[1]
}

// stop stops the server, and checks how it ended and what it left behind.
func (s *server) stop(t *testing.T) {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	hung := time.AfterFunc(stopLimit, func() { _ = s.cmd.Process.Kill() })
	defer hung.Stop()
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	if found := s.run(t, "fsck"); found != "clean\n" {
		t.Errorf("fsck found:\n%s", found)
	}
	if bytes.Contains(s.stderr.Bytes(), []byte("DATA RACE")) {
		t.Error("the race detector found something")
	}
	// Clients ask again after a 5xx, so that a script does not see it.
	if bytes.Contains(s.stderr.Bytes(), []byte("level=ERROR")) {
		t.Error("a request failed")
	}
	if t.Failed() {
		t.Logf("the server wrote:\n%s", s.stderr)
	}
}

// createVisitor creates a visitor, and returns the response of Lobby.
func (s *server) createVisitor(t *testing.T, userID string) json.RawMessage {
	body := `{"user_id":"` + userID + `","email":"","name":null,"custom_attributes":` +
		`{"landing_page":"/pricing","returning":false,"seats":3,"score":0.5}}`
	request, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"/lobby/v1/visitors", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("creating %s: %s\n%s", body, response.Status, answer)
	}
	return answer
}

// build compiles the binary. A deep run has the race detector in it, where there is a C compiler.
func build(t *testing.T) string {
	readSources(t)
	binary := filepath.Join(t.TempDir(), "lobby")
	arguments, cgo := []string{"build", "-o", binary}, "CGO_ENABLED=0"
	if os.Getenv("LOBBY_TEST_DEEP") != "1" {
		// The race detector makes the build and the clients' calls several times as expensive.
	} else if err := findCompiler(t); err == nil {
		arguments, cgo = append(arguments, "-race"), "CGO_ENABLED=1"
	} else if required() {
		t.Fatalf("the race detector needs a C compiler: %v", err)
	} else {
		t.Logf("built without the race detector, which needs a C compiler: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), "go", append(arguments, "./cmd/lobby")...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), cgo)
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return binary
}

const root = "../.."

// readSources reads the folders that a result depends on, because go test would else answer from its cache after the
// server or a script has changed.
func readSources(t *testing.T) {
	for _, folder := range []string{"cmd", "internal", "web", "test/sdk"} {
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

// findCompiler returns an error unless the C compiler that Go would use is installed.
func findCompiler(t *testing.T) error {
	command, err := exec.CommandContext(t.Context(), "go", "env", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	compiler, _, _ := strings.Cut(strings.TrimSpace(string(command)), " ")
	_, err = exec.LookPath(compiler)
	return err
}
