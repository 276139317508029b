package sqlstore_test

import (
	"context"
	"testing"

	"lobby/internal/app"
	"lobby/internal/inbox"
	"lobby/internal/inbox/storetest"
	"lobby/internal/people"
	"lobby/internal/testkit"
)

func TestInboxStore(t *testing.T) {
	t.Parallel()
	for name, on := range map[string]testkit.Option{"sqlite": testkit.OnFile(), "postgres": testkit.OnPostgres()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) (storetest.Join, storetest.Database) {
				store := testkit.Open(t, on)
				store.SetLimits(1000, 10, 100_000) // what is done with many matches is done with a few
				return func() (*people.Lobby, *inbox.Inbox) { return app.Join(store) }, checked{store}
			})
		})
	}
}

// A life is 80 steps, and TestMain says how many lives there are.
func TestBothDatabasesAndAModelOfConversationsAgree(t *testing.T) {
	t.Parallel()
	join := func(on ...testkit.Option) storetest.Join {
		store := testkit.Open(t, on...)
		t.Cleanup(func() {
			if found, err := (checked{store}).Breaches(context.Background()); err != nil || len(found) > 0 {
				t.Errorf("the store breaks invariants: %q, %v", found, err)
			}
		})
		return func() (*people.Lobby, *inbox.Inbox) { return app.Join(store) }
	}
	storetest.Differential(t, join(), join(testkit.OnPostgres()))
}
