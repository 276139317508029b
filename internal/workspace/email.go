package workspace

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// EmailKey is the form in which email addresses are compared: without the blanks around it and the characters that nobody
// sees, in lower case, in the compatible and composed form of Unicode, and with the name of its host in Unicode rather than
// Punycode. It is empty for no address.
func EmailKey(email string) string {
	email = strings.TrimSpace(email)
	if isASCII(email) {
		if email = strings.ToLower(email); !strings.Contains(email, "xn--") {
			return email
		}
	}
	email = norm.NFKC.String(strings.Map(visible, strings.ToValidUTF8(email, "\ufffd")))
	email = strings.TrimSpace(norm.NFKC.String(strings.ToLower(email)))
	at := strings.LastIndexByte(email, '@') + 1
	host := strings.ReplaceAll(email[at:], "\u3002", ".")
	if name, err := idna.Punycode.ToUnicode(host); err == nil && at > 0 {
		host = norm.NFKC.String(strings.ToLower(name))
	}
	return email[:at] + host
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// visible drops the characters that only steer how others are shown, or show nothing: those that come along when an address
// is copied out of a chat or a document.
func visible(r rune) rune {
	if unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
		return -1
	}
	return r
}

// CheckEmail refuses what cannot be an address. Deliverability is not for us to judge.
func CheckEmail(field, value string) error {
	if err := CheckIdentifier(field, value); err != nil || value == "" {
		return err
	}
	key := EmailKey(value)
	local, domain, ok := strings.Cut(key, "@")
	switch {
	case !ok || local == "" || domain == "" || strings.ContainsAny(value, "\r\n"):
		return Invalid(field, "is not an email address")
	case len(key) > maxIdentifier: // a character may stand for several others
		return Invalid(field, "is longer than 512 bytes")
	}
	return nil
}
