package jsonio

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
	"lobby/internal/spelling"
)

// Recorder lists the members that a handler read from requests: each member once, in the order of the first read. Lobby's
// own description of the API takes the members of requests from it.
type Recorder struct {
	Members []Member
	// Coerced are the members that were read although they had another type, as "3" for a number.
	Coerced []Member
}

// Member is a member that was read: its path and the kind that was expected. The path is names joined by dots; an
// element of a list has its index as its name.
type Member struct {
	Path string
	Kind MemberKind
}

// MemberKind is the type that a member must have, in the words of the error message for any other type.
type MemberKind string

// The kinds, one for each method of [Object] that reads a member.
const (
	TextMember     MemberKind = "a string"
	IDMember       MemberKind = "a string or a whole number"
	IntMember      MemberKind = "a whole number"
	NumberMember   MemberKind = "a number"
	TimeMember     MemberKind = search.Seconds
	InstantMember  MemberKind = "a time in Unix seconds or as in 2026-01-31T12:00:00Z, from 1970 to 2038"
	BoolMember     MemberKind = "true or false"
	ObjectMember   MemberKind = "an object"
	PictureMember  MemberKind = "a URL, or an object with an image_url"
	ScalarsMember  MemberKind = "an object of strings, numbers and booleans"
	TextsMember    MemberKind = "a list"
	IntsMember     MemberKind = "a list of whole numbers"
	ObjectsMember  MemberKind = "a list of objects"
	EitherMember   MemberKind = "an object or a list of objects"
	MetadataMember MemberKind = "an object of facts"
	QueryMember    MemberKind = "a query"
)

// Add adds a member, unless its path is in the list already.
func (r *Recorder) Add(path string, kind MemberKind) {
	if !slices.ContainsFunc(r.Members, func(m Member) bool { return m.Path == path }) {
		r.Members = append(r.Members, Member{path, kind})
	}
}

// Nearest returns the name that was probably meant by a member that nobody read: one that was read from the same object. It
// is empty when none is near.
func (r *Recorder) Nearest(path string) string {
	parent, name := cutPath(path)
	var names []string
	for _, m := range r.Members {
		if of, read := cutPath(m.Path); of == parent {
			names = append(names, read)
		}
	}
	return spelling.Nearest(name, names)
}

// cutPath returns the path of the object that has a member, and the name of the member.
func cutPath(path string) (parent, name string) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:]
}

// recordKind records that a member was read although it has another type than it should.
func (o *Object) recordKind(name string, want MemberKind, is jsontext.Kind) {
	if o.doc.asked != nil && is == jsontext.KindString && slices.Contains(unquoted, want) {
		o.doc.asked.Coerced = append(o.doc.asked.Coerced, Member{join(o.path, name), want})
	}
}

// unquoted are the kinds that the public API documents without quotes, and reads with them.
var unquoted = []MemberKind{IntMember, NumberMember, TimeMember, BoolMember}

// RecordReads records every member that is read from now on, in this object and in all others of the same document.
func (o *Object) RecordReads(asked *Recorder) { o.doc.asked = asked }

// Record adds a member of the object to the recorder that RecordReads set, if any.
func (o *Object) Record(name string, kind MemberKind) {
	if o.doc.asked != nil {
		o.doc.asked.Add(join(o.path, name), kind)
	}
}

// recordWhole records a member that is described as a whole. Reads are not recorded until done is called.
func (o *Object) recordWhole(name string, kind MemberKind) (done func()) {
	o.Record(name, kind)
	asked := o.doc.asked
	o.doc.asked = nil
	return func() { o.doc.asked = asked }
}
