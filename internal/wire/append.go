package wire

import (
	"maps"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/people"
	"lobby/internal/search"
)

// object appends one JSON object to a buffer, member by member and without white space, for the encoders that answer
// most requests. Names are written as they are, so they are literals of this package; everything else is escaped as
// far as JSON demands it and no further: <, > and & stay.
//
// Calls come in the order of the output, and each open has its close. Within a list, items are made with item.
type object struct{ buf []byte }

// begin starts an object at the end of buf.
func begin(buf []byte) object { return object{append(buf, '{')} }

// end finishes the object and returns the buffer.
func (o *object) end() []byte { return append(o.buf, '}') }

// next puts the comma that stands before whatever is not the first of its object or list.
func (o *object) next() {
	if last := o.buf[len(o.buf)-1]; last != '{' && last != '[' {
		o.buf = append(o.buf, ',')
	}
}

func (o *object) name(name string) {
	o.next()
	o.buf = append(o.buf, '"')
	o.buf = append(o.buf, name...)
	o.buf = append(o.buf, '"', ':')
}

func (o *object) text(name, s string) {
	o.name(name)
	o.buf = appendText(o.buf, s)
}

// textOrNull writes the empty string as null.
func (o *object) textOrNull(name, s string) {
	if s == "" {
		o.null(name)
		return
	}
	o.text(name, s)
}

func (o *object) int(name string, n int64) {
	o.name(name)
	o.buf = strconv.AppendInt(o.buf, n, 10)
}

// intOrNull writes 0, the unknown time or id, as null.
func (o *object) intOrNull(name string, n int64) {
	if n == 0 {
		o.null(name)
		return
	}
	o.int(name, n)
}

func (o *object) bool(name string, b bool) {
	o.name(name)
	o.buf = strconv.AppendBool(o.buf, b)
}

// writeMaybe writes an unknown boolean as null.
func writeMaybe(o *object, name string, m people.Maybe) {
	if m == people.Unknown {
		o.null(name)
		return
	}
	o.bool(name, m == people.Yes)
}

func (o *object) null(name string) { o.raw(name, "null") }

// raw writes value, which is JSON already.
func (o *object) raw(name, value string) {
	o.name(name)
	o.buf = append(o.buf, value...)
}

// open starts an object as the member name.
func (o *object) open(name string) {
	o.name(name)
	o.buf = append(o.buf, '{')
}

// item starts an object as the next element of a list.
func (o *object) item() {
	o.next()
	o.buf = append(o.buf, '{')
}

// close ends what open or item started.
func (o *object) close() { o.buf = append(o.buf, '}') }

// openList starts a list as the member name.
func (o *object) openList(name string) {
	o.name(name)
	o.buf = append(o.buf, '[')
}

func (o *object) closeList() { o.buf = append(o.buf, ']') }

// ints writes a list of numbers; nil is one without elements.
func (o *object) ints(name string, all []int64) {
	o.openList(name)
	for _, n := range all {
		o.next()
		o.buf = strconv.AppendInt(o.buf, n, 10)
	}
	o.closeList()
}

// attributes writes a as the member name.
func (o *object) attributes(name string, a search.Attributes) {
	o.name(name)
	o.buf = appendAttributes(o.buf, a)
}

// appendAttributes writes a as an object with its names in ascending order, so that equal attributes are equal bytes.
func appendAttributes(buf []byte, a search.Attributes) []byte {
	var few [16]string // most people have no more, and sorting then costs no allocation
	names := slices.AppendSeq(few[:0], maps.Keys(a))
	slices.Sort(names)
	buf = append(buf, '{')
	for i, name := range names {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(appendText(buf, name), ':')
		buf = appendValue(buf, a[name])
	}
	return append(buf, '}')
}

func appendValue(buf []byte, v search.Value) []byte {
	switch v.Kind() {
	case search.KindText:
		return appendText(buf, v.Text())
	case search.KindInt:
		return strconv.AppendInt(buf, v.Int(), 10)
	case search.KindFloat:
		return appendFloat(buf, v.Float())
	case search.KindBool:
		return strconv.AppendBool(buf, v.Bool())
	default:
		return append(buf, "null"...)
	}
}

// appendText writes s as a JSON string. A byte that is not UTF-8 becomes U+FFFD, which is what the error of the
// library says and nothing an answer could do more about.
func appendText(buf []byte, s string) []byte {
	buf, _ = jsontext.AppendQuote(buf, s)
	return buf
}

// appendFloat writes f, which is finite, in the shortest form that reads back as f. Like ECMAScript it takes an
// exponent only below 1e-6 and from 1e21 on, so that no client sees one in a sum of money.
func appendFloat(buf []byte, f float64) []byte { return append(buf, jsontext.Float(f).String()...) }
