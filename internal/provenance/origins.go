// Package provenance keeps where the values of a record came from: who wrote each field, and when.
// People keep one short text each, which is written with the change itself. The package must not know what a field means.
package provenance

import (
	"cmp"
	"iter"
	"slices"
)

// Source is who wrote a value, and when. The zero Source is an unknown one.
type Source struct {
	// Kind is a kind of [workspace.Actor] that [kinds] knows.
	Kind string
	// ID is the id of a token or login; empty for other kinds, and for an id that is not 24 hexadecimal digits.
	ID string
	At int64 // Unix seconds
}

// Origins are the sources of a record's fields, as the text that [Origins.groups] reads. The empty text knows none. One
// source may stand for all fields that have none of their own: who created the record gave their values.
type Origins string

// everything is the field that stands for all without a source of their own.
const everything = "*"

// begin returns the origins of a new record, all of whose values come from one source.
func begin(s Source) Origins {
	if s = s.known(); s == (Source{}) {
		return ""
	}
	return write([]group{{s, []string{everything}}})
}

// Of returns the source of a field; the zero Source for none that is known.
func (o Origins) Of(field string) Source {
	s, _ := sourceOf(o.groups(), field)
	return s
}

// All returns the fields that have a source of their own, and first "*" for all that have none.
func (o Origins) All() iter.Seq2[string, Source] {
	return func(yield func(string, Source) bool) {
		for _, g := range o.groups() {
			for _, field := range g.fields {
				if !yield(field, g.source) {
					return
				}
			}
		}
	}
}

// With returns the origins after a source has written some fields.
func (o Origins) With(s Source, fields ...string) Origins {
	if s = s.known(); len(fields) == 0 || o == "" && s == (Source{}) {
		return o
	}
	groups := o.groups()
	for _, field := range fields {
		groups = set(groups, field, s)
	}
	return write(groups)
}

// Adopting returns the origins after some fields got the values of another record, and so their sources.
func (o Origins) Adopting(from Origins, fields ...string) Origins {
	if len(fields) == 0 || o == "" && from == "" {
		return o
	}
	groups, theirs := o.groups(), from.groups()
	for _, field := range fields {
		s, _ := sourceOf(theirs, field)
		groups = set(groups, field, s)
	}
	return write(groups)
}

// Restoring returns the origins with what an earlier image of the same record had for some fields.
func (o Origins) Restoring(earlier Origins, fields ...string) Origins {
	if len(fields) == 0 || o == earlier {
		return o
	}
	groups, then := o.groups(), earlier.groups()
	for _, field := range fields {
		groups = without(groups, field)
		if i := groupOf(then, field); i >= 0 {
			groups = add(groups, field, then[i].source)
		}
	}
	return write(groups)
}

// group is a source with the fields that it wrote.
type group struct {
	source Source
	fields []string
}

// groupOf returns the index of the group that has a field itself; -1 for none.
func groupOf(groups []group, field string) int {
	return slices.IndexFunc(groups, func(g group) bool { return slices.Contains(g.fields, field) })
}

// sourceOf returns the source of a field, and whether the field has one of its own.
func sourceOf(groups []group, field string) (s Source, own bool) {
	if i := groupOf(groups, field); i >= 0 {
		return groups[i].source, true
	}
	if i := groupOf(groups, everything); i >= 0 {
		return groups[i].source, false
	}
	return Source{}, false
}

// set gives a field a source, with as little as says so.
func set(groups []group, field string, s Source) []group {
	groups = without(groups, field)
	if rest, _ := sourceOf(groups, field); rest == s {
		return groups
	}
	return add(groups, field, s)
}

func add(groups []group, field string, s Source) []group {
	i := slices.IndexFunc(groups, func(g group) bool { return g.source == s && g.fields[0] != everything })
	if i < 0 {
		return append(groups, group{s, []string{field}})
	}
	groups[i].fields = append(groups[i].fields, field)
	return groups
}

func without(groups []group, field string) []group {
	i := groupOf(groups, field)
	if i < 0 {
		return groups
	}
	groups[i].fields = slices.DeleteFunc(groups[i].fields, func(name string) bool { return name == field })
	if len(groups[i].fields) == 0 {
		return slices.Delete(groups, i, i+1)
	}
	return groups
}

// inOrder sorts groups and their fields, so that the same origins are always the same text.
func inOrder(groups []group) {
	for _, g := range groups {
		slices.Sort(g.fields)
	}
	slices.SortFunc(groups, func(a, b group) int {
		first := func(g group) int {
			if g.fields[0] == everything {
				return 0
			}
			return 1
		}
		return cmp.Or(
			cmp.Compare(first(a), first(b)), cmp.Compare(a.source.At, b.source.At),
			cmp.Compare(a.source.Kind, b.source.Kind), cmp.Compare(a.source.ID, b.source.ID),
		)
	})
}
