//go:build unix

package scripts

import (
	"bytes"
	"fmt"
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

func TestEveryCommandOfTheREADMEWorks(t *testing.T) {
	t.Parallel()
	needShell(t)
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	scenes := scenesOf(string(text))
	if len(scenes) < 2 || !strings.Contains(scenes[1].typed, "curl ") {
		t.Error("the README does not start a server and ask it something, in blocks marked sh")
	}
	for _, s := range scenes {
		if err := s.play(t.TempDir()); err != nil {
			t.Error(err)
		}
	}
}

func TestACommandThatFailsIsNoticed(t *testing.T) {
	t.Parallel()
	needShell(t)
	server := "```sh\ngo run ./cmd/lobby serve\n```\n```sh\nexport URL=http://127.0.0.1:8080\nexport TOKEN=lobby_…\n```\n"
	for name, c := range map[string]struct{ block, want string }{
		"an error answered":       {`curl -s -H "Authorization: Bearer $TOKEN" "$URL/visitors?user_id=nobody"`, "an error was answered"},
		"an error before a pipe":  {`curl -s http://127.0.0.1:8080/visitors | cat`, "an error was answered"},
		"a command that fails":    {"false\ntrue", "exit status 1"},
		"a target make has not":   {`make no-such-target`, "no-such-target"},
		"a server does not start": {"```\n```sh\ngo run ./cmd/lobby serve --listen nowhere", "not host:port"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scenes := scenesOf(server + "```sh\n" + c.block + "\n```\n")
			err := scenes[len(scenes)-1].play(t.TempDir())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("it was not noticed: %v", err)
			}
		})
	}
}

func needShell(t *testing.T) {
	t.Helper()
	for _, program := range []string{"sh", "curl", "make"} {
		if _, err := exec.LookPath(program); err != nil {
			if required() {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
}

// scene is what a reader types while one server runs; before the first, none does.
type scene struct {
	server string // the block that starts it
	typed  string // the blocks after it
}

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// scenesOf takes the blocks marked sh out of a text. What is not meant to be typed as it stands needs another mark.
func scenesOf(text string) []scene {
	scenes := []scene{{}}
	for _, block := range shellBlock.FindAllStringSubmatch(text, -1) {
		if strings.HasPrefix(block[1], "go run ./cmd/lobby serve") {
			scenes = append(scenes, scene{server: block[1]})
			continue
		}
		scenes[len(scenes)-1].typed += block[1]
	}
	return scenes
}

// prologue makes curl fail where the server answers an error, also within a pipe, and make say only what it would do:
// these tests are among it.
const prologue = `set -e
curl() { command curl -f "$@" || { echo "curl $*" >>"$FAILED"; return 22; }; }
make() { command make -n "$@" >&2; }
`

// play types a scene at the top of the source tree, with its data in folder.
func (s scene) play(folder string) error {
	data, failed := filepath.Join(folder, "data"), filepath.Join(folder, "failed")
	environment := append(os.Environ(), "LOBBY_LISTEN=127.0.0.1:0", "LOBBY_DATA="+data, "FAILED="+failed)
	printed := ""
	if s.server != "" {
		out, stop, err := startBlock(s.server, environment, filepath.Join(folder, "out"))
		if err != nil {
			return err
		}
		defer stop()
		printed = out
	}
	shell := exec.Command("sh", "-c", prologue+asIfAdapted(s.typed, printed))
	shell.Dir, shell.Env = root, environment
	out, err := shell.CombinedOutput()
	if refused, readErr := os.ReadFile(failed); readErr == nil {
		return fmt.Errorf("an error was answered to:\n%s\nthe shell has shown:\n%s", refused, out)
	}
	if err != nil {
		return fmt.Errorf("%w, after typing:\n%s\nthe shell has shown:\n%s", err, s.typed, out)
	}
	return nil
}

// startBlock runs the block of a server until the server listens. It answers what was printed, and how to stop it.
func startBlock(block string, environment []string, file string) (printed string, stop func(), err error) {
	f, err := os.Create(file)
	if err != nil {
		return "", nil, err
	}
	defer f.Close() //nolint:errcheck // the server has a handle of its own
	var log bytes.Buffer
	server := exec.Command("sh", "-c", block)
	server.Dir, server.Env, server.Stdout, server.Stderr = root, environment, f, &log
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // go run has a child, which must stop too
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	ended := make(chan struct{})
	go func() { _ = server.Wait(); close(ended) }()
	stop = func() {
		_ = syscall.Kill(-server.Process.Pid, syscall.SIGTERM)
		<-ended
	}
	limit := time.After(2 * time.Minute)
	for {
		out, err := os.ReadFile(file)
		if url := facts["URL"].FindSubmatch(out); url != nil && statusOf(string(url[1])+"/readyz") == http.StatusOK {
			return string(out), stop, err
		}
		select {
		case <-time.After(20 * time.Millisecond):
			continue
		case <-ended:
		case <-limit:
			stop()
		}
		return "", nil, fmt.Errorf("no server listens after typing:\n%s\nit has logged:\n%s", block, &log)
	}
}

var (
	localAddress = regexp.MustCompile(`http://(127\.0\.0\.1|localhost):8080`)
	assignments  = regexp.MustCompile(`(?m)^export .*$`)
	literal      = regexp.MustCompile(`\b(URL|APP|TOKEN|VISITOR)=[^\s"'$]*`)
)

// asIfAdapted does what a reader does who has seen what the server printed: the address is replaced, and so are the
// values that are exported under the name of something printed.
func asIfAdapted(typed, printed string) string {
	known := map[string]string{}
	for name, pattern := range facts {
		if found := pattern.FindStringSubmatch(printed); found != nil {
			known[name] = found[1]
		}
	}
	if url := known["URL"]; url != "" {
		typed = localAddress.ReplaceAllString(typed, url)
	}
	return assignments.ReplaceAllStringFunc(typed, func(line string) string {
		return literal.ReplaceAllStringFunc(line, func(word string) string {
			name, _, _ := strings.Cut(word, "=")
			if value, ok := known[name]; ok {
				return name + "=" + value
			}
			return word
		})
	})
}
