package enrich

import (
	"strings"

	"golang.org/x/text/language"
)

// longestLanguage is in bytes: the length that every reader of language tags has to cope with by the standard, RFC 5646.
const longestLanguage = 35

// Language is the first language of an Accept-Language header, or of a script's navigator.language. It is spelled as usual: "en", "en-US".
// It is empty for anything that does not begin with a registered language, and never longer than 35 bytes.
func Language(accept string) string {
	first, _, _ := strings.Cut(accept, ",")
	first, _, _ = strings.Cut(first, ";")
	first = strings.TrimSpace(first)
	if len(first) > longestLanguage {
		return ""
	}
	tag, err := language.Raw.Parse(first) // Raw keeps the sender's choice of subtags, "iw" does not turn into "he"
	if base, _, _ := tag.Raw(); err != nil || base == (language.Base{}) {
		return ""
	}
	return tag.String()
}
