package standin

import (
	"context"
	"sync"
	"time"
)

// maxKept is how many bytes the records of one kind may take. The oldest make room for new ones.
const maxKept = 64 << 20

// log keeps what happened, the oldest first.
type log[T any] struct {
	mu    sync.Mutex
	all   []T
	sizes []int
	size  int
	// more is closed when there is a new record.
	more chan struct{}
}

// add adds a record that takes about so many bytes.
func (l *log[T]) add(record T, size int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all, l.sizes = append(l.all, record), append(l.sizes, size)
	for l.size += size; l.size > maxKept && len(l.all) > 1; {
		l.size -= l.sizes[0]
		l.all, l.sizes = l.all[1:], l.sizes[1:]
	}
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
}

// find returns the records that are wanted, and a channel that is closed when there is a new one.
func (l *log[T]) find(isWanted func(*T) bool) (found []T, more <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	found = []T{}
	for i := range l.all {
		if isWanted(&l.all[i]) {
			found = append(found, l.all[i])
		}
	}
	if l.more == nil {
		l.more = make(chan struct{})
	}
	return found, l.more
}

// await is find that waits until there are so many, or the time or ctx ends.
func (l *log[T]) await(ctx context.Context, isWanted func(*T) bool, count int, patience time.Duration) []T {
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		found, more := l.find(isWanted)
		if len(found) >= count {
			return found
		}
		select {
		case <-more:
		case <-end.C:
			return found
		case <-ctx.Done():
			return found
		}
	}
}

// drop drops the records that are meant.
func (l *log[T]) drop(isMeant func(*T) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []T
	var sizes []int
	l.size = 0
	for i := range l.all {
		if !isMeant(&l.all[i]) {
			all, sizes = append(all, l.all[i]), append(sizes, l.sizes[i])
			l.size += l.sizes[i]
		}
	}
	l.all, l.sizes = all, sizes
}
