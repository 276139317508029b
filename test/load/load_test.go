//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// asProgram names the variable that makes the test binary run the program.
const asProgram = "LOBBY_TEST_LOAD"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestEveryScenarioHasABaseline(t *testing.T) {
	t.Parallel()
	rows := quickRun(t, "-contacts", "", "-conversations", "")
	for _, name := range append(namesOf(scenarios(dataset{})), bareHandler, bareForm) {
		for _, connections := range []int{1, 8} {
			wantRow(t, rows, fmt.Sprintf("%s %d ", name, connections))
		}
	}
	wantRow(t, rows, oneByOne+" 1 ")
	wantRow(t, rows, grouped+" 8 ")
	wantRow(t, rows, "CPU of convert-merge (8) / put (8) ")
	wantRow(t, rows, "CPU of (put (8) − bare handler (8)) / update, grouped (8) ")
	wantRow(t, rows, "CPU of ping (8) / bare handler of forms (8) ")
	wantRow(t, rows, "CPU of ping new session (8) / bare handler of forms (8) ")
	wantRow(t, rows, "req/s of arrive (8) / insert, grouped (8) ")
	wantRow(t, rows, "binary ")
}

func TestContactsAreComparedWithSQL(t *testing.T) {
	t.Parallel()
	for _, database := range allDatabases {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			if database == "postgres" {
				needsPostgres(t)
			}
			rows := quickRun(t, "-people", "0", "-conversations", "", "-databases", database)
			wantRow(t, rows, "2000 contacts on ")
			for _, name := range namesOf(contactScenarios(0)) {
				wantRow(t, rows, fmt.Sprintf("%s 8 ", name))
				wantRow(t, rows, fmt.Sprintf("%s 8 ", bySQL(name)))
				wantRow(t, rows, fmt.Sprintf("req/s of %s (8) / %s (8) ", name, bySQL(name)))
			}
		})
	}
}

func TestConversationsAreComparedWithinARound(t *testing.T) {
	t.Parallel()
	rows := quickRun(t, "-people", "0", "-contacts", "", "-conversations", "100,400", "-databases", "sqlite", "-rounds", "1")
	wantRow(t, rows, "conversations on SQLite")
	for _, name := range namesOf(conversationScenarios(1)) {
		wantRow(t, rows, name+", 100 8 ")
		wantRow(t, rows, name+", 400 8 ")
	}
	wantRow(t, rows, "CPU of reply, 400 (8) / put beside, 400 (8) ")
	wantRow(t, rows, "CPU of get 500 parts, 400 (8) / get 5 parts, 400 (8) ")
	wantRow(t, rows, "CPU of list conversations, 400 (8) / list conversations, 100 (8) ")
}

