// Package rowcache keeps rows of a database in memory, always as the last commit left them. It suits a database that one
// process has: it must be told of every statement before that changes rows. It must not know what the rows are.
package rowcache

import (
	"sync"
	"sync/atomic"
)

// Key names a row.
type Key struct{ Space, ID string }

// Entry says what a row is to a cache.
type Entry struct {
	// Key is the primary key of the row, and Alias another key of it; the zero Key for none. Both never change.
	Key, Alias Key
	// Bytes is about what the row takes.
	Bytes int
	// MayStay is whether every statement that changes the row names its key. Others are not kept.
	MayStay bool
}

// Cache has rows of type R by key and by alias. Nobody may change a row that is in it. It is safe for concurrent use.
//
// A row is forgotten before a statement changes it, and nobody remembers it again until that transaction has ended.
type Cache[R any] struct {
	describe func(*R) Entry
	maxBytes int // of a generation, of which there are two

	// epoch changes whenever a statement changes something, and when the transaction of such a statement has ended.
	epoch atomic.Int64

	mu         sync.Mutex
	young, old generation[R]
	// written counts the statements about each row in the transaction under way, or in one that was rolled back.
	written map[Key]int
	// isUnknown says that this transaction may have changed anything.
	isUnknown bool
}

type generation[R any] struct {
	rows, byAlias map[Key]*kept[R]
	bytes         int
}

type kept[R any] struct {
	row   *R
	entry Entry
}

func (k *kept[R]) get() *R {
	if k == nil {
		return nil
	}
	return k.row
}

func newGeneration[R any]() generation[R] {
	return generation[R]{rows: map[Key]*kept[R]{}, byAlias: map[Key]*kept[R]{}}
}

func (g *generation[R]) drop(key Key) {
	if k := g.rows[key]; k != nil {
		delete(g.rows, key)
		delete(g.byAlias, k.entry.Alias)
		g.bytes -= k.entry.Bytes
	}
}

// New returns an empty cache for about so many bytes. describe must return the same for the same row.
func New[R any](maxBytes int, describe func(*R) Entry) *Cache[R] {
	return &Cache[R]{describe: describe, maxBytes: maxBytes / 2, young: newGeneration[R](), old: newGeneration[R](), written: map[Key]int{}}
}

// Get returns the row with a key as the last commit left it; nil when it is not there. The transaction under way has not
// changed it.
func (c *Cache[R]) Get(key Key) *R { return c.get(key, false).get() }

// GetByAlias is Get by the other key.
func (c *Cache[R]) GetByAlias(alias Key) *R { return c.get(alias, true).get() }

func (c *Cache[R]) get(key Key, isAlias bool) *kept[R] {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.young.by(isAlias)[key]; k != nil {
		return k
	}
	k := c.old.by(isAlias)[key]
	if k != nil {
		c.put(k)
	}
	return k
}

func (g *generation[R]) by(isAlias bool) map[Key]*kept[R] {
	if isAlias {
		return g.byAlias
	}
	return g.rows
}

func (c *Cache[R]) put(k *kept[R]) {
	if c.young.drop(k.entry.Key); c.young.bytes+k.entry.Bytes > c.maxBytes {
		c.young, c.old = newGeneration[R](), c.young
	}
	c.young.rows[k.entry.Key] = k
	if k.entry.Alias != (Key{}) {
		c.young.byAlias[k.entry.Alias] = k
	}
	c.young.bytes += k.entry.Bytes
}

// remember puts a row into the cache, if it can stay.
func (c *Cache[R]) remember(k *kept[R]) bool {
	if !k.entry.MayStay || k.entry.Bytes > c.maxBytes {
		return false
	}
	c.old.drop(k.entry.Key)
	c.put(k)
	return true
}

func (c *Cache[R]) forgetAll() {
	c.young, c.old = newGeneration[R](), newGeneration[R]()
	clear(c.written)
}

// maxWritten is how many rows a transaction may name before all are forgotten.
const maxWritten = 4096

// Writing must be called before each statement that changes rows, with their keys. Without any, the statement may change
// all rows.
func (c *Cache[R]) Writing(keys ...Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch.Add(1)
	if len(keys) == 0 || len(c.written)+len(keys) > maxWritten {
		c.forgetAll()
		c.isUnknown = true
		return
	}
	for _, key := range keys {
		c.young.drop(key)
		c.old.drop(key)
		c.written[key]++
	}
}

// Rewritten is a row as a statement left it, which may be remembered once that is committed.
type Rewritten[R any] struct {
	*kept[R]
	nth int // of the statements about the row
}

// Rewrote returns what the last statement about a row left. Nobody may change the row any more.
func (c *Cache[R]) Rewrote(row *R) *Rewritten[R] {
	k := &kept[R]{row, c.describe(row)}
	c.mu.Lock()
	defer c.mu.Unlock()
	return &Rewritten[R]{k, c.written[k.entry.Key]}
}

// Committed must be called when a transaction is committed, before any later one begins to write and before anybody is told
// of the commit: with what its statements left of rows, as far as that was not rolled back.
func (c *Cache[R]) Committed(all []*Rewritten[R]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch.Add(1)
	for _, r := range all {
		if !c.isUnknown && c.written[r.entry.Key] == r.nth { // else another statement came after it
			c.remember(r.kept)
		}
	}
	clear(c.written)
	c.isUnknown = false
}

// Clear forgets all rows, which somebody else has changed.
func (c *Cache[R]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch.Add(1)
	c.forgetAll()
}
