package sqlstore

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"lobby/internal/personindex"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

const (
	// flushEvery is how long a touch waits to be written, and so what a crash may lose.
	flushEvery = 5 * time.Second
	// flushBatch is how many touches are written in one transaction, so that other writes come in between.
	flushBatch = 500
	// maxTouches is how many touches may wait. With so many, the next flush begins at once.
	maxTouches = 100_000
)

// touches are the times of visitors seen since they were last written. Every read shows them.
type touches struct {
	some atomic.Bool // whether there are any, for the many reads of a server without pages

	mu      sync.RWMutex
	waiting map[visitorKey]int64

	begin sync.Once // of the worker, which a store without touches never has
	full  chan struct{}
	stop  context.CancelFunc
	done  chan struct{}
}

type visitorKey struct {
	ws workspace.ID
	id string
}

// Touch implements people.Store.
func (s *Store) Touch(ws workspace.ID, visitorID string, at int64) {
	w := &s.touches
	w.begin.Do(s.startFlushing)
	w.mu.Lock()
	if w.waiting == nil {
		w.waiting = map[visitorKey]int64{}
	}
	key := visitorKey{ws, visitorID}
	w.waiting[key] = max(w.waiting[key], at)
	full := len(w.waiting) >= maxTouches
	w.some.Store(true)
	w.mu.Unlock()
	if full {
		select {
		case w.full <- struct{}{}:
		default: // a flush is due already
		}
	}
}

// count returns how many there are.
func (w *touches) count() int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return len(w.waiting)
}

// seen returns when a visitor was seen since it was written, 0 for never.
func (w *touches) seen(ws workspace.ID, id string) int64 {
	if w == nil || !w.some.Load() {
		return 0
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.waiting[visitorKey{ws, id}]
}

// Flush implements people.Store.
func (s *Store) Flush(ctx context.Context) error {
	w := &s.touches
	if !w.some.Load() {
		return nil
	}
	w.mu.RLock()
	keys := make([]visitorKey, 0, len(w.waiting))
	for key := range w.waiting {
		keys = append(keys, key)
	}
	w.mu.RUnlock()
	// Sorted, so that servers on one database cannot deadlock.
	slices.SortFunc(keys, func(a, b visitorKey) int { return cmp.Or(cmp.Compare(a.ws, b.ws), cmp.Compare(a.id, b.id)) })
	return s.flushAll(ctx, keys)
}

// flushAll writes touches, each workspace in transactions of its own where servers share the database: they may be on
// different machines there, and one that is away keeps nobody else's from being written.
func (s *Store) flushAll(ctx context.Context, keys []visitorKey) error {
	var failed []error
	for len(keys) > 0 {
		n := min(len(keys), flushBatch)
		if s.engine.Dialect().Locks {
			if i := slices.IndexFunc(keys[:n], func(k visitorKey) bool { return k.ws != keys[0].ws }); i > 0 {
				n = i
			}
		}
		failed = append(failed, s.flush(ctx, keys[:n]))
		keys = keys[n:]
	}
	return errors.Join(failed...)
}

const touchVisitor = `UPDATE people SET last_seen_at = $3 WHERE workspace = $1 AND id = $2 AND role = 'visitor'
	AND state IS NULL AND (last_seen_at IS NULL OR last_seen_at < $3)`

// flush writes some touches. Those of a person that is no visitor any more are dropped: the change that made it
// something else has written them.
func (s *Store) flush(ctx context.Context, keys []visitorKey) error {
	w := &s.touches
	written := make(map[visitorKey]int64, len(keys))
	for _, key := range keys {
		written[key] = w.seen(key.ws, key.id)
	}
	err := s.write(ctx, func(on sqlengine.Session) error {
		for _, key := range keys {
			args := []any{string(key.ws), key.id, written[key]}
			if s.index == nil { // nobody waits for what became of one touch
				if err := on.Exec(touchVisitor, args); err != nil {
					return err
				}
				continue
			}
			isNew, err := on.Insert(touchVisitor, args)
			if err != nil {
				return err
			}
			if isNew {
				(&tx{Session: on}).noteChange(key.ws, seenChange(personindex.Visitors, key.id, written[key]))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, at := range written {
		if w.waiting[key] == at { // else it was seen again
			delete(w.waiting, key)
		}
	}
	w.some.Store(len(w.waiting) > 0)
	return nil
}

// forget drops the touches of a workspace that wait to be written; "" stands for all workspaces.
func (w *touches) forget(ws workspace.ID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.DeleteFunc(w.waiting, func(key visitorKey, _ int64) bool { return ws == "" || key.ws == ws })
	w.some.Store(len(w.waiting) > 0)
}

// startFlushing starts the worker. Touches that cannot be written stay and are tried again.
func (s *Store) startFlushing() {
	w := &s.touches
	ctx, stop := context.WithCancel(context.Background())
	w.stop, w.full, w.done = stop, make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(w.done)
		tick := time.NewTicker(flushEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			case <-w.full:
			}
			if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
				s.observer.BackgroundFailed("touches", err)
			}
		}
	}()
}

// stopFlushing ends the worker and writes the waiting touches.
func (s *Store) stopFlushing() error {
	w := &s.touches
	w.begin.Do(func() {}) // from now on nothing starts it
	if w.stop == nil {
		return nil
	}
	w.stop()
	<-w.done
	ctx, cancel := context.WithTimeout(context.Background(), flushEvery)
	defer cancel()
	return s.Flush(ctx)
}
