// Package provenance keeps where the values of a record came from: who wrote each field, and when.
// People keep one short text each, which is written with the change itself. The package must not know what a field means.
package provenance

import (
	"iter"
	"slices"
	"strings"
)

// Source is who wrote a value, and when. The zero Source is an unknown one.
type Source struct {
	// Kind is a kind of [workspace.Actor] that [kinds] knows.
	Kind string
	// ID is the id of a token or login; empty for other kinds, and for an id that is not 24 hexadecimal digits.
	ID string
	At int64 // Unix seconds
}

// Origins are the sources of a record's fields, as a text that text.go describes. The empty text knows none. One source may
// stand for all fields that have none of their own: who created the record gave their values.
type Origins string

// Of returns the source of a field; the zero Source for none that is known.
func (o Origins) Of(field string) Source { return read(sourceOf(o.groups(nil), codeOf(field))) }

// All returns the fields that have a source of their own, and first "*" for all that have none.
func (o Origins) All() iter.Seq2[string, Source] {
	return func(yield func(string, Source) bool) {
		for _, g := range o.groups(nil) {
			for code := range strings.SplitSeq(g.fields, ",") {
				if !yield(fieldOf(code), read(g.source)) {
					return
				}
			}
		}
	}
}

// with returns the origins after a source has written some fields.
func (o Origins) with(s Source, codes []string) Origins {
	source := s.text()
	if len(codes) == 0 || o == "" && source == unknown {
		return o
	}
	var few [8]group
	groups := o.groups(few[:0])
	for _, code := range codes {
		groups = set(groups, code, source)
	}
	return write(groups)
}

// adopting returns the origins after some fields got the values of another record, and so their sources.
func (o Origins) adopting(from Origins, codes []string) Origins {
	if len(codes) == 0 || o == "" && from == "" {
		return o
	}
	groups, theirs := o.groups(nil), from.groups(nil)
	for _, code := range codes {
		groups = set(groups, code, sourceOf(theirs, code))
	}
	return write(groups)
}

// restoring returns the origins with what an earlier image of the same record had for some fields; "" had nothing.
func (o Origins) restoring(earlier Origins, codes []string) Origins {
	if len(codes) == 0 || o == earlier {
		return o
	}
	groups, then := o.groups(nil), earlier.groups(nil)
	for _, code := range codes {
		groups = without(groups, code)
		if i := groupOf(then, code); i >= 0 {
			groups = add(groups, code, then[i].source)
		}
	}
	return write(groups)
}

// group is a source with the fields that it wrote, as they stand in the text: sorted, without spaces.
type group struct{ source, fields string }

// groupOf returns the index of the group that has a field itself; -1 for none.
func groupOf(groups []group, code string) int {
	return slices.IndexFunc(groups, func(g group) bool { return indexOf(g.fields, code) >= 0 })
}

// indexOf returns where a field begins in a list of them; -1 for none.
func indexOf(fields, code string) int {
	for at := 0; ; {
		field, _, more := strings.Cut(fields[at:], ",")
		if field == code {
			return at
		}
		if !more {
			return -1
		}
		at += len(field) + 1
	}
}

// sourceOf returns the source of a field, which may be that of all others.
func sourceOf(groups []group, code string) string {
	if i := groupOf(groups, code); i >= 0 {
		return groups[i].source
	}
	if len(groups) > 0 && groups[0].fields == everything {
		return groups[0].source
	}
	return unknown
}

// set gives a field a source, with as little as says so.
func set(groups []group, code, source string) []group {
	if sourceOf(groups, code) == source {
		return groups
	}
	if groups = without(groups, code); sourceOf(groups, code) == source {
		return groups
	}
	return add(groups, code, source)
}

// add gives a source a field that no group has. Groups and fields stay in order, so that the same origins are always the
// same text.
func add(groups []group, code, source string) []group {
	i := slices.IndexFunc(groups, func(g group) bool { return g.fields != everything && g.source >= source })
	switch {
	case i < 0:
		return append(groups, group{source, code})
	case groups[i].source != source:
		return slices.Insert(groups, i, group{source, code})
	}
	fields, at := groups[i].fields, 0
	for at < len(fields) {
		field, _, _ := strings.Cut(fields[at:], ",")
		if field > code {
			groups[i].fields = fields[:at] + code + "," + fields[at:]
			return groups
		}
		at += len(field) + 1
	}
	groups[i].fields = fields + "," + code
	return groups
}

func without(groups []group, code string) []group {
	i := groupOf(groups, code)
	if i < 0 {
		return groups
	}
	fields := groups[i].fields
	switch at := indexOf(fields, code); {
	case fields == code:
		return slices.Delete(groups, i, i+1)
	case at == 0:
		groups[i].fields = fields[len(code)+1:]
	default:
		groups[i].fields = fields[:at-1] + fields[at+len(code):]
	}
	return groups
}
