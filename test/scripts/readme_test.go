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
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// documents are the files with commands for readers.
var documents = []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md"}

// skippedBlocks are the blocks marked sh that are not run, by their beginning, with the reason.
var skippedBlocks = map[string]string{
	"lobby serve --database postgres://": "it names a database server that is not here; the tests of every Store run on PostgreSQL",
}

// marks are the allowed languages of a block. Only blocks marked sh are run; those marked "sh stopped" are typed after the
// server before them has stopped.
var marks = []string{"sh", "sh stopped", "text", "html", "json", "js", "python", "ruby", "go", "php", "java", "yaml"}

// emptyFolder in a document says that its commands are typed in an empty folder, in their order. Those of other documents
// are typed in a checkout, with a new folder of data for each server.
const emptyFolder = "<!-- The commands start in an empty folder. -->"

func TestEveryCommandOfTheDocumentsWorks(t *testing.T) {
	t.Parallel()
	needShell(t)
	programs := build(t)
	skipped := map[string]bool{}
	for _, pattern := range documents {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %d files", pattern, err, len(files))
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, wrong := range wrongMarks(string(text)) {
				t.Errorf("%s: %s", file, wrong)
			}
			scenes := scenesOf(string(text), skipped)
			if strings.Contains(string(text), emptyFolder) {
				t.Run(filepath.Base(file), func(t *testing.T) {
					t.Parallel()
					folder := t.TempDir()
					inFolder := place{folder: folder, typedIn: filepath.Join(folder, "empty"), known: map[string]string{}}
					for i, s := range scenes {
						if err := s.play(inFolder, programs); err != nil {
							t.Fatalf("%d: %v", i, err)
						}
					}
				})
				continue
			}
			for i, s := range scenes {
				t.Run(fmt.Sprintf("%s %d", filepath.Base(file), i), func(t *testing.T) {
					t.Parallel()
					if err := s.play(checkout(t.TempDir()), programs); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
	for begin := range skippedBlocks {
		if !skipped[begin] {
			t.Errorf("no block begins with %q any more", begin)
		}
	}
}

func TestDocumentsStartAServerAndAskIt(t *testing.T) {
	t.Parallel()
	for file, c := range map[string]struct{ server, asks string }{
		"README.md":     {"serve", "curl "},
		"docs/email.md": {documentedMailServer, "/lobby/v1/receipts"},
	} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		scenes := scenesOf(string(text), map[string]bool{})
		if len(scenes) < 2 || !strings.Contains(scenes[1].server, c.server) || !strings.Contains(scenes[1].typed, c.asks) {
			t.Errorf("%s does not start a server and ask it something, in blocks marked sh", file)
		}
	}
}

func TestABlockWithoutAMarkIsNoticed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"```sh\ntrue\n```\n":                          0,
		"```sh\ntrue\n```\n\n```json\n{}\n```\n":      0,
		"```\nlobby serve\n```\n":                     1,
		"  ```\n  lobby serve\n  ```\n":               1,
		"```bash\ntrue\n```\n":                        1,
		"```sh\ntrue\n```\n```\nlobby serve\n```\n":   1,
		"~~~\nlobby serve\n~~~\n":                     2,
		"1. start it:\n\n   ```sh\n   true\n   ```\n": 1,
	} {
		if got := wrongMarks(text); len(got) != want {
			t.Errorf("%q: %q, want %d", text, got, want)
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
			scenes := scenesOf(server+"```sh\n"+c.block+"\n```\n", map[string]bool{})
			err := scenes[len(scenes)-1].play(checkout(t.TempDir()), t.TempDir())
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

// scene has the commands that a reader types while one server runs. Before the first server none runs.
type scene struct {
	server string // the block that starts it
	typed  string // the blocks after it
}

var (
	shellBlock = regexp.MustCompile("(?ms)^```sh( stopped)?\n(.*?)^```$")
	fence      = regexp.MustCompile("^([ \t]*)(```+|~~~+)(.*)$")
)

// wrongMarks returns the blocks of a text that have no known mark, or that shellBlock would not match.
func wrongMarks(text string) (wrong []string) {
	open := false
	for line := range strings.Lines(text) {
		found := fence.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if found == nil {
			continue
		}
		switch {
		case found[2] != "```" || found[1] != "" && found[3] == "sh":
			wrong = append(wrong, strconv.Quote(line)+" is no fence that is played")
			open = !open && found[2] == "```"
		case open && found[3] == "":
			open = false
		default:
			open = true
			if !slices.Contains(marks, found[3]) {
				wrong = append(wrong, strconv.Quote(line)+" begins a block without one of the marks "+strings.Join(marks, ", "))
			}
		}
	}
	return wrong
}

// startsServer reports whether a block starts a server that the blocks after it talk to.
func startsServer(block string) bool {
	return strings.HasPrefix(block, "go run ./cmd/lobby serve") || strings.HasPrefix(block, "lobby serve")
}

// scenesOf takes the blocks marked sh out of a text. What is not meant to be typed as it stands needs another mark, or a
// line in skippedBlocks; those that had one are added to skipped.
func scenesOf(text string, skipped map[string]bool) []scene {
	scenes := []scene{{}}
blocks:
	for _, block := range shellBlock.FindAllStringSubmatch(text, -1) {
		for begin := range skippedBlocks {
			if strings.HasPrefix(block[2], begin) {
				skipped[begin] = true
				continue blocks
			}
		}
		switch {
		case startsServer(block[2]):
			scenes = append(scenes, scene{server: block[2]})
			continue
		case block[1] != "":
			scenes = append(scenes, scene{})
		}
		scenes[len(scenes)-1].typed += block[2]
	}
	return scenes
}

// prologue makes curl fail on an error response, also within a pipe, unless the status is what is asked for. It makes make
// only print its commands, because these tests are among them.
const prologue = `set -e
curl() {
	case "$*" in *%{http_code}*) command curl "$@"; return;; esac
	command curl -f "$@" || { echo "curl $*" >>"$FAILED"; return 22; }
}
make() { command make -n "$@" >&2; }
`

// place is where the scenes of a document are played.
type place struct {
	folder  string            // for what the tests write
	typedIn string            // the folder in which commands are typed
	data    string            // the folder of data; empty for the one that commands use by themselves
	known   map[string]string // what the servers there have printed
}

func checkout(folder string) place {
	return place{folder: folder, typedIn: root, data: filepath.Join(folder, "data"), known: map[string]string{}}
}

// play types a scene, with lobby in the folder of programs. A server that is given a mail server must send an email.
func (s scene) play(p place, programs string) error {
	failed := filepath.Join(p.folder, "failed")
	path := programs + string(os.PathListSeparator) + os.Getenv("PATH")
	environment := append(os.Environ(), "PATH="+path, "LOBBY_LISTEN=127.0.0.1:0", "FAILED="+failed)
	if p.data != "" {
		environment = append(environment, "LOBBY_DATA="+p.data)
	}
	if err := os.MkdirAll(p.typedIn, 0o700); err != nil {
		return err
	}
	var post *postOffice
	if strings.Contains(s.server, documentedMailServer) {
		var err error
		if post, err = openPostOffice(p.folder); err != nil {
			return err
		}
		defer post.server.Close() //nolint:errcheck // the scene is over
		environment = append(environment, "SSL_CERT_FILE="+post.certificate)
		s.server = strings.ReplaceAll(s.server, documentedMailServer, post.address)
	}
	if s.server != "" {
		stop, err := p.startServer(relocate(p.data).Replace(s.server), environment)
		if err != nil {
			return err
		}
		defer stop()
	}
	shell := exec.Command("sh", "-c", prologue+adapt(s.typed, p.known))
	shell.Dir, shell.Env = p.typedIn, environment
	out, err := shell.CombinedOutput()
	if refused, readErr := os.ReadFile(failed); readErr == nil {
		return fmt.Errorf("an error was answered to:\n%s\nthe shell has shown:\n%s", refused, out)
	}
	if err != nil {
		return fmt.Errorf("%w, after typing:\n%s\nthe shell has shown:\n%s", err, s.typed, out)
	}
	if post != nil {
		return post.arrived()
	}
	return nil
}

// relocate makes a server use a data folder of the test and a free port, also when flags name others.
func relocate(data string) *strings.Replacer {
	return strings.NewReplacer("/var/lib/lobby", data, "127.0.0.1:8080", "127.0.0.1:0", "127.0.0.1:8443", "127.0.0.1:0")
}

// startServer runs the block of a server until the server listens, and notes what it has printed. It returns how to stop it.
func (p place) startServer(block string, environment []string) (stop func(), err error) {
	file := filepath.Join(p.folder, "out")
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // the server has a handle of its own
	var log bytes.Buffer
	server := exec.Command("sh", "-c", block)
	server.Dir, server.Env, server.Stdout, server.Stderr = p.typedIn, environment, f, &log
	server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // go run has a child, which must stop too
	if err := server.Start(); err != nil {
		return nil, err
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
		if url := printedValues["URL"].FindSubmatch(out); url != nil && statusOf(string(url[1])+"/readyz") == http.StatusOK {
			for name, pattern := range printedValues {
				if found := pattern.FindSubmatch(out); found != nil {
					p.known[name] = string(found[1])
				}
			}
			return stop, err
		}
		select {
		case <-time.After(20 * time.Millisecond):
			continue
		case <-ended:
		case <-limit:
			stop()
		}
		return nil, fmt.Errorf("no server listens after typing:\n%s\nit has logged:\n%s", block, &log)
	}
}

var (
	localAddress = regexp.MustCompile(`https?://(127\.0\.0\.1|localhost):(8080|8443)`)
	assignments  = regexp.MustCompile(`(?m)^export .*$`)
	literal      = regexp.MustCompile(`\b(URL|APP|TOKEN|VISITOR)=[^\s"'$]*`)
)

// adapt replaces what a reader would replace after the server has started: the address, and exported values that have the
// name of a printed one.
func adapt(typed string, known map[string]string) string {
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
