package people

import (
	"strconv"
	"strings"
)

// isNothing reports whether a value stands for what is not set.
func isNothing(v Value) bool { return v.IsNull() || v.Kind() == KindText && v.Text() == "" }

// key answers the key of a value that somebody may have in the field; empty for one that nobody can have.
func (f *searched) key(v Value) (key string, ok bool) {
	if isNothing(v) {
		return "", false
	}
	switch f.Type {
	case SearchText:
		return TextKey(v.String()), true
	case SearchID, SearchList:
		return v.String(), true
	case SearchBool:
		return boolKey(v)
	case SearchNumber:
		n, whole := wholeNumber(v)
		if !whole {
			return "", f.lenient
		}
		return NumberKey(IntValue(n)), true
	case SearchDecimal:
		return decimalKey(v)
	default:
		n, whole := wholeNumber(v)
		if !whole || n < 0 || n > MaxWhole {
			return "", false
		}
		return NumberKey(IntValue(n)), true
	}
}

func (f *searched) wants() string {
	switch f.Type {
	case SearchBool:
		return "true or false"
	case SearchNumber:
		return "a whole number"
	case SearchDecimal:
		return "a number"
	case SearchTime:
		return "a Unix time in seconds, from 0 to 2147483647"
	}
	return "a text"
}

func boolKey(v Value) (string, bool) {
	switch {
	case v.Kind() == KindBool:
		return BoolKey(v.Bool()), true
	case v.Text() == "true" || v.Text() == "false":
		return BoolKey(v.Text() == "true"), true
	}
	return "", false
}

// wholeNumber reads a whole number, which may come as the text of its digits.
func wholeNumber(v Value) (int64, bool) {
	if v.Kind() == KindText {
		n, err := strconv.ParseInt(v.Text(), 10, 64)
		return n, err == nil
	}
	return v.Int(), v.Kind() == KindInt
}

func decimalKey(v Value) (string, bool) {
	if n, whole := wholeNumber(v); whole {
		return NumberKey(IntValue(n)), true
	}
	if v.Kind() == KindText && strings.Trim(v.Text(), "0123456789+-.eE") == "" {
		n, err := strconv.ParseFloat(v.Text(), 64)
		if err != nil {
			return "", false
		}
		v = FloatValue(n)
	}
	if v.Kind() != KindFloat && v.Kind() != KindInt {
		return "", false
	}
	return NumberKey(v), true
}
