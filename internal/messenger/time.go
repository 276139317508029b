package messenger

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	// maxTime is the last Unix second that clients of the public API can hold.
	maxTime = math.MaxInt32
	// minMilliseconds is from where on a number can only be meant in milliseconds: as seconds it is in the year 5138.
	minMilliseconds = 100_000_000_000
)

// timeForms are how pages write times, besides numbers: ISO 8601, and what browsers make of a Date.
var timeForms = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05", "2006-01-02",
	"Mon Jan 2 2006 15:04:05 GMT-0700", time.RFC1123, time.RFC1123Z,
}

// readTime returns the Unix second that a page means, and whether it can be one: a number of seconds or milliseconds,
// as a text or not, or a written time. One without a zone is in UTC.
func readTime(v any) (int64, bool) {
	text := ""
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = strings.TrimSpace(v)
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if seconds >= minMilliseconds {
			seconds /= 1000
		}
		return int64(seconds), seconds >= 0 && seconds <= maxTime
	}
	text, _, _ = strings.Cut(text, " (") // the name of the zone, as a Date writes it
	for _, form := range timeForms {
		if at, err := time.Parse(form, text); err == nil {
			return at.Unix(), at.Unix() >= 0 && at.Unix() <= maxTime
		}
	}
	return 0, false
}
