package scripts

import (
	"crypto/tls"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// maxWait is the max time for a server to start, and to stop.
const maxWait = time.Minute

// session is the state of a running script.
type session struct {
	testscript.T
	program string
	env     []string
	server  *exec.Cmd // nil while none runs
	printed string    // by the last start
	last    response  // to the last request
}

type sessionKey struct{}

func sessionOf(ts *testscript.TestScript) *session { return ts.Value(sessionKey{}).(*session) }

// killServer kills the server if the script has not stopped it.
func (s *session) killServer() {
	if s.server != nil {
		_ = s.server.Process.Kill()
		_ = s.server.Wait()
	}
}

// serverOut and serverLog are the files that a server prints and logs into, wherever it runs.
func serverOut(ts *testscript.TestScript) string {
	return filepath.Join(ts.Getenv("WORK"), "server.out")
}

func serverLog(ts *testscript.TestScript) string {
	return filepath.Join(ts.Getenv("WORK"), "server.log")
}

// printedValues are the patterns of values that a start prints and scripts use.
var printedValues = map[string]*regexp.Regexp{
	"URL":     regexp.MustCompile(`\Alistening on (https?://\S+)\n`),
	"APP":     regexp.MustCompile(`(?m)^  app id +(\S+)$`),
	"TOKEN":   regexp.MustCompile(`(?m)^  access token +(\S+)`),
	"SETUP":   regexp.MustCompile(`(?m)^  set up .*token=(\S+) `),
	"VISITOR": regexp.MustCompile(`(?m)^  demo page .*[#&]visitor=(\S+)$`),
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	s := sessionOf(ts)
	if neg || s.server != nil {
		ts.Fatalf("usage: serve [FLAG…], while none is serving")
	}
	if !slices.Contains(args, "--listen") {
		args = append(args, "--listen", "127.0.0.1:0")
	}
	s.start(ts, append([]string{"serve"}, args...))
	await(ts, "its first line", func() bool { return strings.Contains(ts.ReadFile(serverOut(ts)), "\n") })
	first := printedValues["URL"].FindStringSubmatch(ts.ReadFile(serverOut(ts)))
	if first == nil {
		ts.Fatalf("the first line does not say where it listens: %s", ts.ReadFile(serverOut(ts)))
	}
	await(ts, "being ready", func() bool { return statusOf(first[1]+"/readyz") == http.StatusOK })
	s.printed = ts.ReadFile(serverOut(ts))
	for name, pattern := range printedValues {
		if found := pattern.FindStringSubmatch(s.printed); found != nil {
			ts.Setenv(name, found[1])
		}
	}
	_, err := ts.Stdout().Write([]byte(s.printed))
	ts.Check(err)
}

// start starts the program in the script's folder. The program prints directly into files, so that readers see all of its
// output.
func (s *session) start(ts *testscript.TestScript, args []string) {
	out, err := os.Create(serverOut(ts))
	ts.Check(err)
	defer out.Close() //nolint:errcheck // the program has a handle of its own
	log, err := os.Create(serverLog(ts))
	ts.Check(err)
	defer log.Close() //nolint:errcheck // as above
	cmd := exec.Command(s.program, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), s.env, out, log
	ts.Check(cmd.Start())
	s.server = cmd
}

func await(ts *testscript.TestScript, what string, done func() bool) {
	for end := time.Now().Add(maxWait); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("the server keeps us waiting for %s:\n%s", what, ts.ReadFile(serverLog(ts)))
		}
	}
}

// prober takes any certificate: it only asks servers that the tests have started.
var prober = http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}

func statusOf(url string) int {
	answer, err := prober.Get(url)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

func shutdown(ts *testscript.TestScript, neg bool, args []string) {
	s := sessionOf(ts)
	if neg || len(args) != 0 || s.server == nil {
		ts.Fatalf("usage: shutdown, while a server is serving")
	}
	ts.Check(s.server.Process.Signal(syscall.SIGTERM))
	limit := time.AfterFunc(maxWait, func() { _ = s.server.Process.Kill() })
	defer limit.Stop()
	err := s.server.Wait()
	s.server = nil
	if err != nil {
		ts.Fatalf("the server did not stop well: %v\n%s", err, ts.ReadFile(serverLog(ts)))
	}
}

func crash(ts *testscript.TestScript, neg bool, args []string) {
	s := sessionOf(ts)
	if neg || len(args) != 0 || s.server == nil {
		ts.Fatalf("usage: crash, while a server is serving")
	}
	s.killServer()
	s.server = nil
}
