package jsonio

import (
	"slices"

	"lobby/internal/search"
)

// Recorder is what a handler asked of requests, each member once, in the order in which it asked first. It is how Lobby's own
// description knows the members of a request.
type Recorder struct{ Members []Member }

// Member is a member that was asked for: its path, with the names joined by dots, and the kind that was expected. An
// element of a list has its index for a name.
type Member struct {
	Path string
	Kind MemberKind
}

// MemberKind is what a member has to be, in the words in which everything else is refused.
type MemberKind string

// The kinds, one for each method of [Object] that reads a member.
const (
	TextMember     MemberKind = "a string"
	IDMember       MemberKind = "a string or a whole number"
	IntMember      MemberKind = "a whole number"
	NumberMember   MemberKind = "a number"
	TimeMember     MemberKind = search.Seconds
	BoolMember     MemberKind = "true or false"
	ObjectMember   MemberKind = "an object"
	PictureMember  MemberKind = "a URL, or an object with an image_url"
	ScalarsMember  MemberKind = "an object of strings, numbers and booleans"
	TextsMember    MemberKind = "a list"
	IntsMember     MemberKind = "a list of whole numbers"
	ObjectsMember  MemberKind = "a list of objects"
	MetadataMember MemberKind = "an object of facts"
	QueryMember    MemberKind = "a query"
)

// Add notes a member.
func (a *Recorder) Add(path string, kind MemberKind) {
	if !slices.ContainsFunc(a.Members, func(m Member) bool { return m.Path == path }) {
		a.Members = append(a.Members, Member{path, kind})
	}
}

// RecordReads makes a note of every member that is asked for from now on, of this object and of all others of the same document.
func (o *Object) RecordReads(asked *Recorder) { o.doc.asked = asked }

func (o *Object) Record(name string, kind MemberKind) {
	if o.doc.asked != nil {
		o.doc.asked.Add(join(o.path, name), kind)
	}
}

// recordWhole makes a note of a member that is described as a whole; what is asked within it until done is called is not noted.
func (o *Object) recordWhole(name string, kind MemberKind) (done func()) {
	o.Record(name, kind)
	asked := o.doc.asked
	o.doc.asked = nil
	return func() { o.doc.asked = asked }
}
