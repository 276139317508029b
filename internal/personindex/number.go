package personindex

import (
	"encoding/hex"
	"math"
	"strings"

	"lobby/internal/search"
)

// numbers keeps keys of numbers, as search.NumberKey makes them. Their codes are in the order of the keys.
type numbers struct {
	column
	// odd are the keys of numbers that no float64 holds.
	odd map[uint32]string
}

// wholeFloats is where the keys of floats begin to have digits for what floats leave out.
const wholeFloats = 1 << 53

// numberCode returns the code of a key. It is false for an odd one.
func numberCode(key string) (uint64, bool) {
	var raw [8]byte
	padded := [16]byte([]byte("0000000000000000"))
	copy(padded[:], key)
	if _, err := hex.Decode(raw[:], padded[:]); err != nil {
		return 0, false
	}
	code := uint64(0)
	for _, b := range raw {
		code = code<<8 | uint64(b)
	}
	return code, numberKey(code) == key
}

// codeOf returns the code of a number. It is false for an odd one.
func codeOf(v search.Value) (uint64, bool) {
	f := v.Float()
	if math.Abs(f) >= wholeFloats {
		return numberCode(search.NumberKey(v))
	}
	code := math.Float64bits(f)
	if code>>63 == 1 {
		return ^code, true
	}
	return code | 1<<63, true
}

// numberKey returns the key of a code.
func numberKey(code uint64) string {
	var raw [8]byte
	for i := range raw {
		raw[i] = byte(code >> (56 - 8*i))
	}
	key := hex.EncodeToString(raw[:])
	if f := floatOf(code); math.Abs(f) < wholeFloats {
		return strings.TrimRight(key, "0")
	}
	return key + "8000"
}

func floatOf(code uint64) float64 {
	if code>>63 == 1 {
		return math.Float64frombits(code &^ (1 << 63))
	}
	return math.Float64frombits(^code)
}

func (c *numbers) put(n uint32, key string) {
	delete(c.odd, n)
	code, ok := numberCode(key)
	if ok {
		c.column.put(n, code)
		return
	}
	c.column.drop(n)
	if c.odd == nil {
		c.odd = map[uint32]string{}
	}
	c.odd[n] = key
}

func (c *numbers) drop(n uint32) {
	c.column.drop(n)
	delete(c.odd, n)
}

// key returns the key of an ordinal; empty for none.
func (c *numbers) key(n uint32) string {
	if c.given.has(n) {
		return numberKey(c.code(n))
	}
	return c.odd[n]
}

// find adds the ordinals to a set whose keys pass a test.
func (c *numbers) find(test *search.Condition, into set) {
	switch test.Test {
	case search.OneOf:
		c.findKeys(test.Keys, into)
	case search.Between:
		low, none := firstCode(test.Keys[0])
		high, open := uint64(0), true
		if test.Keys[1] != "" {
			if high, open = firstCode(test.Keys[1]); open {
				high = 0
			}
		}
		if !none && (open || high > 0) {
			c.between(low, high, into)
		}
	case search.Given:
		into.or(c.given)
	default:
		c.given.each(func(n uint32) bool {
			if passes(test, numberKey(c.code(n))) {
				into.add(n)
			}
			return true
		})
	}
	for n, key := range c.odd {
		if passes(test, key) {
			into.add(n)
		}
	}
}

// findKeys adds the ordinals to a set that have one of some keys.
func (c *numbers) findKeys(keys []string, into set) {
	wanted := make(map[uint64]bool, len(keys))
	for _, key := range keys {
		if code, ok := numberCode(key); ok {
			wanted[code] = true
		}
	}
	if len(wanted) <= maxScans {
		for code := range wanted {
			c.equal(code, into)
		}
		return
	}
	c.given.each(func(n uint32) bool {
		if wanted[c.code(n)] {
			into.add(n)
		}
		return true
	})
}

// firstCode returns the least code whose key is at least a given one, and whether there is none. The bound need not be a
// key itself.
func firstCode(bound string) (code uint64, none bool) {
	for bit := 63; bit >= 0; bit-- {
		if next := code | 1<<bit; numberKey(next-1) < bound {
			code = next
		}
	}
	return code, numberKey(code) < bound
}

// passes reports whether a key passes a test.
func passes(test *search.Condition, key string) bool {
	alone := *test
	alone.Not = false
	return key != "" && alone.Matches(func(string) []string { return []string{key} })
}
