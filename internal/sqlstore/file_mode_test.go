package sqlstore_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

func TestOnlyTheOwnerMayReadTheFiles(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(t *testing.T, folder string){
		"new folder": func(*testing.T, string) {},
		"open folder": func(t *testing.T, folder string) {
			mustNot(t, os.Mkdir(folder, 0o755))
		},
		"open files": func(t *testing.T, folder string) {
			store := openFolder(t, folder)
			writeWorkspace(t, store)
			for _, file := range filesIn(t, folder) {
				mustNot(t, os.Chmod(file, 0o644))
			}
			mustNot(t, store.Close())
			mustNot(t, os.WriteFile(filepath.Join(folder, "lobby.db-journal"), nil, 0o644))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "data")
			prepare(t, folder)
			for range 2 { // a start, and another
				store := openFolder(t, folder)
				writeWorkspace(t, store)
				onlyOwner(t, folder)
				mustNot(t, store.Close()) // which writes the log into the file
				onlyOwner(t, folder)
			}
		})
	}
}

func openFolder(t *testing.T, folder string) *sqlstore.Store {
	t.Helper()
	store, err := sqlstore.OpenSQLite(t.Context(), folder)
	mustNot(t, err)
	return store
}

func writeWorkspace(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	lobby := people.New(store, enrich.PseudonymFrom)
	_, err := lobby.CreateWorkspace(context.Background(), workspace.Draft{})
	mustNot(t, err)
}

func filesIn(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	mustNot(t, err)
	for _, entry := range entries {
		all = append(all, filepath.Join(folder, entry.Name()))
	}
	if len(all) == 0 {
		t.Fatal("there are no files")
	}
	return all
}

func onlyOwner(t *testing.T, folder string) {
	t.Helper()
	for _, file := range filesIn(t, folder) {
		info, err := os.Stat(file)
		mustNot(t, err)
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o", filepath.Base(file), mode)
		}
	}
}

func mustNot(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
