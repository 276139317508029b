package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
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

func TestAnImageIsPutBackWithItsIndex(t *testing.T) {
	t.Parallel()
	store, image := indexedImage(t, 100)
	lobby := people.New(store, func(string, string) string { return "Somebody" })
	c := workspace.Caller{Workspace: "one"}
	for range 3 {
		if _, err := lobby.CreateVisitor(t.Context(), c, &people.Person{Name: "Somebody else"}); err != nil {
			t.Fatal(err)
		}
		if found := visitorsOf(t, store); found != 101 {
			t.Errorf("before, the search finds %d", found)
		}
		if err := image(t.Context()); err != nil {
			t.Fatal(err)
		}
		if is, err := store.IsIndexed(t.Context()); err != nil || !is {
			t.Errorf("there is no index: %v", err)
		}
		if found := visitorsOf(t, store); found != 100 {
			t.Errorf("the search finds %d of 100", found)
		}
	}
}

// indexedImage returns a store of some visitors in a workspace, and what puts them back.
func indexedImage(t testing.TB, visitors int) (*sqlstore.Store, func(context.Context) error) {
	t.Helper()
	store, err := sqlstore.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() }) //nolint:errcheck // nothing is kept
	lobby := people.New(store, func(string, string) string { return "Somebody" })
	if _, err := lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: "one"}); err != nil {
		t.Fatal(err)
	}
	for i := range visitors {
		_, err := lobby.CreateVisitor(t.Context(), workspace.Caller{Workspace: "one"}, &people.Person{Email: fmt.Sprintf("%d@example.com", i)})
		if err != nil {
			t.Fatal(err)
		}
	}
	putBack, err := store.Image(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return store, putBack
}

func visitorsOf(t *testing.T, store *sqlstore.Store) int {
	t.Helper()
	page, err := workspace.Read(t.Context(), store, func(r people.Reader) (*search.Page[*people.Person], error) {
		return r.SearchVisitors("one", &search.Request{Condition: &search.Condition{Combine: search.And}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return page.Total
}

func BenchmarkImage(b *testing.B) {
	_, putBack := indexedImage(b, 10_000)
	for b.Loop() {
		if err := putBack(b.Context()); err != nil {
			b.Fatal(err)
		}
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
