package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// node is one server of several on one database, with a clock of its own.
type node struct {
	*people.Lobby
	late atomic.Int64 // seconds
}

func nodeOn(t *testing.T, dsn string) *node {
	t.Helper()
	store, err := sqlstore.OpenPostgres(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() }) //nolint:errcheck // the test is over
	n := &node{Lobby: people.New(store, nil)}
	n.Now = func() time.Time { return time.Unix(1_700_000_000+n.late.Load(), 0) }
	return n
}

func (n *node) emit(ctx context.Context, id string, between func()) error {
	return n.Store.Write(ctx, func(w people.Writer) error {
		err := w.Emit(&workspace.OutboxEntry{Workspace: "acme", ID: id, Topic: people.EventCreated, CreatedAt: 1_700_000_000})
		between()
		return err
	})
}

// reader follows the outbox, and keeps how often it was shown each entry.
type reader struct {
	after int64
	shown map[string]int
}

func (r *reader) read(t *testing.T, n *node) {
	t.Helper()
	err := n.Store.Read(t.Context(), func(tx people.Reader) error {
		page, err := tx.(workspace.Writer).Outbox("acme", r.after, 1000)
		for _, e := range page {
			r.shown[e.ID]++
			r.after = e.Sequence
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestATransactionThatIsHeldOpenIsNotMissed(t *testing.T) {
	t.Parallel()
	n := nodeOn(t, testkit.Postgres(t))
	begun, end := make(chan struct{}), make(chan struct{})
	var held sync.WaitGroup
	held.Go(func() {
		err := n.emit(t.Context(), "a", func() {
			close(begun)
			<-end
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	r := &reader{shown: map[string]int{}}
	err := n.emit(t.Context(), "b", func() {})
	if _, stampErr := n.StampOutbox(t.Context(), "n"); err != nil || stampErr != nil {
		t.Error(err, stampErr)
	}
	r.read(t, n)
	close(end)
	held.Wait()
	if _, err := n.StampOutbox(t.Context(), "n"); err != nil {
		t.Error(err)
	}
	r.read(t, n)
	if r.shown["a"] != 1 || r.shown["b"] != 1 {
		t.Errorf("shown are %v, want a and b once", r.shown)
	}
}

// Two servers write and give out sequences; the one that has the lease is gone halfway.
func TestAReaderMissesNothingWhileServersCommitInAnyOrder(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	nodes := []*node{nodeOn(t, dsn), nodeOn(t, dsn)}
	const writers, each = 6, 40
	ctx, gone := context.WithCancel(t.Context())
	defer gone()
	var written atomic.Int64
	var writing, stamping sync.WaitGroup
	for i := range writers {
		writing.Go(func() {
			for j := range each {
				// The ids of one run the other way.
				err := nodes[i%2].emit(t.Context(), fmt.Sprintf("%02d-%04d", i, (each-j)*(1-2*(i%2))+each), func() {
					time.Sleep(time.Duration((i*7+j*3)%5) * time.Millisecond)
				})
				if err != nil {
					t.Error(err)
				}
				if written.Add(1) == writers*each/2 {
					gone()
					nodes[1].late.Store(11)
				}
			}
		})
	}
	done := make(chan struct{})
	stamp := func(ctx context.Context, n *node, holder string) {
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			default:
			}
			if _, err := n.StampOutbox(ctx, holder); err != nil && !errors.Is(err, workspace.ErrUnavailable) && ctx.Err() == nil {
				t.Error(err)
			}
		}
	}
	stamping.Go(func() { stamp(ctx, nodes[0], "first") })
	stamping.Go(func() { stamp(t.Context(), nodes[1], "second") })
	r := &reader{shown: map[string]int{}}
	go func() {
		writing.Wait()
		close(done)
	}()
	for reading := true; reading; {
		select {
		case <-done:
			reading = false
		default:
		}
		r.read(t, nodes[1])
	}
	stamping.Wait()
	nodes[1].late.Store(22)
	if _, err := nodes[1].StampOutbox(t.Context(), "third"); err != nil {
		t.Error(err)
	}
	r.read(t, nodes[1])
	if len(r.shown) != writers*each || r.after != writers*each {
		t.Errorf("%d entries were shown, the last with the sequence %d, want %d", len(r.shown), r.after, writers*each)
	}
	for id, times := range r.shown {
		if times != 1 {
			t.Errorf("%s was shown %d times", id, times)
		}
	}
}
