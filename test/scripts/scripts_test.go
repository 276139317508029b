// Package scripts has sessions with the real program, each in a file of testdata: the commands and their expected output.
// go test builds the program and runs them, together with every command in the README and the other documents.
// It knows the program by its command line, its HTTP interface and its database file only, never by its Go packages.
package scripts

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// root is the top of the source tree.
const root = "../.."

func TestScripts(t *testing.T) {
	t.Parallel()
	programs := build(t)
	testscript.Run(t, testscript.Params{
		Dir:                "testdata",
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", programs+string(os.PathListSeparator)+env.Getenv("PATH"))
			s := &session{T: env.T(), program: filepath.Join(programs, "lobby"), env: env.Vars}
			env.Values[sessionKey{}] = s
			env.Defer(s.killServer)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// serve [FLAG…] starts the server in the current folder and sets $URL; a first start also sets $TOKEN, $APP,
			// $VISITOR. stdout is then what it has printed; what it logs is in $WORK/server.log.
			"serve": serve,
			// shutdown asks the server to stop, and it must stop well; crash gives it no time for anything.
			"shutdown": shutdown,
			"crash":    crash,
			// http [-until STATUS] METHOD PATH [-H HEADER]… [BODY] prints the status line, the telling headers, and the
			// JSON indented. It sends $TOKEN. With -until it asks again, for up to three seconds.
			"http": request,
			// json PATH [VALUE] looks into the last answer: a value that is no JSON is a text.
			"json": inspect,
			// capture NAME stdout|stderr|json REGEXP|PATH sets $NAME to what the first group matches, or to the value.
			"capture": capture,
			// exits STATUS PROGRAM [ARGUMENT…] runs a program that must end with this status and, when it fails, say why
			// in the last line of stderr.
			"exits": exits,
			// paste runs the curl lines that the server has printed, as they are.
			"paste": paste,
			// sql FILE STATEMENT changes a database behind the program's back.
			"sql": sql,
		},
	})
}

// build builds the program in a folder of its own, and returns the folder. It reads the sources, because the test cache
// does not see what the compiler reads.
func build(t *testing.T) string {
	t.Helper()
	for _, folder := range []string{"cmd", "internal", "web"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	compile := exec.Command("go", "build", "-o", folder+string(filepath.Separator), "./cmd/lobby")
	compile.Dir = root
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return folder
}

// required reports whether no test may be skipped because a program is missing.
func required() bool { return os.Getenv("CI") == "true" || os.Getenv("LOBBY_TEST_REQUIRE_ALL") == "1" }

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var failure *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failure) {
		got = failure.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func capture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: capture NAME stdout|stderr|json REGEXP|PATH")
	}
	if args[1] == "json" {
		value, ok := sessionOf(ts).last.find(args[2])
		if !ok {
			ts.Fatalf("the answer has no %s", args[2])
		}
		ts.Setenv(args[0], plain(value))
		return
	}
	pattern, err := regexp.Compile(args[2])
	ts.Check(err)
	found := pattern.FindStringSubmatch(ts.ReadFile(args[1]))
	if len(found) < 2 {
		ts.Fatalf("%s does not match", args[1])
	}
	ts.Setenv(args[0], found[1])
}

var curlLine = regexp.MustCompile(`(?m)^  (curl .*)$`)

func paste(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: paste")
	}
	s := sessionOf(ts)
	if _, err := exec.LookPath("curl"); err != nil && !required() {
		s.T.Skip(err)
	}
	var printed bytes.Buffer
	lines := curlLine.FindAllStringSubmatch(s.printed, -1)
	if len(lines) == 0 {
		ts.Fatalf("the server has printed no curl line")
	}
	for _, line := range lines {
		ts.Check(ts.Exec("sh", "-c", line[1]))
		printed.WriteString(ts.ReadFile("stdout") + "\n")
	}
	_, err := ts.Stdout().Write(printed.Bytes())
	ts.Check(err)
}

func sql(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	conn, err := sqlite.OpenConn(ts.MkAbs(args[0]), sqlite.OpenReadWrite)
	ts.Check(err)
	ts.Check(errors.Join(sqlitex.ExecuteTransient(conn, args[1], nil), conn.Close()))
}
