package app

import (
	"log/slog"
	"sync"
	"time"
)

// failurePause is how long a task whose failure was logged is not logged again.
const failurePause = time.Minute

// failures counts and logs what goes wrong where no request waits for it. A task that keeps failing is logged once a
// minute.
type failures struct {
	log   *slog.Logger
	count func(task string)
	now   func() time.Time

	mu    sync.Mutex
	tasks map[string]*failing
}

// failing is a task that has failed.
type failing struct {
	logged  time.Time
	skipped int // failures since then that were not logged
}

func newFailures(log *slog.Logger, count func(task string)) *failures {
	return &failures{log: log, count: count, now: time.Now, tasks: map[string]*failing{}}
}

// BackgroundFailed records a failure. The task comes from a fixed list.
func (f *failures) BackgroundFailed(task string, err error) {
	f.count(task)
	f.mu.Lock()
	defer f.mu.Unlock()
	now, last := f.now(), f.tasks[task]
	if last == nil {
		last = &failing{}
		f.tasks[task] = last
	} else if now.Sub(last.logged) < failurePause {
		last.skipped++
		return
	}
	f.log.Error("background work failed", "task", task, "error", err, "skipped", last.skipped)
	*last = failing{logged: now}
}
