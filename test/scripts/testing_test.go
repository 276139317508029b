package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// helpers are the languages of the helpers in docs/testing.md: the program that runs one, and the name of its file.
var helpers = map[string]struct {
	program []string
	file    string
}{
	"js":     {[]string{"node", "--test"}, "lobby.test.mjs"},
	"python": {[]string{"python3"}, "test_lobby.py"},
	"ruby":   {[]string{"ruby"}, "lobby_test.rb"},
	"php":    {[]string{"php"}, "lobby_test.php"},
	"java":   {[]string{"java"}, "LobbyTest.java"},
	"go":     {[]string{"go", "test"}, "lobby_test.go"},
}

// demanded are the languages that CI has.
var demanded = []string{"js", "python", "ruby", "go"}

func TestTheHelpersOfTheDocumentsWork(t *testing.T) {
	t.Parallel()
	programs := build(t)
	text, err := os.ReadFile(filepath.Join(root, "docs", "testing.md"))
	if err != nil {
		t.Fatal(err)
	}
	for language, helper := range helpers {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			found := regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllSubmatch(text, -1)
			if len(found) != 1 {
				t.Fatalf("there are %d helpers, want one", len(found))
			}
			if _, err := exec.LookPath(helper.program[0]); err != nil {
				if required() && slices.Contains(demanded, language) {
					t.Fatal(err)
				}
				t.Skip(err)
			}
			file := filepath.Join(t.TempDir(), helper.file)
			if err := os.WriteFile(file, found[0][1], 0o600); err != nil {
				t.Fatal(err)
			}
			args := append([]string{"test", "--"}, append(helper.program, file)...)
			run := exec.CommandContext(t.Context(), filepath.Join(programs, "lobby"), args...)
			run.Dir = root // for the module of the Go test
			if out, err := run.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
