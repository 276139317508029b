package personindex

import (
	"bytes"
	"hash/maphash"
	"slices"
	"strings"

	"lobby/internal/search"
)

// texts keeps keys that are texts. While they are few, each has a number, and the codes are these numbers. When they are
// many, each text is kept with its ordinal, and the codes are hashes.
type texts struct {
	column
	few  *terms // nil when they are many
	many pages
	// Where they are many, starts has what follows the beginning that all have in common: a few bytes as one number, in the
	// order of the texts.
	starts starts
}

// terms are texts with numbers.
type terms struct {
	texts   []string // "" for a number that is free
	numbers map[string]uint32
	uses    []uint32 // how many ordinals have a text
	free    []uint32 // numbers
}

// maxTerms is how many texts are few, whatever the number of persons. minTerms are always few.
const (
	maxTerms = 1 << 16
	minTerms = 1 << 10
)

// termShare: texts are few while as many ordinals share one on average.
const termShare = 4

var seed = maphash.MakeSeed()

func hashOf[T string | []byte](key T) uint64 { return maphash.Bytes(seed, []byte(key)) >> 40 }

func newTexts() *texts { return &texts{few: newTerms()} }

func newTerms() *terms { return &terms{numbers: map[string]uint32{}} }

// isMany reports whether a number of texts are many among a number of ordinals.
func isMany(texts, ordinals int) bool {
	return texts >= minTerms && (texts >= maxTerms || texts*termShare > ordinals)
}

func (c *texts) put(n uint32, key string) {
	if c.few == nil {
		c.many.put(n, key)
		c.column.put(n, hashOf(key))
		c.starts.put(n, key)
		return
	}
	number, known := c.few.numbers[key]
	had := c.given.has(n)
	if had && known && c.code(n) == uint64(number) {
		return
	}
	if !known && isMany(len(c.few.numbers), len(c.given)*64) {
		c.spread()
		c.put(n, key)
		return
	}
	if had {
		c.few.release(uint32(c.code(n)))
	}
	c.column.put(n, uint64(c.few.take(key)))
}

// take returns the number of a text for one more use.
func (t *terms) take(key string) uint32 {
	number, known := t.numbers[key]
	if !known {
		number = t.add(key)
	}
	t.uses[number]++
	return number
}

// add gives a new text a number, without a use. It keeps a copy, because the text may be part of a longer one, with what others
// have forgotten.
func (t *terms) add(key string) (number uint32) {
	key = strings.Clone(key)
	if last := len(t.free) - 1; last >= 0 {
		number, t.free = t.free[last], t.free[:last]
	} else {
		number = uint32(len(t.texts))
		t.texts, t.uses = append(t.texts, ""), append(t.uses, 0)
	}
	t.texts[number], t.numbers[key] = key, number
	return number
}

// sorted returns the texts with numbers in their order, so that those with a prefix lie together, and without uses. It also
// returns the new numbers by the old ones. No number is free.
func (t *terms) sorted() (sorted *terms, numbers []uint32) {
	sorted, numbers = newTerms(), make([]uint32, len(t.texts))
	for _, text := range slices.Sorted(slices.Values(t.texts)) {
		numbers[t.numbers[text]] = sorted.add(text)
	}
	return sorted, numbers
}

// release ends one use of a text.
func (t *terms) release(number uint32) {
	if t.uses[number]--; t.uses[number] == 0 {
		delete(t.numbers, t.texts[number])
		t.texts[number], t.free = "", append(t.free, number)
	}
}

// spread changes from few texts to many.
func (c *texts) spread() {
	old := *c
	*c = texts{}
	old.given.each(func(n uint32) bool {
		c.put(n, old.few.texts[old.code(n)])
		return true
	})
}

func (c *texts) drop(n uint32) {
	if !c.given.has(n) {
		return
	}
	if c.few == nil {
		c.many.drop(n)
		c.starts.drop(n)
	} else {
		c.few.release(uint32(c.code(n)))
	}
	c.column.drop(n)
}

// key returns the key of an ordinal; empty for none.
func (c *texts) key(n uint32) string {
	switch {
	case !c.given.has(n):
		return ""
	case c.few == nil:
		return string(c.many.get(n))
	}
	return c.few.texts[c.code(n)]
}

