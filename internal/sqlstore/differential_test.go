package sqlstore_test

import (
	"testing"

	"lobby/internal/people/storetest"
	"lobby/internal/testkit"
)

// A life is a hundred steps: 2,500 are taken on both databases together, as TestMain has it. Where LOBBY_TEST_DEEP=1 it is
// ten thousand, and a million more on SQLite alone.
func TestBothDatabasesAndASimpleModelAgree(t *testing.T) {
	t.Parallel()
	sqlite := checked{testkit.Open(t)}
	if testkit.IsDeep() {
		storetest.Differential(t, 10_000, sqlite)
	}
	storetest.Differential(t, 100, sqlite, checked{testkit.Open(t, testkit.OnPostgres())})
}
