package jsonio

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
)

// Instant returns a time in Unix seconds, spelled like any [Object.Time] or as a text in ISO 8601: see [ParseInstant].
func (o *Object) Instant(name string) Opt[int64] {
	return get(o, name, InstantMember, func(m *member) (int64, string) {
		if m.kind == jsontext.KindString {
			if n, ok := ParseInstant(m.text); ok {
				return n, ""
			}
			return 0, CodeValue
		}
		n, code := m.int()
		if code == "" && (n < 0 || n > MaxTime) {
			return 0, CodeValue
		}
		return n, code
	})
}

// ParseInstant reads a time as Unix seconds, from 0 to [MaxTime]: digits are Unix seconds, everything else is a text that
// [search.TextTime] reads.
func ParseInstant(text string) (seconds int64, ok bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, n >= 0 && n <= MaxTime
	}
	return search.TextTime(text)
}
