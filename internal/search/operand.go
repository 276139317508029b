package search

import (
	"strconv"
	"strings"
)

// IsNothing reports whether a value stands for what is not set.
func IsNothing(v Value) bool { return v.IsNull() || v.Kind() == KindText && v.Text() == "" }

// key returns the key of a value that somebody may have in the field, as an operator compares it; empty for one that nobody can
// have.
func (f *operand) key(op Operator, v Value) (key string, ok bool) {
	if IsNothing(v) {
		return "", false
	}
	if f.Within != "" && isTextual(op) {
		return TextKey(v.String()), true
	}
	switch f.Type {
	case Text:
		text := v.String()
		if f.Spell != nil {
			text = f.Spell(text)
		}
		return TextKey(text), true
	case Phone:
		return f.firstKey(v), true
	case ID, List:
		return v.String(), true
	case Serial:
		if n, whole := WholeNumber(v); whole {
			return NumberKey(IntValue(n)), true
		}
		return "", !isOrder(op) // as an id, nobody has it
	case Bool:
		return boolKey(v)
	case Number:
		n, whole := WholeNumber(v)
		if !whole {
			return "", f.lenient
		}
		return NumberKey(IntValue(n)), true
	case Decimal:
		return decimalKey(v)
	default:
		n, reason := UnixTime(v)
		if reason != "" {
			return "", false
		}
		return NumberKey(IntValue(n)), true
	}
}

// isTextual reports whether an operator compares texts alone, and isOrder whether it asks for an order.
func isTextual(op Operator) bool {
	return op == Contains || op == ContainsNot || op == StartsWith || op == EndsWith
}

func isOrder(op Operator) bool {
	return op == Less || op == LessOrEqual || op == Greater || op == GreaterOrEqual
}

// wants returns what v should be, for a sentence.
func (f *operand) wants(v Value) string {
	switch f.Type {
	case Bool:
		return "true or false"
	case Number, Serial:
		return "a whole number"
	case Decimal:
		return "a number"
	case Time:
		return Seconds + MillisecondsHint(v)
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

// WholeNumber reads a whole number, which may come as the text of its digits.
func WholeNumber(v Value) (int64, bool) {
	if v.Kind() == KindText {
		n, err := strconv.ParseInt(v.Text(), 10, 64)
		return n, err == nil
	}
	return v.Int(), v.Kind() == KindInt
}

func decimalKey(v Value) (string, bool) {
	if n, whole := WholeNumber(v); whole {
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
