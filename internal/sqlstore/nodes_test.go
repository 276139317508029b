package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestAStartWritesNothingWhenNothingIsDue(t *testing.T) {
	t.Parallel()
	dsn := testkit.MigratedPostgres(t)
	store := openNode(t, dsn)
	err := store.WhileLocked(t.Context(), func() error {
		// A start that writes waits for the lock, and so for ever.
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		other, err := sqlstore.OpenPostgres(ctx, dsn)
		if err != nil {
			return err
		}
		return other.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTouchesAreWrittenInATransactionOfEachWorkspace(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		open func() *sqlstore.Store
		want int
	}{
		"postgres": {func() *sqlstore.Store { return openNode(t, testkit.MigratedPostgres(t)) }, 3},
		"sqlite":   {func() *sqlstore.Store { return testkit.Open(t) }, 1},
	} {
		store := c.open()
		counted := store.Statements()
		for ws := range 3 {
			for id := range 4 {
				store.Touch(workspace.ID(fmt.Sprint("shop", ws)), fmt.Sprint("visitor", id), 5)
			}
		}
		if err := store.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if counted.Writes != c.want || counted.Statements != 12 {
			t.Errorf("%s: %d transactions with %d statements, want %d with 12", kind, counted.Writes, counted.Statements, c.want)
		}
	}
}

func TestAWorkspaceThatCannotBeReachedKeepsNoOtherFromBeingWritten(t *testing.T) {
	t.Parallel()
	store := openNode(t, testkit.MigratedPostgres(t))
	for _, ws := range []workspace.ID{"a", "b", "c"} {
		v := &people.Person{Workspace: ws, ID: "6553f1000000000000000001", Role: people.Visitor, AnonymousID: "x", CreatedAt: 1, UpdatedAt: 1, LastSeenAt: 1}
		if err := store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(v) }); err != nil {
			t.Fatal(err)
		}
		store.Touch(ws, v.ID, 5)
	}
	lost := errors.New("its node is away")
	store.FailWhere("a", lost)
	if err := store.Flush(t.Context()); !errors.Is(err, lost) {
		t.Errorf("the flush returned %v", err)
	}
	if n := store.Figures(t.Context()).Touches; n != 1 {
		t.Errorf("%d touches wait, want that of the workspace that is away", n)
	}
	store.FailWhere("", nil)
	if err := store.Flush(t.Context()); err != nil || store.Figures(t.Context()).Touches != 0 {
		t.Errorf("afterwards touches wait: %v", err)
	}
}

func TestATouchNeverMovesTimeBackOnAnotherNode(t *testing.T) {
	t.Parallel()
	dsn := testkit.MigratedPostgres(t)
	early, late := openNode(t, dsn), openNode(t, dsn)
	v := &people.Person{Workspace: "acme", ID: "6553f1000000000000000001", Role: people.Visitor, AnonymousID: "x", CreatedAt: 1, UpdatedAt: 1, LastSeenAt: 1}
	if err := early.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(v) }); err != nil {
		t.Fatal(err)
	}
	early.Touch("acme", v.ID, 5)
	late.Touch("acme", v.ID, 9)
	for _, store := range []*sqlstore.Store{late, early} { // the older one is written last
		if err := store.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for name, store := range map[string]*sqlstore.Store{"early": early, "late": late} {
		err := store.Read(t.Context(), func(r people.Reader) error {
			p, err := r.Person("acme", v.ID)
			if p.LastSeenAt != 9 {
				t.Errorf("node %s says %d, want 9", name, p.LastSeenAt)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A worker of a Citus cluster that is away is told with a SQLSTATE of class 08.
func TestAWorkspaceWhoseNodeIsAwayIsUnavailableAlone(t *testing.T) {
	t.Parallel()
	store := openNode(t, testkit.Postgres(t))
	for _, sql := range []string{
		`CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			RAISE 'connection to the remote node worker-2:5432 failed' USING ERRCODE = '08006'; END $$`,
		`CREATE TRIGGER away BEFORE INSERT ON people FOR EACH ROW WHEN (NEW.workspace = 'away') EXECUTE FUNCTION away()`,
	} {
		if err := store.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	insert := func(ws workspace.ID) error {
		v := &people.Person{Workspace: ws, ID: "6553f1000000000000000001", Role: people.Visitor, AnonymousID: "x", CreatedAt: 1, UpdatedAt: 1}
		return store.Write(t.Context(), func(w people.Writer) error { return w.InsertPerson(v) })
	}
	if err := insert("away"); !errors.Is(err, workspace.ErrUnavailable) {
		t.Errorf("its error is %v", err)
	}
	if err := insert("here"); err != nil {
		t.Errorf("another workspace has %v", err)
	}
	if err := store.Ready(t.Context()); err != nil {
		t.Errorf("the server is not ready: %v", err)
	}
}

func openNode(t *testing.T, dsn string) *sqlstore.Store {
	t.Helper()
	store, err := sqlstore.OpenPostgres(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
