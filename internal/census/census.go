// Package census keeps counts that take long to find out, so that whoever asks often does not count often.
package census

import (
	"context"
	"sync"
	"time"
)

const (
	// Pause is the least time between two counts.
	Pause = 15 * time.Second
	// share is how little is spent on counting: of the time that passes, one part.
	share = 100
)

// Census keeps the latest counts. The zero value has none. It is safe for concurrent use.
type Census[T any] struct {
	mu     sync.Mutex
	counts T
	due    time.Time     // when to count again
	under  chan struct{} // closed at the end of the count that is under way; nil for none
	once   bool          // whether there are counts
}

// Present returns the latest counts, and has them counted again in the background when they are due. The first caller waits
// until ctx ends; everyone else gets the former ones. A count that fails changes nothing.
func (c *Census[T]) Present(ctx context.Context, count func(context.Context) (T, error)) T {
	c.mu.Lock()
	if c.under == nil && !time.Now().Before(c.due) {
		c.under = make(chan struct{})
		go c.take(context.WithoutCancel(ctx), count, c.under)
	}
	under, once := c.under, c.once
	c.mu.Unlock()
	if !once && under != nil {
		select {
		case <-under:
		case <-ctx.Done():
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts
}

func (c *Census[T]) take(ctx context.Context, count func(context.Context) (T, error), under chan struct{}) {
	began := time.Now()
	counts, err := count(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.counts, c.once = counts, true
	}
	now := time.Now()
	c.due = now.Add(max(Pause, share*now.Sub(began)))
	c.under = nil
	close(under)
}
