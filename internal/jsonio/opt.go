package jsonio

import (
	"bytes"
	"encoding/json"
)

// Opt is a JSON member that may be absent, null, or a value of T. The zero Opt is absent. With the struct tag
// `,omitzero`, an absent member is not written.
type Opt[T any] struct {
	state optState
	value T
}

type optState uint8

const (
	optAbsent optState = iota
	optNull
	optValue
)

// Some returns an Opt that holds v.
func Some[T any](v T) Opt[T] { return Opt[T]{state: optValue, value: v} }

// Null returns an Opt that is present and null.
func Null[T any]() Opt[T] { return Opt[T]{state: optNull} }

// IsZero reports whether the member is absent.
func (o Opt[T]) IsZero() bool { return o.state == optAbsent }

// Present reports whether the member is null or has a value.
func (o Opt[T]) Present() bool { return o.state != optAbsent }

// IsNull reports whether the member is present and null.
func (o Opt[T]) IsNull() bool { return o.state == optNull }

// Value returns the value and true, or the zero T and false when the member is absent or null.
func (o Opt[T]) Value() (T, bool) { return o.value, o.state == optValue }

// Or returns the value, or def when the member is absent or null.
func (o Opt[T]) Or(def T) T {
	if o.state == optValue {
		return o.value
	}
	return def
}

// Given returns nil when the member is absent, and otherwise a pointer to the value. For null it points to the zero T.
func (o Opt[T]) Given() *T {
	if o.state == optAbsent {
		return nil
	}
	return &o.value
}

// MarshalJSON returns the value as JSON, or null when there is none. It does not escape <, > and &: the calling encoder
// does, where it is set to.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if o.state != optValue {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(o.value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
