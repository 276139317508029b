package workspace

import (
	"strings"
	"unicode"
)

// maxIdentifier is the longest identifier in bytes; longer ones would not fit the databases' index pages.
const maxIdentifier = 512

// junk are the texts that broken clients send instead of an id. One of them, accepted once, would in time collect
// thousands of strangers in one record.
var junk = map[string]bool{
	"null": true, "undefined": true, "[object object]": true, "nan": true, "0": true, "-1": true, "true": true,
	"false": true, "none": true, "nil": true, "anonymous": true, "guest": true, "{}": true, "[]": true,
}

// CheckIdentifier refuses a text that cannot be meant as an identifier: blanks, what broken clients send for "nothing",
// quoted or not, and texts longer than 512 bytes. The empty text means "not given" and passes.
func CheckIdentifier(field, value string) error {
	if value == "" {
		return nil
	}
	bare := strings.ToLower(strings.TrimFunc(value, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.In(r, unicode.Cf) || strings.ContainsRune("\"'`", r)
	}))
	switch {
	case bare == "":
		return Invalid(field, "is blank")
	case junk[bare]:
		return Invalid(field, "must not be a placeholder such as null, undefined or anonymous")
	case len(value) > maxIdentifier:
		return Invalid(field, "is longer than 512 bytes")
	}
	return nil
}

// IsID reports whether s has the form of a record's id: 24 hexadecimal digits in lower case.
func IsID(s string) bool { return len(s) == 24 && isHex(s) }

func isHex(s string) bool {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// IsUUID reports whether s is a version 4 UUID in its canonical lower-case form.
func IsUUID(s string) bool {
	if len(s) != 36 || s[14] != '4' {
		return false
	}
	for i, c := range []byte(s) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}
