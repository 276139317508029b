package search

import (
	"strings"
	"unicode"
)

// A phone number is compared by what it dials, however it is spelled. It has two keys. The first is its E.164 form, or
// where it has none, as it does not name its country, its digits alone. The second is its text, when that has letters in it.

// PhoneText is the key of the text of the phone number that a field has, as "phone" does.
const PhoneText = "phone.text"

// PhoneKey returns the first key of a phone number, and e164 is its international form, or empty. A number without a digit
// has its text.
func PhoneKey(phone, e164 string) string {
	if e164 != "" {
		return e164
	}
	if digits := Digits(phone); digits != "" {
		return digits[:min(len(digits), maxTextKey)]
	}
	return TextKey(phone)
}

// PhoneTextKey returns the second key of a phone number; empty for one without letters.
func PhoneTextKey(phone string) string {
	if strings.ContainsFunc(phone, unicode.IsLetter) {
		return TextKey(phone)
	}
	return ""
}

// Digits returns the decimal digits of a text, of any script, as ASCII.
func Digits(text string) string {
	var digits []byte
	for _, r := range text {
		if r >= '0' && r <= '9' {
			digits = append(digits, byte(r))
		} else if r > unicode.MaxASCII && unicode.Is(unicode.Nd, r) {
			digits = append(digits, '0'+digitOf(r))
		}
	}
	return string(digits)
}

// digitOf returns the value of a decimal digit. Unicode has those of a script ten in a row, beginning with zero.
func digitOf(r rune) byte {
	for _, block := range unicode.Nd.R16 {
		if r <= rune(block.Hi) {
			return byte((r - rune(block.Lo)) % 10)
		}
	}
	for _, block := range unicode.Nd.R32 {
		if r <= rune(block.Hi) {
			return byte((r - rune(block.Lo)) % 10)
		}
	}
	return 0
}

// spellings returns the first keys of all phone numbers that are equal to a value: its E.164 form, and its digits where one
// of both numbers has no such form.
func (f *operand) spellings(v Value) []string {
	digits := Digits(f.firstKey(v))
	if digits == "" {
		return []string{TextKey(v.String())}
	}
	return []string{"+" + digits, digits}
}

// firstKey returns the first key that a value would have as a phone number.
func (f *operand) firstKey(v Value) string {
	e164 := ""
	if f.e164 != nil {
		e164 = f.e164(v.String())
	}
	return PhoneKey(v.String(), e164)
}

// phone is test for phone numbers. Parts of them are compared by their digits, or as texts when the value has letters.
func (f *operand) phone(op Operator, values []Value) *Condition {
	if op == Equal || op == NotEqual || op == In || op == NotIn {
		var keys []string
		for _, v := range values {
			keys = append(keys, f.spellings(v)...)
		}
		return f.test(op, keys)
	}
	text := values[0].String()
	digits := Digits(text)
	switch {
	case PhoneTextKey(text) != "":
		part := *f
		part.Key = PhoneText
		return part.test(op, []string{TextKey(text)})
	case digits == "":
		return f.test(op, []string{TextKey(text)})
	case op == StartsWith:
		return &Condition{Combine: Or, Parts: []*Condition{f.test(op, []string{digits}), f.test(op, []string{"+" + digits})}}
	}
	return f.test(op, []string{digits})
}
