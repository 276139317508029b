package search

import "maps"

// Column is one field of a record as it is stored: its name in the database, and how to access it. Only the function for
// its type makes one, and only that function depends on the type.
type Column[T any] struct {
	Name string
	// Kind is the kind of its values; [KindNull] for custom attributes, which have values of their own.
	Kind Kind
	// Attributes points at the custom attributes of a record; nil for all other columns.
	Attributes func(*T) *Attributes

	access[T]
}

// access reads and writes the field of a column.
type access[T any] interface {
	// IsBlank reports whether the field of a record is blank; blank fields are not stored.
	IsBlank(*T) bool
	// Equal reports whether two records have the same value in this field.
	Equal(a, b *T) bool
	// Copy copies the field from one record to another; the copy shares nothing with the original.
	Copy(to, from *T)
	// Value returns the field as it is stored, and SetValue sets it from such a value; null clears it.
	Value(*T) Value
	SetValue(*T, Value)
	// Shown returns the field as API readers see it: null when it is not known.
	Shown(*T) Value
}

// scalar accesses a field with one value.
type scalar[T any, V comparable] struct {
	at   func(*T) *V
	to   func(V) Value
	from func(Value) V
	show func(V) Value
}

func (s *scalar[T, V]) IsBlank(v *T) bool {
	var blank V
	return *s.at(v) == blank
}

func (s *scalar[T, V]) Equal(a, b *T) bool { return *s.at(a) == *s.at(b) }

func (s *scalar[T, V]) Copy(to, from *T) { *s.at(to) = *s.at(from) }

func (s *scalar[T, V]) Value(v *T) Value { return s.to(*s.at(v)) }

func (s *scalar[T, V]) SetValue(v *T, value Value) { *s.at(v) = s.from(value) }

func (s *scalar[T, V]) Shown(v *T) Value { return s.show(*s.at(v)) }

// TextColumn returns the column of a text.
func TextColumn[T any, V ~string](name string, at func(*T) *V) Column[T] {
	to := func(v V) Value { return TextValue(string(v)) }
	from := func(v Value) V { return V(v.Text()) }
	return Column[T]{Name: name, Kind: KindText, access: &scalar[T, V]{at, to, from, unlessBlank(to)}}
}

// NumberColumn returns the column of a whole number.
func NumberColumn[T any](name string, at func(*T) *int64) Column[T] {
	return Column[T]{Name: name, Kind: KindInt, access: &scalar[T, int64]{at, IntValue, Value.Int, unlessBlank(IntValue)}}
}

// FlagColumn returns the column of a boolean.
func FlagColumn[T any](name string, at func(*T) *bool) Column[T] {
	return Column[T]{Name: name, Kind: KindBool, access: &scalar[T, bool]{at, BoolValue, Value.Bool, BoolValue}}
}

// AttributesColumn returns the column of custom attributes.
func AttributesColumn[T any](name string, at func(*T) *Attributes) Column[T] {
	return Column[T]{Name: name, Attributes: at, access: attributesAccess[T]{at}}
}

// CodedColumn returns the column of values that are stored as numbers and shown otherwise, unless they are blank.
func CodedColumn[T any, V comparable](name string, at func(*T) *V, to func(V) int64, from func(int64) V, show func(V) Value) Column[T] {
	store := func(v V) Value { return IntValue(to(v)) }
	load := func(v Value) V { return from(v.Int()) }
	return Column[T]{Name: name, Kind: KindInt, access: &scalar[T, V]{at, store, load, unlessBlank(show)}}
}

// unlessBlank returns a function like to that returns null for the blank value.
func unlessBlank[V comparable](to func(V) Value) func(V) Value {
	return func(v V) Value {
		var blank V
		if v == blank {
			return NullValue()
		}
		return to(v)
	}
}

// attributesAccess accesses custom attributes. They are no single value, so Value and Shown return null.
type attributesAccess[T any] struct{ at func(*T) *Attributes }

func (a attributesAccess[T]) IsBlank(v *T) bool { return len(*a.at(v)) == 0 }

func (a attributesAccess[T]) Equal(v, w *T) bool { return maps.Equal(*a.at(v), *a.at(w)) }

func (a attributesAccess[T]) Copy(to, from *T) { *a.at(to) = a.at(from).Clone() }

func (a attributesAccess[T]) Value(*T) Value { return NullValue() }

func (a attributesAccess[T]) SetValue(v *T, _ Value) { *a.at(v) = nil }

func (a attributesAccess[T]) Shown(*T) Value { return NullValue() }
