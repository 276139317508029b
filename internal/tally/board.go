package tally

import (
	"encoding/json"
	"errors"
	"maps"
	"sync"
)

// Board has the counters of one server, by name. The zero Board shares nothing: its counters count for this server alone.
type Board struct {
	// IsShared says that there may be other servers.
	IsShared bool

	mu  sync.Mutex
	all map[string]*Counter
	// salt is the same on all servers for a day.
	day  int64
	salt string
}

// SetSalt sets the salt of a day, counted from 1970, under which all servers hash keys that must not be known.
func (b *Board) SetSalt(day int64, salt string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.day, b.salt = day, salt
}

// Salt returns the salt of a day; "" before it is set.
func (b *Board) Salt(day int64) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if day != b.day {
		return ""
	}
	return b.salt
}

// Options describe a counter.
type Options struct {
	// Name is the same on all servers.
	Name string
	// Seconds is the length of a window.
	Seconds int64
	// Share is the count from which a key is reported; lower ones are of no interest to others. So n servers together may
	// count n times as many too few.
	Share int64
	// Learn is called with what other servers counted since it was last called for a key; nil for nothing.
	Learn func(key string, more int64)
}

// NewCounter adds a counter to the board. Its name must be new.
func (b *Board) NewCounter(o Options) *Counter {
	c := &Counter{seconds: o.Seconds, share: o.Share, isShared: b.IsShared, learn: o.Learn}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[string]*Counter{}
	}
	b.all[o.Name] = c
	return c
}

// IsShared reports whether anybody else wants to know what is counted.
func (c *Counter) IsShared() bool { return c.isShared }

// Report returns, as JSON, what other servers should know of the counts at a Unix second; "" for nothing.
func (b *Board) Report(at int64) (string, error) {
	told := map[string]*counts{}
	for name, c := range b.counters() {
		if report := c.report(at); report != nil {
			told[name] = report
		}
	}
	if len(told) == 0 {
		return "", nil
	}
	text, err := json.Marshal(told)
	return string(text), err
}

// Learn takes the reports of all other servers at a Unix second. One that cannot be read is left out, and is an error.
func (b *Board) Learn(reports []string, at int64) error {
	byName := map[string][]*counts{}
	var failed []error
	for _, text := range reports {
		if text == "" {
			continue
		}
		var told map[string]*counts
		if err := json.Unmarshal([]byte(text), &told); err != nil {
			failed = append(failed, err)
			continue
		}
		for name, c := range told {
			byName[name] = append(byName[name], c)
		}
	}
	for name, c := range b.counters() {
		c.replaceOthers(byName[name], at)
	}
	return errors.Join(failed...)
}

func (b *Board) counters() map[string]*Counter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return maps.Clone(b.all)
}
