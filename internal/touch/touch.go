// Package touch keeps when somebody was last seen until that is written, many at once. It must not know who they are, and asks
// no database.
package touch

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// FlushEvery is how long a touch waits to be written, and so what a crash may lose.
	FlushEvery = 5 * time.Second
	// MaxWaiting is how many touches may wait. With so many, the next flush begins at once.
	MaxWaiting = 100_000
)

// Touches are the times that are yet to be written, by key. They are safe for concurrent use.
type Touches[K comparable] struct {
	// flush writes those that wait, and failed learns of its errors in the background.
	flush  func(context.Context) error
	failed func(error)

	some atomic.Bool // whether there are any, for the many reads of a server without pages

	mu      sync.RWMutex
	waiting map[K]int64

	begin sync.Once // of the worker, which exists from the first touch on
	full  chan struct{}
	stop  context.CancelFunc
	done  chan struct{}
}

// New returns touches of which none waits yet. A worker calls flush when touches wait to be written, which stay until [Touches.Written]: those that
// cannot be written are tried again.
func New[K comparable](flush func(context.Context) error, failed func(error)) *Touches[K] {
	return &Touches[K]{flush: flush, failed: failed, waiting: map[K]int64{}, full: make(chan struct{}, 1), done: make(chan struct{})}
}

// Note says that a key was seen at a time, which counts when it is later than the former one.
func (t *Touches[K]) Note(key K, at int64) {
	t.begin.Do(t.start)
	t.mu.Lock()
	t.waiting[key] = max(t.waiting[key], at)
	full := len(t.waiting) >= MaxWaiting
	t.some.Store(true)
	t.mu.Unlock()
	if full {
		t.Hurry()
	}
}

// Hurry has the worker write now.
func (t *Touches[K]) Hurry() {
	select {
	case t.full <- struct{}{}:
	default: // a flush is due already
	}
}

// Count returns how many wait.
func (t *Touches[K]) Count() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.waiting)
}

// Seen returns when a key was seen since it was written, 0 for never. Of nil touches nobody was.
func (t *Touches[K]) Seen(key K) int64 {
	if t == nil || !t.some.Load() {
		return 0
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.waiting[key]
}

// Keys returns the keys that wait, in the order of compare; nil for none.
func (t *Touches[K]) Keys(compare func(a, b K) int) []K {
	if !t.some.Load() {
		return nil
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	return slices.SortedFunc(maps.Keys(t.waiting), compare)
}

// Written drops what was written, unless it was seen again.
func (t *Touches[K]) Written(all map[K]int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, at := range all {
		if t.waiting[key] == at {
			delete(t.waiting, key)
		}
	}
	t.some.Store(len(t.waiting) > 0)
}

// Forget drops those of the keys that isMeant accepts, unwritten.
func (t *Touches[K]) Forget(isMeant func(K) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.DeleteFunc(t.waiting, func(key K, _ int64) bool { return isMeant(key) })
	t.some.Store(len(t.waiting) > 0)
}

// start starts the worker.
func (t *Touches[K]) start() {
	var ctx context.Context
	ctx, t.stop = context.WithCancel(context.Background())
	go func() {
		defer close(t.done)
		tick := time.NewTicker(FlushEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			case <-t.full:
			}
			if err := t.flush(ctx); err != nil && ctx.Err() == nil {
				t.failed(err)
			}
		}
	}()
}

// Close ends the worker and writes what waits.
func (t *Touches[K]) Close() error {
	t.begin.Do(func() {}) // from now on nothing starts it
	if t.stop == nil {
		return nil
	}
	t.stop()
	<-t.done
	ctx, cancel := context.WithTimeout(context.Background(), FlushEvery)
	defer cancel()
	return t.flush(ctx)
}
