package rowcache

// View is what one read takes from a cache. All rows are of one state, and the read may go on with the rows of the database
// as long as IsCurrent says so when its transaction begins.
type View[R any] struct {
	cache *Cache[R]
	epoch int64
	taken []*kept[R]
}

// View returns a view for a read that has not begun its transaction; nil for no cache.
func (c *Cache[R]) View() *View[R] {
	if c == nil {
		return nil
	}
	return &View[R]{cache: c, epoch: c.epoch.Load()}
}

// Get returns a row by its key; nil when it is not there.
func (v *View[R]) Get(key Key) *R { return v.take(v.cache.get(key, false)) }

// GetByAlias is Get by the other key.
func (v *View[R]) GetByAlias(alias Key) *R { return v.take(v.cache.get(alias, true)) }

func (v *View[R]) take(k *kept[R]) *R {
	if k == nil || !v.IsCurrent() { // each alone is that of some commit, but not of the same
		return nil
	}
	v.taken = append(v.taken, k)
	return k.row
}

// IsCurrent reports whether all rows that were taken are still those of the last commit.
func (v *View[R]) IsCurrent() bool {
	for _, k := range v.taken {
		if v.cache.Get(k.entry.Key) != k.row {
			return false
		}
	}
	return true
}

// Add remembers a row that was read in the transaction, unless a statement has changed anything since the view was made. It
// reports whether the cache has it, which then must not be changed.
func (v *View[R]) Add(row *R) bool {
	c, k := v.cache, &kept[R]{row, v.cache.describe(row)}
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.isUnknown && v.epoch == c.epoch.Load() && c.written[k.entry.Key] == 0 && c.remember(k)
}
