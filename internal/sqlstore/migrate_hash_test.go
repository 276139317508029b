package sqlstore_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
)

// The sums are kept by `sha256sum postgres/*.sql sqlite/*.sql > SHA256SUMS`. A new migration adds its lines; a line that
// is there never changes, because databases of users have run the file as it was.
func TestAppliedMigrationsAreFrozen(t *testing.T) {
	t.Parallel()
	sums, err := os.ReadFile("migrations/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	frozen := map[string]string{}
	for line := range strings.Lines(string(sums)) {
		words := strings.Fields(line)
		frozen[words[1]] = words[0]
	}
	have := 0
	for _, dialect := range []string{"postgres", "sqlite"} {
		for _, m := range migrationsOf(t, dialect) {
			have++
			if want := frozen[dialect+"/"+m.Name]; want != m.Hash {
				t.Errorf("%s/%s has the hash %s, SHA256SUMS says %q: applied migrations are never edited, new ones are added there",
					dialect, m.Name, m.Hash, want)
			}
		}
	}
	if have != len(frozen) {
		t.Errorf("SHA256SUMS names %d files, there are %d", len(frozen), have)
	}
}

func migrationsOf(t *testing.T, dialect string) []sqlstore.Migration {
	t.Helper()
	all, err := sqlstore.Migrations(dialect)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// opener opens the database of a test.
type opener = func(sqlstore.Prepare) (*sqlstore.Store, error)

// eachGrown runs a test on a database of each kind, which it opens as often as it likes.
func eachGrown(t *testing.T, test func(t *testing.T, open opener, on testkit.Option)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		test(t, func(prepare sqlstore.Prepare) (*sqlstore.Store, error) {
			return sqlstore.PrepareSQLite(t.Context(), folder, prepare)
		}, testkit.OnFolder(folder))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		dsn := testkit.Postgres(t)
		test(t, func(prepare sqlstore.Prepare) (*sqlstore.Store, error) {
			return sqlstore.PreparePostgres(t.Context(), dsn, prepare)
		}, testkit.OnDatabase(dsn))
	})
}

// reopen opens a database and closes it at once.
func reopen(open opener, prepare sqlstore.Prepare) error {
	store, err := open(prepare)
	if err != nil {
		return err
	}
	return store.Close()
}

func TestDatabasesOfEverySchemaComeUp(t *testing.T) {
	t.Parallel()
	for last := range len(migrationsOf(t, "sqlite")) + 1 {
		t.Run(fmt.Sprint(last), func(t *testing.T) {
			t.Parallel()
			eachGrown(t, func(t *testing.T, open opener, on testkit.Option) {
				if err := reopen(open, sqlstore.UpTo(last)); err != nil {
					t.Fatal(err)
				}
				if err := reopen(open, sqlstore.MustBeCurrent); !errors.Is(err, sqlstore.ErrOlder) {
					t.Errorf("looked at, it is %v, want ErrOlder", err)
				}
				store, err := open(sqlstore.Migrate)
				if err != nil {
					t.Fatal(err)
				}
				want := migrationsOf(t, "sqlite")
				if strings.HasSuffix(t.Name(), "postgres") {
					want = migrationsOf(t, "postgres")
				}
				got, err := store.MigrationHashes(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if len(got) != len(want) {
					t.Fatalf("it has run %d migrations, want %d", len(got), len(want))
				}
				for i, m := range want {
					if got[i] != m.Hash {
						t.Errorf("migration %s has the hash %q, want %s", m.Name, got[i], m.Hash)
					}
				}
				if err := store.Close(); err != nil {
					t.Fatal(err)
				}
				if err := reopen(open, sqlstore.MustBeCurrent); err != nil {
					t.Errorf("looked at, it is %v", err)
				}
				askEachNoun(t, testkit.Start(t, on)) // which checks the invariants in the end
			})
		})
	}
}

// askEachNoun writes and reads something of each kind.
func askEachNoun(t *testing.T, i *testkit.Instance) {
	t.Helper()
	object := func(pairs ...string) map[string]any {
		all := map[string]any{}
		for n := 0; n < len(pairs); n += 2 {
			all[pairs[n]] = pairs[n+1]
		}
		return all
	}
	for _, ask := range []struct {
		method, path string
		body         any
	}{
		{"POST", "/lobby/v1/visitors", object("user_id", "v")},
		{"GET", "/visitors?user_id=v", nil},
		{"POST", "/visitors/convert", map[string]any{"visitor": object("user_id", "v"), "type": "lead"}},
		{"POST", "/contacts", object("role", "user", "email", "foo@example.com", "external_id", "25")},
		{"GET", "/contacts", nil},
		{"POST", "/contacts/search", map[string]any{"query": object("field", "email", "operator", "=", "value", "foo@example.com")}},
		{"POST", "/companies", object("company_id", "c", "name", "C")},
		{"GET", "/companies", nil},
		{"POST", "/tags", object("name", "vip")},
		{"GET", "/tags", nil},
		{"GET", "/segments", nil},
		{"GET", "/subscription_types", nil},
		{"GET", "/data_attributes", nil},
		{"POST", "/events", map[string]any{"event_name": "e", "created_at": 1_700_000_000, "user_id": "25"}},
		{"GET", "/events?type=user&user_id=25", nil},
		{"GET", "/admins", nil},
		{"GET", "/teams", nil},
		{"GET", "/lobby/v1/away_status_reasons", nil},
		{"GET", "/lobby/v1/settings", nil},
		{"GET", "/me", nil},
	} {
		if answer := i.Do(t, ask.method, ask.path, ask.body); answer.Status >= 300 {
			t.Errorf("%s %s returns %d %s", ask.method, ask.path, answer.Status, answer.Text)
		}
	}
}

func TestADatabaseThatRanAnotherTextIsRefused(t *testing.T) {
	t.Parallel()
	eachGrown(t, func(t *testing.T, open opener, _ testkit.Option) {
		store, err := open(sqlstore.Migrate)
		if err != nil {
			t.Fatal(err)
		}
		altered := strings.Repeat("0", 64)
		err = store.Exec(t.Context(), `UPDATE migrations SET hash = $1 WHERE number = 3`, altered)
		if err := errors.Join(err, store.Close()); err != nil {
			t.Fatal(err)
		}
		for _, prepare := range []sqlstore.Prepare{sqlstore.Migrate, sqlstore.MustBeCurrent} {
			err := reopen(open, prepare)
			if !errors.Is(err, sqlstore.ErrAltered) || !strings.Contains(err.Error(), "migration 3 ") {
				t.Errorf("it is opened with %v, want ErrAltered and the number", err)
			}
		}
	})
}

func TestServersStartTogetherOnAnOldDatabase(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	old, err := sqlstore.PreparePostgres(t.Context(), dsn, sqlstore.UpTo(3))
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	var starting sync.WaitGroup
	for range 8 {
		starting.Go(func() {
			store, err := sqlstore.PreparePostgres(t.Context(), dsn, sqlstore.Migrate)
			if err != nil {
				t.Error(err)
				return
			}
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	starting.Wait()
}
