package jsonio

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Objects returns a list of objects. An empty list in place of an element counts as an empty object, because PHP clients
// send it.
func (o *Object) Objects(name string) Opt[[]*Object] {
	o.Record(name, ObjectsMember)
	list, absent := o.list(name, "a list of objects")
	if absent != nil {
		return Opt[[]*Object]{state: *absent}
	}
	all := []*Object{}
	o.doc.members[list.first-1].opened = true
	for i := list.first; i < list.end; i = o.doc.members[i].next {
		m := &o.doc.members[i]
		if m.kind != jsontext.KindBeginObject && !m.empty {
			o.Fail(name, codeKind, "must be a list of objects")
			return Opt[[]*Object]{}
		}
		all = append(all, &Object{doc: o.doc, path: join(list.path, strconv.Itoa(len(all))), first: i + 1, end: m.next})
	}
	return Some(all)
}

// OneOrMore returns a list of objects, like [Object.Objects], and accepts a single object in place of a list of one. It
// is nil when the member is absent or null.
func (o *Object) OneOrMore(name string) []*Object {
	o.Record(name, EitherMember)
	if i := o.find(name); i >= 0 && o.doc.members[i].kind == jsontext.KindBeginObject {
		return []*Object{o.Object(name)}
	}
	return o.Objects(name).Or(nil)
}

// list returns the elements of a list. When there is none, absent is the state of the member: absent or null. A member of
// another type is recorded as an error and counts as absent.
func (o *Object) list(name, what string) (elements Object, absent *optState) {
	state := optAbsent
	i := o.find(name)
	switch {
	case i < 0:
		return Object{}, &state
	case o.doc.members[i].kind == jsontext.KindNull:
		state = optNull
		return Object{}, &state
	case o.doc.members[i].kind != jsontext.KindBeginArray:
		o.Fail(name, codeKind, "must be "+what)
		return Object{}, &state
	}
	return Object{doc: o.doc, path: join(o.path, name), first: i + 1, end: o.doc.members[i].next}, nil
}
