// Package cache keeps what was looked up for a while, in limited memory.
// The fronts use it for what strangers can ask for: workspaces by app id, tokens, scripts.
// It must not know what it keeps.
package cache

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Cache keeps values for a time to live, and at most a number of them. Strangers may choose the keys: when it is full it
// drops keys that were asked for once before those that are asked for again and again, so that a crowd of strange keys
// empties nobody else's cache. It counts entries, not bytes: keys and values need a size of their own, as a [Digest] has.
// It is safe for concurrent use.
//
// It does not use the expirable cache of the same module, each of which runs a goroutine that never ends.
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

// New makes a cache of at most size keys, which must be positive.
func New[K comparable, V any](ttl time.Duration, size int) *Cache[K, V] {
	entries, err := lru.New2Q[K, entry[V]](size)
	if err != nil {
		panic(err) // the size is a constant of the program
	}
	return &Cache[K, V]{ttl: ttl, entries: entries}
}

// Get returns the value of a key, or else what load returns for it. It keeps no value that comes with an error. Two
// callers of one new key at once may both load it, and then the value of one of them stays.
func (c *Cache[K, V]) Get(key K, load func() (V, error)) (V, error) {
	now := time.Now() // the clock of the process: a test of another hour must not keep values alive
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
