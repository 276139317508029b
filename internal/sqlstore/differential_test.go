package sqlstore_test

import (
	"os"
	"testing"

	"lobby/internal/people/storetest"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
)

// A life is a hundred steps: ten thousand are taken on both databases together, and a million more, on SQLite alone,
// where LOBBY_TEST_DEEP=1.
func TestBothDatabasesAndASimpleModelAgree(t *testing.T) {
	t.Parallel()
	memory, err := sqlstore.OpenMemory(t.Context())
	sqlite := opened(t, memory, err)
	t.Cleanup(func() { memory.Close() }) //nolint:errcheck // it is in memory
	if os.Getenv("LOBBY_TEST_DEEP") == "1" {
		storetest.Differential(t, 10_000, sqlite)
	}
	server, err := sqlstore.OpenPostgres(t.Context(), testkit.Postgres(t))
	postgres := opened(t, server, err)
	t.Cleanup(func() { server.Close() }) //nolint:errcheck // its database goes with it
	storetest.Differential(t, 100, sqlite, postgres)
}
