package testkit

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestTheNewestInstalledPostgreSQLIsTaken(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, file := range []string{"9/bin/initdb", "9/bin/postgres", "15/bin/initdb", "15/bin/postgres", "17/bin/initdb"} {
		path := filepath.Join(root, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}

	got, err := newestServer(root + "/*/bin")
	if want := filepath.Join(root, "15/bin"); got != want || err != nil {
		t.Errorf("newestServer: %q, %v, want %q, for 17 has no server", got, err, want)
	}
}

func TestAMissingPostgreSQLSkipsUnlessItIsRequired(t *testing.T) {
	_, missing := newestServer(t.TempDir() + "/*/bin")
	for _, c := range []struct{ ci, requireAll, want string }{
		{want: "skipped"},
		{ci: "true", want: "failed"},
		{requireAll: "1", want: "failed"},
	} {
		t.Setenv("CI", c.ci)
		t.Setenv("LOBBY_TEST_REQUIRE_ALL", c.requireAll)
		if got := outcome(missing); got != c.want {
			t.Errorf("CI=%q LOBBY_TEST_REQUIRE_ALL=%q: the test is %s, want %s", c.ci, c.requireAll, got, c.want)
		}
	}
	t.Setenv("CI", "")
	t.Setenv("LOBBY_TEST_REQUIRE_ALL", "")
	if got := outcome(errors.New("initdb failed")); got != "failed" {
		t.Errorf("a PostgreSQL that does not start: the test is %s, want failed", got)
	}
}

// outcome returns how giveUp ends a test.
func outcome(err error) (end string) {
	defer func() { end = recover().(string) }()
	skipOrFail(ending{}, err)
	return ""
}

// ending is a test that says by a panic how it ends.
type ending struct{ testing.TB }

func (ending) Helper() {}

func (ending) Skip(...any) { panic("skipped") }

func (ending) Fatal(...any) { panic("failed") }
