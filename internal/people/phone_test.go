package people_test

import (
	"strings"
	"testing"

	"lobby/internal/people"
)

func TestTwoSpellingsAreOnePhoneNumber(t *testing.T) {
	t.Parallel()
	lobby := &people.Lobby{E164: func(phone string) string {
		if !strings.HasPrefix(phone, "+") {
			return ""
		}
		return strings.ReplaceAll(phone, " ", "")
	}}
	for _, c := range []struct {
		one, other string
		same       bool
	}{
		{"+353 1 234 5678", "+35312345678", true},
		{"+35312345678", "+35312345679", false},
		{"555 5555", "555 5555", true},
		{"555 5555", "5555555", false},
		{"", "", false},
		{"", "+35312345678", false},
	} {
		for _, pair := range [][2]string{{c.one, c.other}, {c.other, c.one}} {
			if got := lobby.SamePhone(&people.Person{Phone: pair[0]}, &people.Person{Phone: pair[1]}); got != c.same {
				t.Errorf("%q and %q: %v, want %v", pair[0], pair[1], got, c.same)
			}
		}
	}
}
