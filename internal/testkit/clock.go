package testkit

import (
	"sync/atomic"
	"time"
)

// Began is the Unix second at which the clock of every [Instance] stands at first.
const Began int64 = 1_700_000_000

// Clock stands still until a test lets time pass. It may be used from several goroutines.
type Clock struct{ seconds atomic.Int64 }

// NewClock returns a clock that stands at [Began].
func NewClock() *Clock {
	c := new(Clock)
	c.seconds.Store(Began)
	return c
}

// Now returns the time at which the clock stands.
func (c *Clock) Now() time.Time { return time.Unix(c.seconds.Load(), 0) }

// Set puts the clock to a Unix second, forward or back.
func (c *Clock) Set(second int64) { c.seconds.Store(second) }

// Pass moves the clock by d, of which only whole seconds count.
func (c *Clock) Pass(d time.Duration) { c.seconds.Add(int64(d / time.Second)) }
