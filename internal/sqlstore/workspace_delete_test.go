package sqlstore_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestADeletedWorkspaceLeavesOnlyItsName(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		i := testkit.Start(t, on)
		gone, kept := i.NewWorkspace(t), i.NewWorkspace(t)
		for _, ws := range []workspace.ID{gone.Workspace, kept.Workspace} {
			fillWorkspace(t, i.Lobby, ws)
		}
		before := dumpOf(t, i.Store, kept.Workspace)
		erased, err := i.Store.Erasures(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Lobby.DeleteWorkspace(t.Context(), gone.Workspace); err != nil {
			t.Fatal(err)
		}
		for table, rows := range dumpOf(t, i.Store, gone.Workspace) {
			if table != "erasures" && len(rows) > 0 {
				t.Errorf("%s still has %q", table, rows)
			}
		}
		if after := dumpOf(t, i.Store, kept.Workspace); !reflect.DeepEqual(before, after) {
			t.Errorf("another workspace was\n%v\nand is\n%v", before, after)
		}
		if err := i.Lobby.DeleteWorkspace(t.Context(), gone.Workspace); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
			t.Errorf("again: %v", err)
		}

		// The walk finds every table that a workspace has rows in.
		statements, err := i.Store.WorkspaceTables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for table := range maps.Keys(before) {
			found := slices.ContainsFunc(statements, func(sql string) bool { return strings.HasPrefix(sql, `DELETE FROM "`+table+`" `) })
			if !found && table != "erasures" && table != "workspaces" {
				t.Errorf("nothing deletes from %s", table)
			}
		}

		// One that comes back with an older copy goes again; one of the same name that is made later stays.
		i.Clock.Set(time.Now().Unix() + 1000)
		if _, err := i.Lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: gone.Workspace}); err != nil {
			t.Fatal(err)
		}
		all, err := i.Store.Erasures(t.Context())
		if err != nil || len(all) != len(erased)+1 {
			t.Fatalf("%d erasures, then %d, %v", len(erased), len(all), err)
		}
		if _, err := i.Store.Erase(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		if _, err := i.Lobby.Workspace(t.Context(), gone.Workspace); err != nil {
			t.Errorf("a later workspace of the name: %v", err)
		}
		later := sqlstore.Erasure{Workspace: gone.Workspace, PersonID: "*", At: i.Clock.Now().Unix() + 1}
		if _, err := i.Store.Erase(t.Context(), []sqlstore.Erasure{later}); err != nil {
			t.Fatal(err)
		}
		if _, err := i.Lobby.Workspace(t.Context(), gone.Workspace); !errors.Is(err, workspace.ErrWorkspaceNotFound) {
			t.Errorf("one that was deleted since: %v", err)
		}
	})
}

// fillWorkspace gives a workspace people of each role, and erases one.
func fillWorkspace(t *testing.T, lobby *people.Lobby, id workspace.ID) {
	t.Helper()
	ws, err := lobby.Workspace(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, userID := range []string{"a", "b", "erased"} {
		p, err := lobby.CreateVisitor(t.Context(), ws.Caller(), &people.Person{AnonymousID: userID, Name: userID})
		if err == nil && userID == "erased" {
			_, err = lobby.DeleteVisitor(t.Context(), ws.Caller(), people.VisitorRef{ID: p.ID})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestANewerSchemaEndsReadiness(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, on testkit.Option) {
		store := testkit.Open(t, on)
		if err := store.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := store.Exec(t.Context(), `INSERT INTO migrations (number, hash) VALUES (9999, 'x')`); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { // the database is used again
			if err := store.Exec(context.Background(), `DELETE FROM migrations WHERE number = 9999`); err != nil {
				t.Error(err)
			}
		})
		if err := store.Ready(t.Context()); !errors.Is(err, workspace.ErrUnavailable) || !strings.Contains(err.Error(), "newer") {
			t.Errorf("ready: %v", err)
		}
	})
}
