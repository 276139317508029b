package testkit

import (
	"context"
	"testing"

	"lobby/internal/app"
	"lobby/internal/sqlstore"
)

// OnFile uses an SQLite file. The default is SQLite in memory.
func OnFile() Option {
	return func(t testing.TB, s *settings) { s.Ephemeral, s.Data = false, t.TempDir() }
}

// OnFolder uses the SQLite file in a folder, which the test has prepared.
func OnFolder(folder string) Option {
	return func(_ testing.TB, s *settings) { s.Ephemeral, s.Data = false, folder }
}

// OnDatabase uses a PostgreSQL database that the test has prepared.
func OnDatabase(dsn string) Option {
	return func(_ testing.TB, s *settings) { s.Ephemeral, s.Database = false, dsn }
}

// OnPostgres uses a database of [MigratedPostgres], and skips the test if that does.
func OnPostgres() Option {
	return func(t testing.TB, s *settings) { s.Ephemeral, s.Database = false, MigratedPostgres(t) }
}

// Open opens an empty store and closes it when t ends.
func Open(t testing.TB, options ...Option) *sqlstore.Store {
	t.Helper()
	return opened(t)(app.Open(context.Background(), settingsOf(t, options).Config))
}

// EachDatabase runs a test on each kind of database, as the parallel sub-tests sqlite and postgres. The test passes on to
// [Start] or [Open], after all other options. SQLite is in memory unless [OnFile] is among these.
func EachDatabase(t *testing.T, test func(t *testing.T, on Option)) {
	t.Helper()
	for name, on := range map[string]Option{"sqlite": func(testing.TB, *settings) {}, "postgres": OnPostgres()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, on)
		})
	}
}

func settingsOf(t testing.TB, options []Option) settings {
	t.Helper()
	s := settings{Config: defaults(t)}
	for _, option := range options {
		option(t, &s)
	}
	return s
}

// opened fails t if a store could not be opened, and closes it when t ends.
func opened(t testing.TB) func(*sqlstore.Store, error) *sqlstore.Store {
	return func(store *sqlstore.Store, err error) *sqlstore.Store {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := store.Close(); err != nil {
				t.Errorf("close the store: %v", err)
			}
		})
		return store
	}
}
