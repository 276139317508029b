package config

import (
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestTheReferenceIsAsWritten(t *testing.T) {
	t.Parallel()
	for file, set := range map[string]Set{"testdata/serve.txt": Serve, "testdata/store.txt": Store} {
		got := Reference(set)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; go test -update writes it anew:\n%s", file, got)
		}
	}
}

func TestEveryFieldIsOneWellNamedOption(t *testing.T) {
	t.Parallel()
	if fields := reflect.TypeFor[Config]().NumField(); fields != len(table) {
		t.Errorf("%d fields, %d options", fields, len(table))
	}
	seen := make(map[string]bool)
	for _, o := range table {
		if want := "LOBBY_" + strings.ToUpper(strings.ReplaceAll(o.flag, "-", "_")); o.env != want {
			t.Errorf("--%s is read from %s, want %s", o.flag, o.env, want)
		}
		if seen[o.flag] {
			t.Errorf("--%s stands twice in the table", o.flag)
		}
		seen[o.flag] = true
		if (o.initial == "") == (o.otherwise == "") || o.meaning == "" {
			t.Errorf("--%s has no default to show, or two, or no meaning", o.flag)
		}
	}
}
