// Package display is what the pages of the team are made of and how they say things: labels, values, times, numbers and
// places in lists. It knows neither HTTP nor templates.
package display

import (
	"errors"
	"strconv"
	"strings"
	"unicode"

	"lobby/internal/search"
)

const (
	// ListSize is how many people a page lists.
	ListSize = 50
	// MaxText is the length of a text to search for, in bytes.
	MaxText = 200
)

// Message says what there is to do where nothing is listed.
type Message struct {
	Title, Text string
	Next        *Step // nil for none
}

// Step is a link to what can be done next.
type Step struct{ Path, Word string }

// Counted returns a number with its noun.
func Counted(n int, noun string) string { return CountedAs(n, noun, noun+"s") }

// CountedAs is counted for a noun whose plural is another word.
func CountedAs(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(n) + " " + many
}

// Grouped writes a number with a comma before every three digits.
func Grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Value is the value of a field as a page shows it: a time, or a text.
type Value struct {
	Text string
	Time *Moment
	Link string
	// Origin is where a field of a person came from; nil where that is not known.
	Origin *Origin
}

// Origin says where a value came from: words, and when.
type Origin struct {
	Text string
	At   *Moment
	// Before is where it was before it came from there; nil where that is not known.
	Before *Origin
}

// IsBlank reports whether there is nothing to show.
func (v Value) IsBlank() bool { return v.Text == "" && v.Time == nil }

// TextOf is a value in words; empty for none.
func TextOf(v search.Value) string {
	switch v.Kind() {
	case search.KindNull:
		return ""
	case search.KindBool:
		if v.Bool() {
			return "yes"
		}
		return "no"
	}
	return v.String()
}

// Fact is a value with its name.
type Fact struct {
	Label string
	Value
}

// Clipped returns the beginning of a text that is longer than max bytes.
func Clipped(text string, max int) string {
	if len(text) <= max {
		return text
	}
	return strings.ToValidUTF8(text[:max], "") + "…"
}

// Choice is an entry of a list of which one or some are chosen.
type Choice struct {
	Value, Word, Link string
	Count             string // how many it leads to; empty for what is not counted
	Chosen            bool
}

// ErrNotFound says that there is no such page.
var ErrNotFound = errors.New("there is no such page")

// Sentence returns a text that begins with a capital and ends with a full stop.
func Sentence(text string) string {
	first := []rune(text)
	first[0] = unicode.ToUpper(first[0])
	return string(first) + "."
}

// Exact is a value as a text that does not depend on when it is shown.
func (v Value) Exact() string {
	if v.Time != nil {
		return v.Time.ISO
	}
	return v.Text
}
