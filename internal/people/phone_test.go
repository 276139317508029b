package people_test

import (
	"strings"
	"testing"

	"lobby/internal/people"
)

func TestTwoSpellingsAreOnePhoneNumber(t *testing.T) {
	t.Parallel()
	spelled := func(phone string) *people.Person {
		p := &people.Person{Phone: phone}
		if strings.HasPrefix(phone, "+353") { // as a store would have it
			p.FormattedPhone = strings.ReplaceAll(phone, " ", "")
		}
		return p
	}
	for _, c := range []struct {
		one, other string
		same       bool
	}{
		{"+353 1 234 5678", "+35312345678", true},
		{"+35312345678", "+35312345679", false},
		{"555 5555", "555 5555", true},
		{"555 5555", "5555555", true},
		{"555 5555", "555 5556", false},
		{"35312345678", "+353 1 234 5678", true},
		{"12345678", "+353 1 234 5678", false},
		{"+1 555-0123", "+1 555-0123", false},
		{"＋1 555-0123", "1 555 0123", false},
		{"٥٥٥ ٥٥٥٥", "555-5555", true},
		{"ask her", "ask her", false},
		{"", "", false},
		{"", "+35312345678", false},
	} {
		for _, pair := range [][2]string{{c.one, c.other}, {c.other, c.one}} {
			if got := people.SamePhone(spelled(pair[0]), spelled(pair[1])); got != c.same {
				t.Errorf("%q and %q: %v, want %v", pair[0], pair[1], got, c.same)
			}
		}
	}
}
