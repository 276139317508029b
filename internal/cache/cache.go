// Package cache keeps looked-up values for a limited time, in limited memory.
// The fronts use it for what anybody may request without a token: workspaces by app id, tokens, scripts.
// It must not know what it keeps.
package cache

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Cache keeps a max number of values, each for a time to live. Its keys may come from an attacker: a full cache drops keys
// that were requested once before keys that are requested repeatedly. So a flood of new keys does not evict those in use.
// It counts entries, not bytes: keys and values need a fixed size, as a [Digest] has.
// It is safe for concurrent use.
//
// It does not use the expirable cache of the same module, because each of those runs a goroutine that never ends.
type Cache[K comparable, V any] struct {
	ttl     time.Duration
	entries *lru.TwoQueueCache[K, entry[V]]

	mu sync.Mutex // held while entries come and go
	// forgotten counts the calls of Forget and Clear. A value whose load began before such a call may be stale.
	forgotten int
}

type entry[V any] struct {
	value   V
	expires time.Time
}

// New returns an empty cache of max size keys; size must be positive.
func New[K comparable, V any](ttl time.Duration, size int) *Cache[K, V] {
	entries, err := lru.New2Q[K, entry[V]](size)
	if err != nil {
		panic(err) // the size is a constant of the program
	}
	return &Cache[K, V]{ttl: ttl, entries: entries}
}

// Get returns the cached value of a key, or else what load returns. A value that comes with an error is not kept. Two
// concurrent callers with the same new key may both load it; the value of one of them is kept.
func (c *Cache[K, V]) Get(key K, load func() (V, error)) (V, error) {
	now := time.Now() // not the clock that tests set: a value must not outlive its time when that clock stands still
	if found, ok := c.entries.Get(key); ok && now.Before(found.expires) {
		return found.value, nil
	}
	before := c.timesForgotten()
	value, err := load()
	if err != nil {
		return value, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgotten == before {
		c.entries.Add(key, entry[V]{value, now.Add(c.ttl)})
	}
	return value, nil
}

func (c *Cache[K, V]) timesForgotten() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.forgotten
}

// Forget drops the value of a key. No later Get returns what was loaded before.
func (c *Cache[K, V]) Forget(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	c.entries.Remove(key)
}

// Clear drops everything. No later Get returns what was loaded before.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgotten++
	c.entries.Purge()
}
