package sqlstore_test

import (
	"strings"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestTheBackfillOfSearchKeys(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, store *sqlstore.Store) {
		err := store.Write(t.Context(), func(w people.Writer) error {
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
			err = store.RunBackfill(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		if after, err := store.Rows(t.Context(), "search_keys"); err != nil || after != before || before == 0 {
			t.Errorf("there were %d keys and are %d, %v", before, after, err)
		}
		left, err := store.Rows(t.Context(), "chores")
		if err != nil || left != 0 {
			t.Errorf("%d backfills are left, %v", left, err)
		}
	})
}

// The first step drops keys that sort before others. What is written behind its back then is there when the last step comes.
func TestAKeyThatIsWrittenDuringTheBackfill(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, store *sqlstore.Store) {
		ctx := t.Context()
		err := store.Write(ctx, func(w people.Writer) error {
			if err := w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: benchSpace, Name: "w", CreatedAt: 1}); err != nil {
				return err
			}
			for i := range 1000 { // more keys than one step drops
				if err := w.InsertPerson(benchContact(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = store.Exec(ctx, "INSERT INTO chores (name) VALUES ('search_keys')")
		}
		if err == nil {
			err = store.FindBackfill(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		if more, err := store.StepBackfill(ctx); err != nil || !more {
			t.Fatal(more, err)
		}
		err = store.Write(ctx, func(w people.Writer) error {
			before, err := w.Person(benchSpace, benchContact(7).ID)
			if err != nil {
				return err
			}
			after := before.Clone()
			after.CustomAttributes["a"] = search.IntValue(1)
			return w.UpdatePerson(before, after)
		})
		if err == nil {
			err = store.RunBackfill(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		if found, err := store.Check(ctx); err != nil || len(found) > 0 {
			t.Error(found, err)
		}
	})
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

func TestTheBackfillsBringOldSpellingsIntoTheirForm(t *testing.T) {
	t.Parallel()
	testkit.EachDatabase(t, func(t *testing.T, database testkit.Option) {
		store := testkit.Open(t, testkit.OnFile(), database)
		person := func(id string, role people.Role, email, phone string) *people.Person {
			return &people.Person{Workspace: "w", ID: "6553f100aaaaaaaaaaaaaaa" + id, Role: role, Email: email, Phone: phone, CreatedAt: 1_700_000_000, UpdatedAt: 1}
		}
		keepsKeys := store.Kind() == "postgres"
		err := store.Write(t.Context(), func(w people.Writer) error {
			all := []*people.Person{
				person("1", people.User, "ann@example.com", "+1 555-0123"), person("2", people.User, "bob\u200b@example.com", "\u202a+44 20 7946 0958\u202c"),
				person("3", people.User, "bob\u00ad\u200b@example.com", ""), person("4", people.Lead, "\u200bann@example.com", ""),
			}
			for _, p := range all {
				if p.ID[23] == '3' {
					p.Email = "" // until the keys are as they were
				}
				if err := w.InsertPerson(p); err != nil {
					return err
				}
			}
			return w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: "w", Name: "w", CreatedAt: 1})
		})
		for _, sql := range []string{ // as they were
			"UPDATE people SET email = 'bob\u00ad\u200b@example.com', email_key = 'bob\u00ad\u200b@example.com' WHERE id LIKE '%3'",
			"UPDATE people SET email_key = email WHERE id LIKE '%4'", "UPDATE people SET phone_e164 = '+15550123' WHERE id LIKE '%1'",
			"UPDATE people SET phone_e164 = NULL WHERE id LIKE '%2'",
			"INSERT INTO chores (name) VALUES ('phones'), ('email_keys'), ('search_keys')",
		} {
			if err == nil {
				err = store.Exec(t.Context(), sql)
			}
		}
		if err == nil && keepsKeys {
			err = store.Exec(t.Context(), "DELETE FROM search_keys")
		}
		if err == nil {
			err = store.RunBackfill(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		rows := map[string]int64{
			"people WHERE phone_e164 = '+442079460958'":  1,
			"people WHERE phone_e164 IS NOT NULL":        1,
			"people WHERE email_key = 'ann@example.com'": 2,
			"people WHERE email_key = 'bob@example.com'": 1, // one of two
			"people WHERE email_key IS NULL":             0,
			"chores":                                     0,
		}
		if keepsKeys {
			rows["search_keys WHERE field = 'phone' AND key IN ('+442079460958','15550123')"] = 2
			rows["search_keys WHERE field = 'email' AND key = 'ann@example.com'"] = 2
		}
		for query, want := range rows {
			if got, err := store.Rows(t.Context(), query); err != nil || got != want {
				t.Errorf("%s: %d rows, %v, want %d", query, got, err, want)
			}
		}
	})
}
