package people

import (
	"strings"

	"lobby/internal/search"
)

// SamePhone reports whether two people have the same phone number, however it is spelled. It compares the digits of the
// E.164 form, or of the number itself where there is none. A person without a number matches nobody.
func SamePhone(p, q *Person) bool {
	digits := p.phoneDigits()
	return digits != "" && digits == q.phoneDigits()
}

// phoneDigits returns the digits that identify a phone number. They are empty for a number with a country code that is not
// possible there: it says nothing about its owner.
func (p *Person) phoneDigits() string {
	switch {
	case p.FormattedPhone != "":
		return search.Digits(p.FormattedPhone)
	case strings.ContainsAny(p.Phone, "+\uff0b"):
		return ""
	}
	return search.Digits(p.Phone)
}
