package personindex

import (
	"math"
	"math/bits"
)

// column has a number for some ordinals, its code. Codes are kept bit by bit: of 64 neighbouring ordinals first all
// highest bits in one word, then all of the next. So a comparison handles 64 of them at once, and a code takes no more
// bits than the codes differ in.
type column struct {
	given set // the ordinals that have a code
	words []uint64
	// A code is kept as code>>shift - base, which takes width bits.
	shift, width int
	base         uint64
}

// fits reports whether a code can be kept.
func (c *column) fits(code uint64) bool {
	kept := code >> c.shift
	return kept<<c.shift == code && kept >= c.base && bits.Len64(kept-c.base) <= c.width
}

// put gives an ordinal a code in place of the one it may have.
func (c *column) put(n uint32, code uint64) {
	if !c.fits(code) {
		c.widen(code)
	}
	block := int(n >> 6)
	c.given.add(n)
	if need := (block + 1) * c.width; need > len(c.words) {
		c.words = append(c.words, make([]uint64, need-len(c.words))...)
	}
	kept, at, bit := code>>c.shift-c.base, n&63, c.width-1
	row := c.words[block*c.width : (block+1)*c.width]
	for i := range row {
		row[i] = row[i]&^(1<<at) | kept>>bit&1<<at
		bit--
	}
}

func (c *column) drop(n uint32) { c.given.remove(n) }

// code returns the code of an ordinal that has one.
func (c *column) code(n uint32) uint64 {
	block, at, kept := int(n>>6), n&63, uint64(0)
	for _, w := range c.words[block*c.width : (block+1)*c.width] {
		kept = kept<<1 | w>>at&1
	}
	return (kept + c.base) << c.shift
}

// widen makes room for a code that does not fit, with some to spare in its direction, since times grow.
func (c *column) widen(code uint64) {
	old := *c
	if len(old.words) == 0 && old.width == 0 && old.given.count() == 0 {
		c.shift = min(bits.TrailingZeros64(code), 63)
		c.base = code >> c.shift
		return
	}
	c.shift = min(old.shift, bits.TrailingZeros64(code))
	low := old.base << (old.shift - c.shift)
	high := min(old.base+min(1<<old.width-1, math.MaxUint64-old.base), math.MaxUint64>>old.shift) << (old.shift - c.shift)
	kept := code >> c.shift
	if kept < low {
		c.base = kept - min(kept, high-kept)
	} else {
		c.base = low
	}
	c.width = bits.Len64(max(high, kept) - c.base)
	c.given, c.words = make(set, len(old.given)), make([]uint64, len(old.given)*c.width)
	old.given.each(func(n uint32) bool {
		c.put(n, old.code(n))
		return true
	})
}

// between adds the ordinals to a set whose codes are at least low and below high; 0 for high means no bound.
func (c *column) between(low, high uint64, into set) {
	from, empty := c.bound(low)
	if empty {
		return
	}
	to, unbounded := uint64(0), true
	if high != 0 {
		if to, unbounded = c.bound(high); !unbounded && to == 0 {
			return
		}
	}
	for block, given := range c.given {
		if given == 0 {
			continue
		}
		row := c.words[block*c.width : (block+1)*c.width]
		if from != 0 {
			given &^= below(row, from)
		}
		if !unbounded && given != 0 {
			given &= below(row, to)
		}
		into[block] |= given
	}
}

// bound returns the least kept number whose code is at least the given one, and whether that is above all of them.
func (c *column) bound(code uint64) (kept uint64, above bool) {
	if kept = code >> c.shift; kept<<c.shift < code {
		kept++
	}
	if kept <= c.base {
		return 0, false
	}
	kept -= c.base
	return kept, bits.Len64(kept) > c.width
}

// below returns which of 64 numbers are below a bound.
func below(row []uint64, bound uint64) (less uint64) {
	equal := ^uint64(0)
	bound <<= 64 - len(row)
	for _, w := range row {
		if int64(bound) < 0 {
			less |= equal &^ w
			equal &= w
		} else {
			equal &^= w
		}
		if equal == 0 {
			return less
		}
		bound <<= 1
	}
	return less
}

// equal adds the ordinals with a code to a set.
func (c *column) equal(code uint64, into set) {
	if !c.fits(code) {
		return
	}
	kept := (code>>c.shift - c.base) << (64 - c.width)
	for block, same := range c.given {
		bit := kept
		for _, w := range c.words[block*c.width : (block+1)*c.width] {
			if same == 0 {
				break
			}
			same &= w ^ uint64(int64(^bit)>>63)
			bit <<= 1
		}
		into[block] |= same
	}
}

// outermost narrows a set of ordinals that have codes to the n with the greatest or the least codes, and all that share the
// last of these codes.
func (c *column) outermost(members set, n int, least bool) {
	sure := borrow(len(members)) // those that are among them; the members are those that may be
	defer giveBack(sure)
	flip := uint64(0)
	if least {
		flip = ^flip
	}
	for bit := range c.width {
		count := 0
		for block, w := range members {
			if w != 0 {
				count += bits.OnesCount64(w & (c.words[block*c.width+bit] ^ flip))
			}
		}
		isEnough := count >= n
		if !isEnough {
			n -= count
		}
		for block, w := range members {
			if w == 0 {
				continue
			}
			outer := w & (c.words[block*c.width+bit] ^ flip)
			if isEnough {
				members[block] = outer
			} else {
				(*sure)[block] |= outer
				members[block] = w &^ outer
			}
		}
	}
	members.or(*sure)
}

// size returns the bytes that the column takes.
func (c *column) size() int { return 8 * (cap(c.words) + cap(c.given)) }
