package workspace

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxIdentifier is the max length of an identifier in bytes. A longer one would not fit an index page of the databases.
const maxIdentifier = 512

// placeholders are the texts that broken clients send in place of an id. If one were accepted, thousands of unrelated
// people would in time share one record.
var placeholders = map[string]bool{
	"null": true, "undefined": true, "[object object]": true, "nan": true, "0": true, "-1": true, "true": true,
	"false": true, "none": true, "nil": true, "anonymous": true, "guest": true, "{}": true, "[]": true,
}

// IsText reports whether both databases can hold s.
func IsText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// CheckIdentifier returns an InvalidError for a text that cannot be an identifier: a blank, a placeholder such as "null",
// quoted or not, a text longer than 512 bytes, and one that no database holds. The empty text means "not given" and passes.
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
	case placeholders[bare]:
		return Invalid(field, "must not be a placeholder such as null, undefined or anonymous")
	case len(value) > maxIdentifier:
		return Invalid(field, "is longer than 512 bytes")
	case !IsText(value):
		return Invalid(field, "must be valid UTF-8 without NUL")
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
