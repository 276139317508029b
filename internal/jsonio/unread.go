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

// Strict makes each member that nobody asks for a problem, in this object and in all others of the same document.
func (o *Object) Strict() { o.doc.strict = true }

// refuseUnread remembers as a problem the first member that nobody has asked for.
func (d *document) refuseUnread() {
	d.root.Unread(func(path, _ string) {
		if d.err != nil {
			return
		}
		d.err = fieldError(path, CodeUnknown, "")
		d.err.Message = "you sent " + d.err.Field + ", which this operation does not know"
		if d.asked == nil {
			return
		}
		if near := d.asked.Nearest(path); near != "" {
			d.err.Message = "you sent " + d.err.Field + ": did you mean " + near + "?"
		}
	})
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
