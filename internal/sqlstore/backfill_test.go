package sqlstore_test

import (
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

func TestTheBackfillOfSearchKeys(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := sqlstore.OpenSQLite(t.Context(), folder, phones)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Write(t.Context(), func(w people.Writer) error {
		if err := w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: benchSpace, Name: "w", CreatedAt: 1}); err != nil {
			return err
		}
		for i := range 1201 { // more than are handled at once
			if err := w.InsertPerson(benchContact(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before, err := store.Rows(t.Context(), "search_keys")
	if err == nil {
		err = store.Exec(t.Context(), "DELETE FROM search_keys WHERE field <> 'name'")
	}
	if err == nil {
		err = store.Exec(t.Context(), "INSERT INTO chores (name) VALUES ('search_keys')")
	}
	if err == nil {
		err = store.Close()
	}
	if err == nil {
		store, err = sqlstore.OpenSQLite(t.Context(), folder, phones)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // the test is over
	if after, err := store.Rows(t.Context(), "search_keys"); err != nil || after != before || before == 0 {
		t.Errorf("there were %d keys and are %d, %v", before, after, err)
	}
	left, err := store.Rows(t.Context(), "chores")
	if err != nil || left != 0 {
		t.Errorf("%d backfills are left, %v", left, err)
	}
}

func TestTheBackfillOfPhones(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, err := sqlstore.OpenSQLite(t.Context(), folder) // formats no numbers
	if err != nil {
		t.Fatal(err)
	}
	err = store.Write(t.Context(), func(w people.Writer) error {
		return w.InsertPerson(&people.Person{Workspace: "acme", ID: "a", Role: people.User, Phone: "+353 (1) 234-5678", CreatedAt: 1, UpdatedAt: 1})
	})
	if err == nil {
		err = store.Exec(t.Context(), "INSERT INTO chores (name) VALUES ('phones')")
	}
	if err == nil {
		err = store.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sqlstore.OpenSQLite(t.Context(), folder); err == nil || !strings.Contains(err.Error(), "nothing formats the phone numbers") {
		t.Errorf("without a format it is opened with %v", err)
	}
	store, err = sqlstore.OpenSQLite(t.Context(), folder, phones) // the backfill is still to be done
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // the test is over
	err = store.Read(t.Context(), func(r people.Reader) error {
		p, err := r.Person("acme", "a")
		if err == nil && p.FormattedPhone != "+35312345678" {
			t.Errorf("the number is %q", p.FormattedPhone)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
