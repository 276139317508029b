package testkit

import (
	"sync/atomic"
	"time"
)

// Began is the Unix second at which the clock of every [Instance] starts.
const Began int64 = 1_700_000_000

// Clock stands still until a test moves it. It is safe for concurrent use.
type Clock struct{ seconds atomic.Int64 }

// NewClock returns a clock at [Began].
func NewClock() *Clock {
	c := new(Clock)
	c.seconds.Store(Began)
	return c
}

// Now returns the time of the clock.
func (c *Clock) Now() time.Time { return time.Unix(c.seconds.Load(), 0) }

// Set sets the clock to a Unix second, forward or back.
func (c *Clock) Set(second int64) { c.seconds.Store(second) }

// Pass moves the clock forward by the whole seconds of d.
func (c *Clock) Pass(d time.Duration) { c.seconds.Add(int64(d / time.Second)) }