// find adds the ordinals to a set whose keys pass a test.
func (c *texts) find(test *search.Condition, into set) {
	switch {
	case test.Test == search.Given:
		into.or(c.given)
	case c.few != nil:
		c.findTerms(test, into)
	case test.Test == search.OneOf && len(test.Keys) <= maxScans:
		c.findKeys(test.Keys, into)
	case test.Test == search.Between:
		c.findBetween(test, into)
	default:
		c.scan(matcher(test), into)
	}
}

// maxScans is how many comparisons with a whole column take about as long as reading every value in it.
const maxScans = 24

func (c *texts) findTerms(test *search.Condition, into set) {
	var passing []uint32
	if test.Test == search.OneOf {
		for _, key := range test.Keys {
			if number, known := c.few.numbers[key]; known {
				passing = append(passing, number)
			}
		}
		slices.Sort(passing)
	} else {
		passes := matcher(test)
		for number, text := range c.few.texts {
			if text != "" && passes([]byte(text)) {
				passing = append(passing, uint32(number))
			}
		}
	}
	runs := runsOf(passing)
	if len(runs) <= maxScans {
		for _, run := range runs {
			if run[1] == run[0]+1 {
				c.equal(uint64(run[0]), into)
			} else {
				c.between(uint64(run[0]), uint64(run[1]), into)
			}
		}
		return
	}
	wanted := make(set, len(c.few.texts)/64+1)
	for _, number := range passing {
		wanted.add(number)
	}
	c.given.each(func(n uint32) bool {
		if wanted.has(uint32(c.code(n))) {
			into.add(n)
		}
		return true
	})
}

// runsOf returns the runs of neighbouring numbers among sorted ones, each with its first number and the one behind it.
func runsOf(sorted []uint32) (runs [][2]uint32) {
	for _, n := range sorted {
		if last := len(runs) - 1; last >= 0 && runs[last][1] >= n {
			runs[last][1] = n + 1
		} else {
			runs = append(runs, [2]uint32{n, n + 1})
		}
	}
	return runs
}

// findKeys is find for some keys among many: hashes tell where they may be.
func (c *texts) findKeys(keys []string, into set) {
	maybe := borrow(len(into))
	defer giveBack(maybe)
	for _, key := range keys {
		clear(*maybe)
		c.equal(hashOf(key), *maybe)
		maybe.each(func(n uint32) bool {
			if string(c.many.get(n)) == key {
				into.add(n)
			}
			return true
		})
	}
}

// findBetween is find for a range of many texts. The first bytes decide, but for those that begin like a bound.
func (c *texts) findBetween(test *search.Condition, into set) {
	maybe := borrow(len(into))
	defer giveBack(maybe)
	c.starts.between(test.Keys[0], test.Keys[1], into, *maybe)
	passes := matcher(test)
	maybe.each(func(n uint32) bool {
		if passes(c.many.get(n)) {
			into.add(n)
		}
		return true
	})
}

// scan adds the ordinals to a set whose texts pass.
func (c *texts) scan(passes func([]byte) bool, into set) {
	for i := range c.many {
		p := &c.many[i]
		for at := range p.at {
			if p.at[at] != 0 && passes(p.get(uint32(at))) {
				into.add(uint32(i<<pageBits + at))
			}
		}
	}
}

// matcher returns a test of keys that are not empty.
func matcher(test *search.Condition) func(key []byte) bool {
	switch keys := test.Keys; test.Test {
	case search.OneOf:
		wanted := make(map[string]bool, len(keys))
		for _, key := range keys {
			wanted[key] = true
		}
		return func(key []byte) bool { return wanted[string(key)] }
	case search.Between:
		low, high := []byte(keys[0]), []byte(keys[1])
		return func(key []byte) bool {
			return bytes.Compare(low, key) <= 0 && (len(high) == 0 || bytes.Compare(key, high) < 0)
		}
	case search.Containing:
		part := []byte(keys[0])
		return func(key []byte) bool { return bytes.Contains(key, part) }
	case search.EndingWith:
		end := []byte(keys[0])
		return func(key []byte) bool { return bytes.HasSuffix(key, end) }
	}
	return func([]byte) bool { return true }
}

// size returns the bytes that the texts take, and those that it takes to find them.
func (c *texts) size() (texts, rest int) {
	texts, rest = c.many.size()
	rest += c.column.size() + c.starts.size()
	if c.few != nil {
		for _, text := range c.few.texts {
			texts, rest = texts+len(text), rest+80
		}
	}
	return texts, rest
}
