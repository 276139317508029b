package provenance

import (
	"slices"
	"strings"
)

// Table is what must be known of a type of records to trace their values.
type Table[T any, V comparable] struct {
	origins    func(*T) *Origins
	attributes func(*T) map[string]V
	fields     []field[T]
}

// field is a field whose values are traced. Several that share a name share one source.
type field[T any] struct {
	name string
	Access[T]
}

// Access is how a field is compared.
type Access[T any] interface {
	IsBlank(*T) bool
	Equal(a, b *T) bool
}

// NewTable returns the table of a type. name returns the name of a field in the origins, empty for a field whose values are
// not traced. origins points at the origins of a record, and attributes returns its custom attributes, which are never blank.
func NewTable[T, F any, P interface {
	*F
	Access[T]
}, V comparable](fields []F, name func(P) string, origins func(*T) *Origins, attributes func(*T) map[string]V) *Table[T, V] {
	t := &Table[T, V]{origins: origins, attributes: attributes}
	for i := range fields {
		if f := P(&fields[i]); name(f) != "" {
			t.fields = append(t.fields, field[T]{name(f), f})
		}
	}
	return t
}

// Write notes that a source has made after of before, which is nil for a new record. What after has of an absorbed record
// keeps its source; absorbed is before where nothing is absorbed.
func (t *Table[T, V]) Write(s Source, before, absorbed, after *T) {
	if before == nil {
		*t.origins(after) = begin(s)
		return
	}
	written, cleared := t.differing(before, after)
	var adopted []string
	if absorbed != before {
		isAdopted := func(name string) bool { return t.same(name, absorbed, after) }
		for _, name := range written {
			if isAdopted(name) {
				adopted = append(adopted, name)
			}
		}
		written = slices.DeleteFunc(written, isAdopted)
	}
	own := t.origins(before).With(s, written...).Restoring("", cleared...)
	*t.origins(after) = own.Adopting(*t.origins(absorbed), adopted...)
}

// Undo notes that after, made of now, got values back from an earlier image of the same record.
func (t *Table[T, V]) Undo(earlier, now, after *T) {
	back, cleared := t.differing(now, after)
	*t.origins(after) = t.origins(now).Restoring(*t.origins(earlier), append(back, cleared...)...)
}

// differing returns the names of what differs between two images of a record: what the second one has, and what it lacks.
// A name may come twice.
func (t *Table[T, V]) differing(before, after *T) (written, cleared []string) {
	for i := range t.fields {
		switch f := &t.fields[i]; {
		case f.Equal(before, after):
		case t.isBlank(f.name, after):
			cleared = append(cleared, f.name)
		default:
			written = append(written, f.name)
		}
	}
	had, has := t.attributes(before), t.attributes(after)
	for name, v := range has {
		if old, is := had[name]; !is || old != v {
			written = append(written, customPrefix+name)
		}
	}
	for name := range had {
		if _, is := has[name]; !is {
			cleared = append(cleared, customPrefix+name)
		}
	}
	return written, cleared
}

// isBlank reports whether a record has no value in any field of a name.
func (t *Table[T, V]) isBlank(name string, record *T) bool {
	for i := range t.fields {
		if f := &t.fields[i]; f.name == name && !f.IsBlank(record) {
			return false
		}
	}
	return true
}

// same reports whether two records have the same value: of a custom attribute, or in all fields of a name.
func (t *Table[T, V]) same(name string, a, b *T) bool {
	if custom, is := strings.CutPrefix(name, customPrefix); is {
		return t.attributes(a)[custom] == t.attributes(b)[custom]
	}
	for i := range t.fields {
		if f := &t.fields[i]; f.name == name && !f.Equal(a, b) {
			return false
		}
	}
	return true
}
