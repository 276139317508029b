package people

import (
	"strings"

	"lobby/internal/search"
)

// SamePhone reports whether two people have one phone number, however each of them spells it: by the E.164 form where both
// have one, and else by the digits. Without a number nobody is the same.
func SamePhone(p, q *Person) bool {
	digits := p.phoneDigits()
	return digits != "" && digits == q.phoneDigits()
}

// phoneDigits returns the digits that identify a phone number. They are empty for one that names a country and is not
// possible there: a number that reaches nobody says nothing of who has it.
func (p *Person) phoneDigits() string {
	switch {
	case p.FormattedPhone != "":
		return search.Digits(p.FormattedPhone)
	case strings.ContainsAny(p.Phone, "+\uff0b"):
		return ""
	}
	return search.Digits(p.Phone)
}
