// Package tally counts what comes in, by key and window of time, and adds what other servers counted. The fronts use it for
// rate limits: servers on one database exchange their counts in the background, so that no request asks the database.
// It must not know what it counts, or how the counts travel.
package tally

import (
	"maps"
	"slices"
	"sync"
)

const (
	// maxKeys bounds the memory of a counter, per window. Further keys are not counted for the other servers.
	maxKeys = 100_000
	// maxShared is how many keys a counter reports at most, those with the highest counts.
	maxShared = 500
)

// Counter counts by key in windows of fixed length. It is safe for concurrent use.
type Counter struct {
	seconds  int64 // of a window
	share    int64 // the count from which a key is reported
	isShared bool
	learn    func(key string, more int64) // nil for none

	mu     sync.Mutex
	window int64            // the Unix second at which the present window began
	own    map[string]int64 // by this server
	others map[string]int64 // by all others together
}

// WindowAt returns the Unix second at which the window of another Unix second began.
func (c *Counter) WindowAt(at int64) int64 { return at - at%c.seconds }

// Add counts one at a Unix second. It returns how many all servers counted in the window, as far as they have told.
func (c *Counter) Add(key string, at int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begin(at)
	n, isKnown := c.own[key]
	if !isKnown && len(c.own) >= maxKeys {
		return c.others[key] + 1
	}
	c.own[key] = n + 1
	return n + 1 + c.others[key]
}

// Others returns how many the other servers counted in the window of a Unix second.
func (c *Counter) Others(key string, at int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begin(at)
	return c.others[key]
}

// Forget forgets all counts of the present window.
func (c *Counter) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.own = nil // the next call begins a window
}

// begin starts a new window when the present one is over. A clock that goes back starts one, too.
func (c *Counter) begin(at int64) {
	if window := c.WindowAt(at); window != c.window || c.own == nil {
		c.window, c.own, c.others = window, map[string]int64{}, map[string]int64{}
	}
}

// counts are those of one counter of one server, as they travel.
type counts struct {
	Window int64            `json:"window"`
	Counts map[string]int64 `json:"counts"`
}

// report returns the counts that other servers should know; nil for none.
func (c *Counter) report(at int64) *counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begin(at)
	shared := map[string]int64{}
	for key, n := range c.own {
		if n >= c.share {
			shared[key] = n
		}
	}
	if len(shared) > maxShared {
		keys := slices.SortedFunc(maps.Keys(shared), func(a, b string) int { return int(shared[b] - shared[a]) })
		for _, key := range keys[maxShared:] {
			delete(shared, key)
		}
	}
	if len(shared) == 0 {
		return nil
	}
	return &counts{c.window, shared}
}

// replaceOthers takes the counts of all other servers. Those of another window count nothing.
func (c *Counter) replaceOthers(all []*counts, at int64) {
	sum := map[string]int64{}
	more := map[string]int64{}
	c.mu.Lock()
	c.begin(at)
	for _, other := range all {
		if other == nil || other.Window != c.window {
			continue
		}
		for key, n := range other.Counts {
			sum[key] += n
		}
	}
	for key, n := range sum {
		if n > c.others[key] {
			more[key] = n - c.others[key]
		}
	}
	c.others = sum
	c.mu.Unlock()
	if c.learn == nil {
		return
	}
	for key, n := range more {
		c.learn(key, n)
	}
}
