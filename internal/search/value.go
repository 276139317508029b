package search

import (
	"maps"
	"math"
	"strconv"
	"strings"
)

// MaxText is the max length, in characters, of a custom attribute's text, name and option. Databases index names, and
// cannot index long ones.
const MaxText = 255

// With returns a copy of a with the changes applied. A null removes the attribute; any other value sets it.
func (a Attributes) With(changes Attributes) Attributes {
	out := maps.Clone(a)
	for name, v := range changes {
		switch {
		case v.IsNull():
			delete(out, name)
		case out == nil:
			out = Attributes{name: v}
		default:
			out[name] = v
		}
	}
	return out
}

// MaxWhole is the max whole number, and the max Unix second, that every client can hold. Some clients use 32 bits.
const MaxWhole = 1<<31 - 1

// Kind says which sort of value a Value holds.
type Kind uint8

// The kinds of a Value. KindNull is that of the zero Value.
const (
	KindNull  Kind = iota // nothing
	KindText              // a string
	KindInt               // a whole number that fits int64
	KindFloat             // any other finite number
	KindBool              // true or false
)

// Value is the value of one custom attribute: a string, a whole number, another number, a boolean, or null.
// The zero Value is null.
//
// Values compare with ==, and a number has one Value however it was made: FloatValue(3) == IntValue(3). There is no
// NaN, so every Value equals itself.
type Value struct {
	kind Kind
	text string
	bits uint64 // the int64, the bits of the float64, or 1 for true
}

// Attributes are the custom attributes of a record by name. Names are case-sensitive. A null value occurs only in a
// change, where it removes the attribute. A nil map has no attributes.
type Attributes map[string]Value

// Attribute is one custom attribute where they are a list.
type Attribute struct {
	Name  string
	Value Value
}

// Clone returns a copy that shares nothing with a. The clone of nil is nil.
func (a Attributes) Clone() Attributes { return maps.Clone(a) }

// TextValue returns s as a Value, the empty string included.
func TextValue(s string) Value { return Value{kind: KindText, text: s} }

// IntValue returns n as a Value.
func IntValue(n int64) Value { return Value{kind: KindInt, bits: uint64(n)} }

// FloatValue returns f as a Value. The kind is KindInt when f is whole and fits int64, so negative zero becomes 0. NaN
// and the infinities, which JSON cannot represent, become null.
func FloatValue(f float64) Value {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return NullValue()
	case f == math.Trunc(f) && f >= math.MinInt64 && f < math.MaxInt64:
		return IntValue(int64(f))
	default:
		return Value{kind: KindFloat, bits: math.Float64bits(f)}
	}
}

// BoolValue returns b as a Value.
func BoolValue(b bool) Value {
	if b {
		return Value{kind: KindBool, bits: 1}
	}
	return Value{kind: KindBool}
}

// NullValue returns the null Value.
func NullValue() Value { return Value{} }

// Kind returns the kind of v.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// Text returns the string v holds, or "" when v is of another kind.
func (v Value) Text() string { return v.text }

// Int returns the whole number v holds, or 0 when v is of another kind, KindFloat included.
func (v Value) Int() int64 {
	if v.kind != KindInt {
		return 0
	}
	return int64(v.bits)
}

// Float returns the number v holds, or 0 when v is not a number. A KindInt is rounded to the nearest float64.
func (v Value) Float() float64 {
	switch v.kind {
	case KindFloat:
		return math.Float64frombits(v.bits)
	case KindInt:
		return float64(int64(v.bits))
	default:
		return 0
	}
}

// Bool reports whether v is the boolean true.
func (v Value) Bool() bool { return v.kind == KindBool && v.bits == 1 }

// String returns v as text: a string without quotes, a number as JavaScript writes it, "null" for null.
func (v Value) String() string {
	switch v.kind {
	case KindText:
		return v.text
	case KindInt:
		return strconv.FormatInt(v.Int(), 10)
	case KindFloat:
		return formatFloat(v.Float())
	case KindBool:
		return strconv.FormatBool(v.Bool())
	default:
		return "null"
	}
}

// formatFloat writes digits without an exponent from 1e-6 up to 1e21, as JavaScript does.
func formatFloat(f float64) string {
	if abs := math.Abs(f); abs >= 1e-6 && abs < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strings.Replace(strconv.FormatFloat(f, 'e', -1, 64), "e-0", "e-", 1)
}
