package sqlengine

import (
	"sync/atomic"
	"time"
)

// moment is a time of this process, which no change of the clock touches.
type moment int64

var origin = time.Now()

func now() moment { return moment(time.Since(origin)) }

// latest is the last of some moments.
type latest struct{ of atomic.Int64 }

func (l *latest) get() moment { return moment(l.of.Load()) }

// raise sets the moment, unless it is later already.
func (l *latest) raise(to moment) {
	for {
		old := l.of.Load()
		if old >= int64(to) || l.of.CompareAndSwap(old, int64(to)) {
			return
		}
	}
}
