package sqlengine

import (
	"context"
	"log/slog"
	"runtime"
	"time"
)

// Observer learns what an engine does, and what fails in its background, where no caller sees it.
// Its methods may be called concurrently, and must return at once: writes wait for them.
type Observer interface {
	// Committed is called after a commit of the embedded database. It gets how long each of its writes waited for its
	// turn, and how long the commit itself took.
	Committed(waits []time.Duration, took time.Duration)
	// Checkpointed is called after an attempt to copy the write-ahead log into the database file; err is nil when it
	// succeeded. The failure is reported to BackgroundFailed too.
	Checkpointed(took time.Duration, err error)
	// Retried is called when a transaction on PostgreSQL has to run again.
	Retried()
	// BackgroundFailed is called when work that no caller waits for has failed. The work is tried again.
	BackgroundFailed(task string, err error)
}

// Options say how a database is opened. Defaults returns usual values for all of them.
type Options struct {
	Observer Observer
	// Readers is how many reads of an embedded database in a file may run at once.
	Readers int
	// PageCache is how many bytes of pages each connection to the embedded database keeps.
	PageCache int64
	// MaxConns is the size of the pool of connections to PostgreSQL; 0 leaves it to the URL, and
	// without pool_max_conns there it is 4 per processor, at least 20.
	MaxConns int
	// Timeout is how long a transaction on PostgreSQL may take, commit included, unless its context has a deadline of its
	// own; 0 is no limit. A statement that has begun is not cut off when the context is cancelled earlier.
	Timeout time.Duration
	// Owner returns on whose behalf a transaction on PostgreSQL runs, and "" for nobody's. No owner gets more than half of
	// the pool. nil knows of no owners.
	Owner func(context.Context) string
	// Follower is told of the commits of an embedded database; nil for none.
	Follower Follower
	// Writing is called before each statement that writes to an embedded database; nil for none.
	Writing Writing
}

// Defaults returns the usual options. Their observer logs failures to slog's default logger. More readers than there
// are processors would only split the memory for pages among more connections.
func Defaults() Options {
	return Options{Observer: unobserved{}, Readers: max(2, runtime.GOMAXPROCS(0)), PageCache: 32 << 20}
}

// unobserved is the default observer.
type unobserved struct{}

func (unobserved) Committed([]time.Duration, time.Duration) {}

func (unobserved) Checkpointed(time.Duration, error) {}

func (unobserved) Retried() {}

func (unobserved) BackgroundFailed(task string, err error) {
	slog.Warn("background work failed", "task", task, "error", err)
}
