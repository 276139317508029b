package jsonio

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
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

// instants are the spellings of ISO 8601 that are read. Each takes a fraction of a second, too. A time without a zone is in
// UTC.
var instants = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly,
}

// ParseInstant reads a time as Unix seconds, from 0 to [MaxTime]: digits are Unix seconds, everything else is ISO 8601, of
// which a fraction of a second is cut off. A blank may stand for the T, and for the plus before a zone, which it becomes in
// a query that was not escaped.
func ParseInstant(text string) (seconds int64, ok bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, n >= 0 && n <= MaxTime
	}
	const date = len(time.DateOnly)
	text = strings.TrimSpace(text)
	if len(text) > date && text[date] == ' ' {
		text = text[:date] + "T" + text[date+1:]
	}
	text = strings.Replace(strings.Replace(text, " UTC", "Z", 1), " ", "+", 1)
	for _, layout := range instants {
		if at, err := time.Parse(layout, text); err == nil {
			n := at.Unix()
			return n, n >= 0 && n <= MaxTime
		}
	}
	return 0, false
}
