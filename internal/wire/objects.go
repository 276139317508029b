package wire

import "github.com/go-json-experiment/json/jsontext"

// OneOrMore is Objects, and takes one object that stands alone for a list of it.
func (o *Object) OneOrMore(name string) []*Object {
	o.ask(name, AskedObjects)
	if i := o.find(name); i >= 0 && o.doc.members[i].kind == jsontext.KindBeginObject {
		return []*Object{o.Object(name)}
	}
	return o.Objects(name).Or(nil)
}
