package enrich

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/width"
)

// E164 returns a phone number in its international form, "+" and digits only, so that two spellings of one number are
// equal. It is empty for what names no country or could be no number there, not even of a town; an extension is left out.
func E164(phone string) string {
	number, err := phonenumbers.Parse(plain(phone), "ZZ")
	if err != nil || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE {
		return ""
	}
	return phonenumbers.Format(number, phonenumbers.E164)
}

// plain returns a phone number without what cannot be seen, as address books and chats wrap around it, and with every blank
// and wide character in its usual form.
func plain(phone string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r <= unicode.MaxASCII:
			return r
		case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		if narrow := width.LookupRune(r).Narrow(); narrow != 0 {
			return narrow
		}
		return r
	}, phone))
}
