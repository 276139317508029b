package sqlstore_test

import (
	"errors"
	"testing"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

func TestAnImageIsPutBackAsOftenAsAsked(t *testing.T) {
	t.Parallel()
	store, err := sqlstore.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // nothing is kept
	lobby := people.New(store, func(string, string) string { return "Somebody" })
	newPerson := func(ws workspace.ID) string {
		p, err := lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: ws}, &people.Person{})
		if err != nil {
			t.Fatal(err)
		}
		return p.ID
	}
	for _, ws := range []workspace.ID{"one", "two"} {
		if _, err := lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: ws}); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := store.Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	alone, err := store.WorkspaceImage(t.Context(), "two")
	if err != nil {
		t.Fatal(err)
	}
	before := dumpOf(t, store, "two")
	for range 3 {
		for _, ws := range []workspace.ID{"one", "two"} {
			store.Touch(ws, newPerson(ws), 1_700_000_000)
		}
		if err := alone(t.Context()); err != nil {
			t.Fatal(err)
		}
		after := dumpOf(t, store, "two")
		for table := range before {
			if len(after[table]) != len(before[table]) {
				t.Errorf("%s has %q, want %q", table, after[table], before[table])
			}
		}
		if one := dumpOf(t, store, "one"); len(one["people"]) != 1 {
			t.Errorf("the other workspace has %q", one["people"])
		}
		if err := whole(t.Context()); err != nil {
			t.Fatal(err)
		}
		if one := dumpOf(t, store, "one"); len(one["people"]) != 0 {
			t.Errorf("afterwards there is %q", one["people"])
		}
		if err := store.Flush(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := store.WipeWorkspace(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	for table, rows := range dumpOf(t, store, "two") {
		if len(rows) > 0 {
			t.Errorf("%s still has %q", table, rows)
		}
	}
	if findings, err := store.Check(t.Context()); err != nil || len(findings) > 0 {
		t.Errorf("the database breaks %v (%v)", findings, err)
	}
}

func TestOnlyADatabaseInMemoryHasImages(t *testing.T) {
	t.Parallel()
	store, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // nothing is kept
	if _, err := store.Image(t.Context()); !errors.Is(err, sqlstore.ErrNoImage) {
		t.Errorf("the error is %v", err)
	}
}
