package sqlengine_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"lobby/internal/sqlengine"
	"lobby/internal/testkit"
)

type ownerKey struct{}

// However much one owner asks for, half of the pool is left to the others.
func TestNoOwnerTakesMoreThanHalfOfThePool(t *testing.T) {
	t.Parallel()
	o := sqlengine.Defaults()
	o.MaxConns = 4
	o.Owner = func(ctx context.Context) string {
		owner, _ := ctx.Value(ownerKey{}).(string)
		return owner
	}
	e := mustOpen(t, onPostgres(testkit.Postgres(t)), o)
	greedy := context.WithValue(t.Context(), ownerKey{}, "greedy")

	const asked = 12
	began, release := make(chan bool, asked), make(chan bool)
	var all sync.WaitGroup
	for range asked {
		all.Go(func() {
			err := e.Read(greedy, func(sqlengine.Session) error {
				began <- true
				<-release
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	<-began
	<-began
	// A third one could begin at any later moment, if it could at all: those that wait have no other sign.
	limited, cancel := context.WithTimeout(greedy, 50*time.Millisecond)
	defer cancel()
	if err := e.Read(limited, func(sqlengine.Session) error { return nil }); !errors.Is(err, sqlengine.ErrUnavailable) {
		t.Errorf("one more of the same owner: %v, want ErrUnavailable when its time is over", err)
	}
	if len(began) > 0 {
		t.Errorf("%d transactions of one owner run, want 2", 2+len(began))
	}
	for _, ctx := range []context.Context{context.WithValue(t.Context(), ownerKey{}, "modest"), t.Context()} {
		if err := e.Write(ctx, func(sqlengine.Session) error { return nil }); err != nil {
			t.Errorf("another owner: %v", err)
		}
	}
	close(release)
	all.Wait()
	if len(began) != asked-2 {
		t.Errorf("%d of the others had their turn, want all %d", len(began), asked-2)
	}
}
