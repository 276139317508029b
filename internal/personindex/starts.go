package personindex

import (
	"encoding/binary"
	"strings"
)

// starts has the first bytes of texts behind the beginning that they have in common, as codes in the order of the texts.
// Texts that differ only later have one code.
type starts struct {
	column
	common string
	isUsed bool // whether there has been a text
}

// start returns the code of a text without the common beginning. It is never 0.
func start(rest string) uint64 {
	var first [5]byte
	copy(first[1:], rest)
	return uint64(binary.BigEndian.Uint32(first[1:])) + 1
}

func (c *starts) put(n uint32, text string) {
	if !c.isUsed {
		c.common, c.isUsed = strings.Clone(text), true
	}
	if !strings.HasPrefix(text, c.common) {
		c.shorten(text)
	}
	c.column.put(n, start(text[len(c.common):]))
}

// shorten makes the common beginning one of the text, too.
func (c *starts) shorten(text string) {
	same := samePrefix(c.common, text)
	old := *c
	*c = starts{common: old.common[:same], isUsed: true}
	removed := old.common[same:]
	old.given.each(func(n uint32) bool {
		var rest [4]byte
		binary.BigEndian.PutUint32(rest[:], uint32(old.code(n)-1))
		c.column.put(n, start(removed+string(rest[:])))
		return true
	})
}

// samePrefix returns how many bytes two texts have in common at their beginning.
func samePrefix[T string | []byte](a, b T) (same int) {
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	return same
}

// between adds the ordinals to one set whose texts are at least low and below high, and to another those that may be. An
// empty bound is none.
func (c *starts) between(low, high string, into, maybe set) {
	first, last := uint64(0), uint64(1<<33) // the codes of texts that are certainly between
	if low != "" {
		at, isIn := c.place(low)
		if first = at; isIn {
			c.equal(at, maybe)
			first++
		}
	}
	if high != "" {
		at, isIn := c.place(high)
		if last = at; isIn {
			c.equal(at, maybe)
		}
	}
	if first < last {
		c.column.between(first, last, into)
	}
}

// behind narrows members to those whose texts certainly come behind a text, and moves those that begin like it to same, an empty
// set.
func (c *starts) behind(text string, ascending bool, members, same set) {
	at, isIn := c.place(text)
	certain := borrow(len(members))
	defer giveBack(certain)
	if isIn {
		c.equal(at, same)
		same.and(members)
	}
	switch {
	case ascending && isIn:
		c.column.between(at+1, 0, *certain)
	case ascending:
		c.column.between(at, 0, *certain)
	case at > 0:
		c.column.between(0, at, *certain)
	}
	members.and(*certain)
}

// place returns the code of a bound, and whether texts may begin like it. Otherwise all codes are below it, or none is.
func (c *starts) place(bound string) (code uint64, isIn bool) {
	rest, has := strings.CutPrefix(bound, c.common)
	switch {
	case has:
		return start(rest), true
	case bound < c.common:
		return 0, false
	}
	return 1 << 33, false
}