func TestAHotWorkspaceAmongMany(t *testing.T) {
	t.Parallel()
	needsPostgres(t)
	server := builtServer(t)
	var out strings.Builder
	err := runHot(t.Context(), []string{"-server", server, "-workspaces", "3", "-callers", "4", "-seconds", "0.5"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.Join(strings.FieldsFunc(out.String(), func(c rune) bool { return c == ' ' }), " "), "\n")
	wantRow(t, rows, "alone ")
	wantRow(t, rows, "beside a hot one ")
}

func TestGrowthIsMeasuredWithinARound(t *testing.T) {
	t.Parallel()
	server := builtServer(t)
	file := filepath.Join(t.TempDir(), "growth.json")
	runProgram(t, server, "growth", "-people", "10000,11000", "-rounds", "1", "-seconds", "0.1", "-connections", "8",
		"-scenarios", "get,search half,reply,convert-user", "-commit", "abc", "-save", file)
	table, err := os.ReadFile(filepath.Join(filepath.Dir(file), "growth.md"))
	if err != nil {
		t.Fatal(err)
	}
	drawing, err := os.ReadFile(filepath.Join(filepath.Dir(file), "growth.svg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"get", "search half", "reply", "convert-user"} {
		if !strings.Contains(string(table), "| "+name+" | ") || !strings.Contains(string(drawing), ">"+name+", ") {
			t.Errorf("there is no %s in\n%s\n%s", name, table, drawing)
		}
	}
}

// It runs for some minutes with LOBBY_TEST_DEEP=1, and only the tool itself is tested else.
func TestMemoryIsFlatUnderAMixedLoad(t *testing.T) {
	t.Parallel()
	server := builtServer(t)
	args := []string{"-people", "10000", "-for", "3s", "-every", "300ms", "-max-heap", "64", "-max-owned", "128"} // it has not settled yet
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		args = []string{"-people", "20000", "-for", "5m", "-every", "5s"}
	}
	rows := runProgram(t, server, "soak", args...)
	wantRow(t, rows, "| idle | 0 | 0 | ")
	wantRow(t, rows, "Over the second half, ")
}

func TestOpenPagesAreMeasuredBesideBusySites(t *testing.T) {
	t.Parallel()
	server := builtServer(t)
	rows := runProgram(t, server, "watch", "-people", "10000", "-phase", "1s", "-warm", "0s", "-rounds", "1", "-rate", "1200", "-pages", "3")
	wantRow(t, rows, "| pings answered a second | ")
	wantRow(t, rows, "| events a second to a page | 0.0 | ")
	for _, row := range rows {
		if strings.HasPrefix(row, "| events a second to a page | 0.0 | 0.0 ") {
			t.Error("no page got an event")
		}
	}
}

func TestMemoryThatGrowsIsTold(t *testing.T) {
	t.Parallel()
	grown := func(each float64) *soak {
		s := &soak{soakOptions: soakOptions{heapMB: 8, ownMB: 16}}
		for i := range 40 {
			noise := float64(i*7919%13) - 6 // what a collection leaves differs
			s.samples = append(s.samples, sample{
				after: time.Duration(i) * 10 * time.Second, added: int64(i) * 1000, owned: 200 + noise,
				live: 100 + noise/2 + float64(i)*(each+1000*bytesEach/(1<<20)),
			})
		}
		return s
	}
	if err := grown(0).verdict(); err != nil {
		t.Errorf("memory for those who were added: %v", err)
	}
	if err := grown(1).verdict(); err == nil {
		t.Error("20 MB in the second half are not told")
	}
}

func TestTwoServersAreCompared(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "kept", "compare.json")
	rows := quickRun(t, "-base", "the same", "-rounds", "1", "-connections", "8", "-scenarios", "put,ping new session,list contacts",
		"-commit", "new", "-base-commit", "old", "-save", file)
	wantRow(t, rows, "put, base 8 ")
	wantRow(t, rows, "CPU of put (8) / put, base (8) ")
	wantRow(t, rows, "CPU of list contacts (8) / list contacts, base (8) ")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var kept figures
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	ping := kept.Databases["20000 visitors, 2000 users on SQLite"]["ping new session (8)"]
	if kept.Commit != "new" || kept.Base != "old" || ping.CPU <= 0 || ping.Ratios["ping new session (8) / ping new session, base (8)"] <= 0 {
		t.Errorf("the file has\n%s", text)
	}
}

// builtServer returns the path of the server, which it builds.
func builtServer(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil { // PostgreSQL may have to run as somebody else
		t.Fatal(err)
	}
	server := filepath.Join(dir, "lobby")
	if said, err := exec.Command("go", "build", "-o", server, "lobby/cmd/lobby").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return server
}

func needsPostgres(t *testing.T) {
	t.Helper()
	_, err := postgresBin()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true" || os.Getenv("LOBBY_TEST_REQUIRE_ALL") == "1":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
}

