package wire

import "slices"

// Asked is what a handler asked of requests, each member once, in the order in which it asked first. It is how Lobby's own
// description knows the members of a request.
type Asked struct{ Members []AskedMember }

// AskedMember is a member that was asked for: its path, with the names joined by dots, and the kind that was expected. An
// element of a list has its index for a name.
type AskedMember struct {
	Path string
	Kind AskedKind
}

// AskedKind is what a member has to be, in the words in which everything else is refused.
type AskedKind string

// The kinds, one for each method of [Object] that reads a member.
const (
	AskedText    AskedKind = "a string"
	AskedID      AskedKind = "a string or a whole number"
	AskedInt     AskedKind = "a whole number"
	AskedNumber  AskedKind = "a number"
	AskedTime    AskedKind = "a Unix time in seconds, from 0 to 2147483647"
	AskedBool    AskedKind = "true or false"
	AskedObject  AskedKind = "an object"
	AskedPicture AskedKind = "a URL, or an object with an image_url"
	AskedScalars AskedKind = "an object of strings, numbers and booleans"
	AskedTexts   AskedKind = "a list"
	AskedInts    AskedKind = "a list of whole numbers"
	AskedObjects AskedKind = "a list of objects"
	AskedFacts   AskedKind = "an object of facts"
	AskedQuery   AskedKind = "a query"
)

// Add notes a member.
func (a *Asked) Add(path string, kind AskedKind) {
	if !slices.ContainsFunc(a.Members, func(m AskedMember) bool { return m.Path == path }) {
		a.Members = append(a.Members, AskedMember{path, kind})
	}
}

// Tell makes a note of every member that is asked for from now on, of this object and of all others of the same document.
func (o *Object) Tell(asked *Asked) { o.doc.asked = asked }

func (o *Object) ask(name string, kind AskedKind) {
	if o.doc.asked != nil {
		o.doc.asked.Add(join(o.path, name), kind)
	}
}

// whole makes a note of a member that is described as a whole; what is asked within it until done is called is not noted.
func (o *Object) whole(name string, kind AskedKind) (done func()) {
	o.ask(name, kind)
	asked := o.doc.asked
	o.doc.asked = nil
	return func() { o.doc.asked = asked }
}
