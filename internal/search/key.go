package search

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A search compares keys: texts that stand for values, so that a store can keep and order them as it is and answers the
// same as [Condition.Matches]. Keys compare byte by byte. The empty key stands for nothing; no value of ours has it but
// the empty text, which therefore counts as not set.

// maxTextKey is the length of a text's key in bytes: databases cannot index long ones. Of a longer text only the
// beginning is searched.
const maxTextKey = 512

// TextKey is the key of a text whose case does not count.
func TextKey(text string) string {
	key := strings.ToLower(text)
	if len(key) > maxTextKey {
		key = strings.ToValidUTF8(key[:maxTextKey], "")
	}
	return key
}

// BoolKey is the key of a boolean.
func BoolKey(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// wholeFloats is where floats begin to skip whole numbers.
const wholeFloats = 1 << 53

// NumberKey is the key of a number: the digits of its float64 in an order that follows the numbers, without the zeros at
// their end, and where floats are too coarse how far the number is from its float64.
func NumberKey(v Value) string {
	f := v.Float()
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	if math.Abs(f) < wholeFloats {
		return strings.TrimRight(hex.EncodeToString(binary.BigEndian.AppendUint64(nil, bits)), "0")
	}
	off := int64(0)
	if v.Kind() == KindInt {
		off = distance(v.Int(), f)
	}
	return fmt.Sprintf("%016x%04x", bits, 0x8000+off)
}

// distance returns n - f, which is small; f may be 2^63, which no int64 is.
func distance(n int64, f float64) int64 {
	if f >= math.MaxInt64 {
		return n - math.MaxInt64 - 1
	}
	return n - int64(f)
}

// ValueKey is the key of a custom attribute; empty for null and for the empty text.
func ValueKey(v Value) string {
	switch v.Kind() {
	case KindText:
		return TextKey(v.Text())
	case KindInt, KindFloat:
		return NumberKey(v)
	case KindBool:
		return BoolKey(v.Bool())
	}
	return ""
}

// KeyNumber returns the whole number whose key it is, and whether the key is that of one that floats hold exactly. A key
// that stands just after a number's is that of the number, and just is true.
func KeyNumber(key string) (n int64, just, exact bool) {
	key, just = strings.CutSuffix(key, "!")
	if len(key) > 16 {
		return 0, just, false
	}
	bits, err := strconv.ParseUint(key+strings.Repeat("0", 16-len(key)), 16, 64)
	if err != nil {
		return 0, just, false
	}
	if bits>>63 == 1 {
		bits &^= 1 << 63
	} else {
		bits = ^bits
	}
	f := math.Float64frombits(bits)
	return int64(f), just, f == math.Trunc(f) && math.Abs(f) < wholeFloats
}

// JustAfter is a key that follows the number's key and comes before that of every greater number.
func JustAfter(numberKey string) string { return numberKey + "!" }

// afterPrefix is the first key that follows all keys that begin with the prefix; empty when there is none.
func afterPrefix(prefix string) string {
	runes := []rune(prefix)
	for i := len(runes) - 1; i >= 0; i-- {
		switch next := runes[i] + 1; {
		case next > 0x10ffff:
			continue
		case next == 0xd800: // halves of UTF-16 are no characters
			return string(append(runes[:i], 0xe000))
		default:
			return string(append(runes[:i], next))
		}
	}
	return ""
}
