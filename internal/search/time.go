package search

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Seconds is what every time of the API must be, in the words in which other values are refused.
const Seconds = "a Unix time in seconds, from 0 to 2147483647"

// UnixTime returns the Unix second that a value names: a whole number from 0 to [MaxWhole], or the text of its digits.
// The reason, which is empty for such a value, follows the name of the field in a sentence.
func UnixTime(v Value) (second int64, reason string) {
	n, whole := WholeNumber(v)
	switch {
	case !whole:
		return 0, "must be " + Seconds
	case n < 0 || n > MaxWhole:
		return 0, "must be " + Seconds + MillisecondsHint(v)
	}
	return n, ""
}

// MillisecondsHint ends a sentence that refuses a value as a time: it says so where the value seems to be milliseconds.
func MillisecondsHint(v Value) string {
	if n, whole := WholeNumber(v); whole && isMilliseconds(n) {
		return "; " + strconv.FormatInt(n, 10) + " seems to be milliseconds"
	}
	return ""
}

// What counts as milliseconds: from 1973, since smaller numbers would be seconds of the 52nd century, to [MaxWhole].
const (
	minMilliseconds = 100_000_000_000
	maxMilliseconds = MaxWhole*1000 + 999
)

func isMilliseconds(n int64) bool { return n >= minMilliseconds && n <= maxMilliseconds }

// TextTime returns the Unix second that a text names in ISO 8601, as JavaScript, Java and Go write it: a date, or a date
// and a time with or without seconds, a fraction and a zone. Without a zone it is UTC. It returns false for any other
// text, and for a time before 1970 or after [MaxWhole].
func TextTime(text string) (second int64, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	const date = len(time.DateOnly)
	if len(text) > date && text[date] == ' ' { // as databases write it
		text = text[:date] + "T" + text[date+1:]
	}
	text = strings.Replace(text, " UTC", "Z", 1)
	text = strings.NewReplacer(" +", "+", " -", "-", " ", "+").Replace(text) // a plus that a query lost, too
	for _, layout := range textTimes {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Unix(), t.Unix() >= 0 && t.Unix() <= MaxWhole
		}
	}
	return 0, false
}

// textTimes are the layouts of [TextTime]. A fraction may follow the seconds of each.
var textTimes = []string{
	time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07", "2006-01-02T15:04:05",
	"2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02T15:04", time.DateOnly,
}

// dateTexts are the layouts in which browsers write a Date as text, without the name of the zone at its end.
var dateTexts = []string{"Mon Jan 2 2006 15:04:05 GMT-0700", time.RFC1123, time.RFC1123Z}

// PageTime returns the Unix second that a value of a page names. Pages cannot be told what the API wants: seconds,
// milliseconds as Date.now() returns them, with a fraction or not, the texts of [TextTime], and a Date as browsers write
// it are understood.
func PageTime(v Value) (second int64, ok bool) {
	if v.Kind() == KindText {
		text := strings.TrimSpace(v.Text())
		if second, ok = writtenTime(text); ok {
			return second, true
		}
		n, isNumber := ParseNumber(text)
		if !isNumber {
			return 0, false
		}
		v = n
	}
	if v.Kind() == KindFloat && math.Abs(v.Float()) <= maxMilliseconds+1 {
		v = IntValue(int64(math.Floor(v.Float())))
	}
	n := v.Int()
	if isMilliseconds(n) {
		n /= 1000
	}
	return n, v.Kind() == KindInt && n >= 0 && n <= MaxWhole
}

// writtenTime returns the Unix second of a text that is no number.
func writtenTime(text string) (second int64, ok bool) {
	if second, ok = TextTime(text); ok {
		return second, true
	}
	text, _, _ = strings.Cut(text, " (") // the name of the zone
	for _, layout := range dateTexts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Unix(), t.Unix() >= 0 && t.Unix() <= MaxWhole
		}
	}
	return 0, false
}

// ParseNumber returns the number that a text spells as JSON does. A whole number that no Value can hold exactly is none.
func ParseNumber(text string) (Value, bool) {
	if !isNumber(text) {
		return Value{}, false
	}
	whole := !strings.ContainsAny(text, ".eE")
	if whole {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return IntValue(n), true
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || whole && strconv.FormatFloat(f, 'f', -1, 64) != text {
		return Value{}, false
	}
	return FloatValue(f), true
}

// isNumber reports whether a text has the form of a number in JSON.
func isNumber(text string) bool {
	text = strings.TrimPrefix(text, "-")
	whole, text := cutDigits(text)
	if whole == "" || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	if fraction, ok := strings.CutPrefix(text, "."); ok {
		var digits string
		if digits, text = cutDigits(fraction); digits == "" {
			return false
		}
	}
	if text == "" {
		return true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return false
	}
	text = text[1:]
	if text != "" && (text[0] == '+' || text[0] == '-') {
		text = text[1:]
	}
	digits, rest := cutDigits(text)
	return digits != "" && rest == ""
}

func cutDigits(text string) (digits, rest string) {
	rest = strings.TrimLeft(text, "0123456789")
	return text[:len(text)-len(rest)], rest
}
