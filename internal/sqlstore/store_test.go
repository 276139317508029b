package sqlstore_test

import (
	"os"
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) people.Store {
		store, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
		return opened(t, store, err)
	})
}

func TestSQLiteMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) people.Store {
		store, err := sqlstore.OpenMemory(t.Context())
		return opened(t, store, err)
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) people.Store {
		store, err := sqlstore.OpenPostgres(t.Context(), testkit.Postgres(t))
		return opened(t, store, err)
	})
}

func opened(t *testing.T, store people.Store, err error) people.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return store
}
