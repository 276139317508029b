package jsonio

import "github.com/go-json-experiment/json/jsontext"

// Unread passes on the members that no method has asked for and that are neither null nor empty: their paths and their
// names, in the order of the text. Members of an object that is taken as a whole, such as [Object.Scalars], count as read.
func (o *Object) Unread(yield func(path, name string)) {
	for i := o.first; i < o.end; i = o.doc.members[i].next {
		m := &o.doc.members[i]
		path := join(o.path, m.name)
		switch {
		case !m.read && !m.isBlank(i):
			yield(path, m.name)
		case m.opened && m.kind == jsontext.KindBeginObject:
			(&Object{doc: o.doc, path: path, first: i + 1, end: m.next}).Unread(yield)
		case m.opened:
			for at := i + 1; at < m.next; at = o.doc.members[at].next {
				(&Object{doc: o.doc, path: path, first: at + 1, end: o.doc.members[at].next}).Unread(yield)
			}
		}
	}
}

// isBlank reports whether the member, which is at the index, says nothing: null, "", {} or [].
func (m *member) isBlank(index int) bool {
	switch m.kind {
	case jsontext.KindNull:
		return true
	case jsontext.KindString:
		return m.text == ""
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		return m.next == index+1
	}
	return false
}
