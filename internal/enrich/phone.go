package enrich

import "github.com/nyaruka/phonenumbers"

// E164 answers a phone number in its international form, "+" and digits only, so that two spellings of one number are
// equal. It is empty for what names no country or could be no number there; an extension is left out.
func E164(phone string) string {
	number, err := phonenumbers.Parse(phone, "ZZ")
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return ""
	}
	return phonenumbers.Format(number, phonenumbers.E164)
}
