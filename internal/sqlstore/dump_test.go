package sqlstore_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestDump(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) { dumpIsWhole(t, testkit.Open(t, database)) })
}

// dumpIsWhole adds a tag to one of two workspaces: its dump tells, and that of the other does not.
func dumpIsWhole(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	err := store.Write(t.Context(), func(w people.Writer) error {
		office := w.(workspace.Writer)
		return errors.Join(office.InsertWorkspace(&workspace.Workspace{ID: "ours", Name: "It's", CreatedAt: 1}),
			office.InsertWorkspace(&workspace.Workspace{ID: "theirs", CreatedAt: 1}))
	})
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := dumpOf(t, store, "ours"), dumpOf(t, store, "theirs")
	tables := slices.Sorted(maps.Keys(ours))
	for _, table := range []string{"workspaces", "people", "changes", "outbox", "team_members", "browser_sessions", "segments"} {
		if !slices.Contains(tables, table) {
			t.Errorf("the dump has no table %s: %q", table, tables)
		}
	}
	if row := ours["workspaces"]; len(row) != 1 || !strings.Contains(row[0], "id=ours") || !strings.Contains(row[0], "name=It's") {
		t.Errorf("the workspace is %q", row)
	}
	if err := store.Write(t.Context(), func(w people.Writer) error {
		return w.PutTag(&people.Tag{Workspace: "ours", ID: 7, Name: "vip", CreatedAt: 1})
	}); err != nil {
		t.Fatal(err)
	}
	after := dumpOf(t, store, "ours")
	if len(after["tags"]) != 1 || !strings.Contains(after["tags"][0], "name=vip") {
		t.Errorf("the tags are %q", after["tags"])
	}
	delete(after, "tags")
	delete(ours, "tags")
	if diff := cmp.Diff(ours, after); diff != "" {
		t.Errorf("more than the tag is new:\n%s", diff)
	}
	if diff := cmp.Diff(theirs, dumpOf(t, store, "theirs")); diff != "" {
		t.Errorf("the other workspace changed:\n%s", diff)
	}
}

func dumpOf(t *testing.T, store *sqlstore.Store, ws workspace.ID) map[string][]string {
	t.Helper()
	rows, err := store.Dump(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
