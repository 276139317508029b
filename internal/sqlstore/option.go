package sqlstore

import (
	"log/slog"
	"runtime"
	"time"
)

// Observer is told what a store does, and what goes wrong in its background, where no caller learns of it.
// Its methods may be called concurrently, and must return at once: writes wait for them.
type Observer interface {
	// Committed is called after a commit of the embedded database: how long each of its writes waited for its turn, and
	// how long the commit itself took.
	Committed(waits []time.Duration, took time.Duration)
	// Checkpointed is called after an attempt to copy the write-ahead log into the database file; err is nil when it
	// succeeded. The failure is reported to BackgroundFailed too.
	Checkpointed(took time.Duration, err error)
	// Retried is called when PostgreSQL asked for a transaction to run again.
	Retried()
	// BackgroundFailed is called when work that no caller waits for has failed; it is tried again.
	BackgroundFailed(task string, err error)
}

// Option changes how a store is opened.
type Option func(*options)

type options struct {
	observer  Observer
	readers   int
	pageCache int64 // bytes a connection
	maxConns  int   // 0 leaves it to the URL
}

// WithObserver has a store tell o what it does. Without it, background failures go to slog's default logger.
func WithObserver(o Observer) Option { return func(to *options) { to.observer = o } }

// WithReaders sets how many reads of the embedded database may run at once; 0 leaves the default.
func WithReaders(n int) Option { return func(to *options) { set(&to.readers, n) } }

// WithPageCache sets how many bytes of pages each connection to the embedded database keeps; 0 leaves the default.
func WithPageCache(bytes int64) Option { return func(to *options) { set(&to.pageCache, bytes) } }

// WithMaxConns sets the size of the pool of connections to PostgreSQL; 0 leaves it to the URL.
func WithMaxConns(n int) Option { return func(to *options) { set(&to.maxConns, n) } }

func set[T int | int64](to *T, v T) {
	if v > 0 {
		*to = v
	}
}

// opened returns the options of a store. More readers than there are processors would only share the pages that each
// connection keeps in memory among more of them.
func opened(all []Option) options {
	o := options{observer: unobserved{}, readers: max(2, runtime.GOMAXPROCS(0)), pageCache: 32 << 20}
	for _, option := range all {
		option(&o)
	}
	return o
}

// unobserved is the observer of a store that was given none.
type unobserved struct{}

func (unobserved) Committed([]time.Duration, time.Duration) {}
func (unobserved) Checkpointed(time.Duration, error)        {}
func (unobserved) Retried()                                 {}

func (unobserved) BackgroundFailed(task string, err error) {
	slog.Warn("background work failed", "task", task, "error", err)
}
