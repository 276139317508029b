package personindex

import (
	"math/bits"
	"sync"
)

// set is a set of ordinals, 64 in a word. Words that are missing at the end are empty.
type set []uint64

func (s set) has(n uint32) bool {
	return int(n>>6) < len(s) && s[n>>6]>>(n&63)&1 == 1
}

func (s *set) add(n uint32) {
	s.grow(int(n>>6) + 1)
	(*s)[n>>6] |= 1 << (n & 63)
}

func (s set) remove(n uint32) {
	if int(n>>6) < len(s) {
		s[n>>6] &^= 1 << (n & 63)
	}
}

// grow makes the set at least so many words long.
func (s *set) grow(words int) {
	if words > len(*s) {
		*s = append(*s, make(set, words-len(*s))...)
	}
}

func (s set) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// and keeps what is in t, too.
func (s set) and(t set) {
	n := min(len(s), len(t))
	for i, w := range t[:n] {
		s[i] &= w
	}
	clear(s[n:])
}

// without takes out what is in t.
func (s set) without(t set) {
	n := min(len(s), len(t))
	for i, w := range t[:n] {
		s[i] &^= w
	}
}

// or adds what is in t, which is not longer.
func (s set) or(t set) {
	for i, w := range t {
		s[i] |= w
	}
}

// not turns the set into its complement.
func (s set) not() {
	for i := range s {
		s[i] = ^s[i]
	}
}

// each calls do for every ordinal, from the lowest, until it returns false.
func (s set) each(do func(n uint32) bool) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if !do(uint32(i<<6 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}

var spare = sync.Pool{New: func() any { return new(set) }}

// borrow returns an empty set of so many words; put it back with giveBack.
func borrow(words int) *set {
	s := spare.Get().(*set)
	if cap(*s) < words {
		*s = make(set, words)
	}
	*s = (*s)[:words]
	clear(*s)
	return s
}

func giveBack(s *set) { spare.Put(s) }