// quickRun runs the program for a short time, and returns the lines that it prints, with single spaces.
func quickRun(t *testing.T, args ...string) []string {
	t.Helper()
	server := builtServer(t)
	if i := slices.Index(args, "the same"); i >= 0 {
		args[i] = server
	}
	return runProgram(t, server, "", append([]string{"-quick", "-seconds", "0.1", "-connections", "1,8"}, args...)...)
}

// runProgram runs the program, or a sub-command of it, with a server, and returns the lines that it prints, with single spaces.
func runProgram(t *testing.T, server, sub string, args ...string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-server", server}, args...)
	if sub != "" {
		args = append([]string{sub}, args...)
	}
	program := exec.Command(self, args...)
	program.Env = append(os.Environ(), asProgram+"=yes", "TMPDIR="+filepath.Dir(server))
	said, err := program.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	var rows []string
	for line := range strings.Lines(string(said)) {
		rows = append(rows, strings.Join(strings.Fields(line), " "))
	}
	return rows
}

func wantRow(t *testing.T, rows []string, begin string) {
	t.Helper()
	for _, row := range rows {
		if strings.HasPrefix(row, begin) {
			return
		}
	}
	t.Errorf("no line begins with %q:\n%s", begin, strings.Join(rows, "\n"))
}

func TestAnUnexpectedResponseFailsTheMeasurement(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"a refusal":           func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "the proof", http.StatusTooManyRequests) },
		"an answer to others": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the something else") },
		"no answer":           func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := measureHandler(t, handler); err == nil {
				t.Error("the measurement succeeded")
			}
		})
	}
}

func TestAMeasurementCountsCallsAndTheTimeTheyTook(t *testing.T) {
	t.Parallel()
	const slow = 20 * time.Millisecond
	m, err := measureHandler(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(slow)
		fmt.Fprint(w, "the proof")
	})
	if err != nil {
		t.Fatal(err)
	}
	if m.P50 < slow.Seconds() || m.rate() > 2/slow.Seconds() {
		t.Errorf("two callers who waited %v were answered %.0f times a second in %v s each", slow, m.rate(), m.P50)
	}
}

// measureHandler measures a handler with two callers.
func measureHandler(t *testing.T, handler http.HandlerFunc) (measurement, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go server.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { _ = server.Close() })
	get := scenarios(dataset{1000})[0]
	return load{2, 200 * time.Millisecond, []int{os.Getpid()}}.drive(l.Addr().String(), []string{"the", "proof"}, get.writer(dataset{1000}, nil))
}

func TestAMeasurementEndsWithTheLastFreshVisitor(t *testing.T) {
	t.Parallel()
	const visitors = 300
	mine := newShare(visitors, 0, 1)
	synctest.Test(t, func(t *testing.T) {
		m, err := load{3, time.Second, []int{os.Getpid()}}.run(func(int) error {
			time.Sleep(3 * time.Millisecond)
			_, err := mine.take()
			return err
		})
		if err != nil || m.Calls == 0 || m.Calls > visitors || m.Seconds >= 1 {
			t.Errorf("%d of %d visitors in %v s: %v", m.Calls, visitors, m.Seconds, err)
		}
	})
}

func TestSharesGiveEveryFreshVisitorOnce(t *testing.T) {
	t.Parallel()
	const parts = 7
	c := dataset{10_000}
	taken := map[visitor]bool{}
	for part := range parts {
		mine := newShare(c.fresh(), part, parts)
		for n, err := mine.take(); err == nil; n, err = mine.take() {
			v := c.freshVisitor(n)
			if taken[v] || v < 0 || int(v) >= c.visitors {
				t.Fatalf("visitor %d was taken twice or does not exist", v)
			}
			taken[v] = true
		}
	}
	if len(taken) < c.fresh()-parts {
		t.Errorf("%d visitors were taken, of %d", len(taken), c.fresh())
	}
	for n := range c.permanent() {
		if taken[c.permanentVisitor(n)] {
			t.Fatalf("the permanent visitor %d was taken", c.permanentVisitor(n))
		}
	}
}
