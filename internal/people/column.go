package people

import (
	"maps"

	"lobby/internal/search"
)

// Column is one field of a record as it is stored: its name in the database, and how to access it. Only the function for
// its type makes one, and only that function depends on the type.
type Column[T any] struct {
	Name string
	// Kind is the kind of its values; [search.KindNull] for custom attributes, which have values of their own.
	Kind search.Kind
	// Attributes points at the custom attributes of a record; nil for all other columns.
	Attributes func(*T) *search.Attributes

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
	Value(*T) search.Value
	SetValue(*T, search.Value)
	// Shown returns the field as API readers see it: null when it is not known.
	Shown(*T) search.Value
}

// scalar accesses a field with one value.
type scalar[T any, V comparable] struct {
	at   func(*T) *V
	to   func(V) search.Value
	from func(search.Value) V
	show func(V) search.Value
}

func (s *scalar[T, V]) IsBlank(v *T) bool {
	var blank V
	return *s.at(v) == blank
}

func (s *scalar[T, V]) Equal(a, b *T) bool { return *s.at(a) == *s.at(b) }

func (s *scalar[T, V]) Copy(to, from *T) { *s.at(to) = *s.at(from) }

func (s *scalar[T, V]) Value(v *T) search.Value { return s.to(*s.at(v)) }

func (s *scalar[T, V]) SetValue(v *T, value search.Value) { *s.at(v) = s.from(value) }

func (s *scalar[T, V]) Shown(v *T) search.Value { return s.show(*s.at(v)) }

func textColumn[T any, V ~string](name string, at func(*T) *V) Column[T] {
	to := func(v V) search.Value { return search.TextValue(string(v)) }
	from := func(v search.Value) V { return V(v.Text()) }
	return Column[T]{Name: name, Kind: search.KindText, access: &scalar[T, V]{at, to, from, unlessBlank(to)}}
}

func numberColumn[T any](name string, at func(*T) *int64) Column[T] {
	return Column[T]{Name: name, Kind: search.KindInt, access: &scalar[T, int64]{at, search.IntValue, search.Value.Int, unlessBlank(search.IntValue)}}
}

func flagColumn[T any](name string, at func(*T) *bool) Column[T] {
	return Column[T]{Name: name, Kind: search.KindBool, access: &scalar[T, bool]{at, search.BoolValue, search.Value.Bool, search.BoolValue}}
}

// maybeColumn is stored as a number, and shown as a boolean.
func maybeColumn[T any](name string, at func(*T) *Maybe) Column[T] {
	to := func(m Maybe) search.Value { return search.IntValue(int64(m)) }
	from := func(v search.Value) Maybe { return Maybe(v.Int()) }
	show := unlessBlank(func(m Maybe) search.Value { return search.BoolValue(m == Yes) })
	return Column[T]{Name: name, Kind: search.KindInt, access: &scalar[T, Maybe]{at, to, from, show}}
}

func attributesColumn[T any](name string, at func(*T) *search.Attributes) Column[T] {
	return Column[T]{Name: name, Attributes: at, access: attributesAccess[T]{at}}
}

// unlessBlank returns a function like to that returns null for the blank value.
func unlessBlank[V comparable](to func(V) search.Value) func(V) search.Value {
	return func(v V) search.Value {
		var blank V
		if v == blank {
			return search.NullValue()
		}
		return to(v)
	}
}

// attributesAccess accesses custom attributes. They are no single value, so Value and Shown return null.
type attributesAccess[T any] struct{ at func(*T) *search.Attributes }

func (a attributesAccess[T]) IsBlank(v *T) bool { return len(*a.at(v)) == 0 }

func (a attributesAccess[T]) Equal(v, w *T) bool { return maps.Equal(*a.at(v), *a.at(w)) }

func (a attributesAccess[T]) Copy(to, from *T) { *a.at(to) = a.at(from).Clone() }

func (a attributesAccess[T]) Value(*T) search.Value { return search.NullValue() }

func (a attributesAccess[T]) SetValue(v *T, _ search.Value) { *a.at(v) = nil }

func (a attributesAccess[T]) Shown(*T) search.Value { return search.NullValue() }
