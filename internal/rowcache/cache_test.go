package rowcache_test

import (
	"strconv"
	"testing"

	"lobby/internal/rowcache"
)

type row struct {
	id, alias string
	bytes     int
	isOther   bool
}

func key(id string) rowcache.Key { return rowcache.Key{Space: "w", ID: id} }

func newCache() *rowcache.Cache[row] {
	return rowcache.New(1000, func(r *row) rowcache.Entry {
		e := rowcache.Entry{Key: key(r.id), Bytes: r.bytes, MayStay: !r.isOther}
		if r.alias != "" {
			e.Alias = key(r.alias)
		}
		return e
	})
}

func TestARowIsKeptFromTheReadOn(t *testing.T) {
	t.Parallel()
	c := newCache()
	r := &row{id: "1", alias: "a", bytes: 10}
	if !c.View().Add(r) || c.Get(key("1")) != r || c.GetByAlias(key("a")) != r || c.Get(key("a")) != nil {
		t.Error("it is not there")
	}
	for name, other := range map[string]*row{"large": {id: "2", bytes: 501}, "of others": {id: "3", isOther: true}} {
		if c.View().Add(other) || c.Get(key(other.id)) != nil {
			t.Errorf("the one that is %s is there", name)
		}
	}
	c.Clear()
	if c.Get(key("1")) != nil || c.GetByAlias(key("a")) != nil {
		t.Error("it was not forgotten")
	}
}

func TestARowThatIsBeingWrittenIsNotKept(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*rowcache.Cache[row]){
		"named": func(c *rowcache.Cache[row]) { c.Writing(key("2"), key("1")) },
		"all":   func(c *rowcache.Cache[row]) { c.Writing() },
		"many": func(c *rowcache.Cache[row]) {
			for i := range 10_000 {
				c.Writing(key(strconv.Itoa(i)))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCache()
			r := &row{id: "1", alias: "a", bytes: 10}
			c.View().Add(r)
			before := c.View()
			write(c)
			if c.Get(key("1")) != nil || c.GetByAlias(key("a")) != nil {
				t.Error("it is still there")
			}
			during := c.View()
			if before.Add(r) || during.Add(r) {
				t.Error("it is remembered before the transaction ends")
			}
			c.Committed(nil)
			if before.Add(r) || during.Add(r) {
				t.Error("what was read before the end of the transaction is remembered")
			}
			if !c.View().Add(r) {
				t.Error("it is not remembered any more")
			}
		})
	}
}

func TestWhatAStatementLeftIsKeptOnceCommitted(t *testing.T) {
	t.Parallel()
	c := newCache()
	first, second := &row{id: "1", bytes: 10}, &row{id: "1", bytes: 10}
	c.Writing(key("1"))
	left := c.Rewrote(first)
	if c.Get(key("1")) != nil {
		t.Error("it is there before the commit")
	}
	c.Committed([]*rowcache.Rewritten[row]{left})
	if c.Get(key("1")) != first {
		t.Error("it is not there")
	}
	c.Writing(key("1"))
	left = c.Rewrote(second)
	c.Writing(key("1")) // in a savepoint that is rolled back, or by a statement that left something else
	c.Committed([]*rowcache.Rewritten[row]{left})
	if c.Get(key("1")) != nil {
		t.Error("what another statement came after is kept")
	}
	c.Writing(key("1"))
	left = c.Rewrote(first)
	c.Writing()
	if c.Committed([]*rowcache.Rewritten[row]{left}); c.Get(key("1")) != nil {
		t.Error("what any statement may have changed is kept")
	}
}

func TestAViewKnowsWhetherItsRowsAreCurrent(t *testing.T) {
	t.Parallel()
	c := newCache()
	one, other := &row{id: "1", bytes: 10}, &row{id: "2", alias: "b", bytes: 10}
	c.View().Add(one)
	c.View().Add(other)
	v := c.View()
	if v.Get(key("1")) != one || !v.IsCurrent() {
		t.Error("nothing was written")
	}
	c.Writing(key("3")) // which is not its business
	if v.GetByAlias(key("b")) != other || !v.IsCurrent() {
		t.Error("neither was written")
	}
	c.Writing(key("1"))
	left := c.Rewrote(&row{id: "1", bytes: 10})
	if v.IsCurrent() || v.Get(key("2")) != nil {
		t.Error("one of its rows is being written")
	}
	c.Committed([]*rowcache.Rewritten[row]{left})
	if v.IsCurrent() || v.Get(key("2")) != nil {
		t.Error("one of its rows is another now")
	}
	if (*rowcache.Cache[row])(nil).View() != nil {
		t.Error("no cache has a view")
	}
}

func TestTheCacheIsLimitedByBytes(t *testing.T) {
	t.Parallel()
	c := newCache()
	for i := range 1000 {
		if i%10 == 0 {
			c.Writing(key("0")) // what is written often takes no more room
			c.Committed([]*rowcache.Rewritten[row]{c.Rewrote(&row{id: "0", alias: "x", bytes: 50})})
		}
		c.View().Add(&row{id: strconv.Itoa(i), bytes: 50})
	}
	kept := 0
	for i := range 1000 {
		if c.Get(key(strconv.Itoa(i))) != nil {
			kept++
		}
	}
	if kept < 10 || kept > 20 || c.GetByAlias(key("x")) == nil {
		t.Errorf("%d rows are kept, of which 10 to 20 take the bytes", kept)
	}
}
