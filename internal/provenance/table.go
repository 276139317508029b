package provenance

import "slices"

// Table is what must be known of a type of records to trace their values.
type Table[T any, V comparable] struct {
	origins    func(*T) *Origins
	attributes func(*T) map[string]V
	fields     []field[T]
}

// field is what is traced as one: a field, or several of the same name.
type field[T any] struct {
	code  string
	parts []Access[T]
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
		f := P(&fields[i])
		if name(f) == "" {
			continue
		}
		code := codeOf(name(f))
		at := slices.IndexFunc(t.fields, func(known field[T]) bool { return known.code == code })
		if at < 0 {
			at, t.fields = len(t.fields), append(t.fields, field[T]{code: code})
		}
		t.fields[at].parts = append(t.fields[at].parts, f)
	}
	return t
}

// Write notes that a source has made after of before, which is nil for a new record. What after has of an absorbed record
// keeps its source; absorbed is before where nothing is absorbed.
func (t *Table[T, V]) Write(s Source, before, absorbed, after *T) {
	if before == nil {
		*t.origins(after) = ""
		if source := s.text(); source != unknown {
			*t.origins(after) = write([]group{{source, everything}})
		}
		return
	}
	written, cleared := t.differing(before, after)
	var adopted []string
	if absorbed != before {
		told, _ := t.differing(absorbed, after)
		isAdopted := func(code string) bool { return !slices.Contains(told, code) }
		adopted = slices.DeleteFunc(slices.Clone(written), func(code string) bool { return !isAdopted(code) })
		written = slices.DeleteFunc(written, isAdopted)
	}
	own := t.origins(before).with(s, written).restoring("", cleared)
	*t.origins(after) = own.adopting(*t.origins(absorbed), adopted)
}

// Undo notes that after, made of now, got values back from an earlier image of the same record.
func (t *Table[T, V]) Undo(earlier, now, after *T) {
	back, cleared := t.differing(now, after)
	*t.origins(after) = t.origins(now).restoring(*t.origins(earlier), append(back, cleared...))
}

// differing returns the codes of what differs between two images: what the second one has, and what it lacks.
func (t *Table[T, V]) differing(before, after *T) (written, cleared []string) {
	for i := range t.fields {
		switch f := &t.fields[i]; {
		case f.equal(before, after):
		case f.isBlank(after):
			cleared = append(cleared, f.code)
		default:
			written = append(written, f.code)
		}
	}
	had, has := t.attributes(before), t.attributes(after)
	for name, v := range has {
		if old, is := had[name]; !is || old != v {
			written = append(written, customCode(name))
		}
	}
	for name := range had {
		if _, is := has[name]; !is {
			cleared = append(cleared, customCode(name))
		}
	}
	return written, cleared
}

func (f *field[T]) equal(a, b *T) bool {
	for _, part := range f.parts {
		if !part.Equal(a, b) {
			return false
		}
	}
	return true
}

func (f *field[T]) isBlank(record *T) bool {
	for _, part := range f.parts {
		if !part.IsBlank(record) {
			return false
		}
	}
	return true
}
