package jsonio

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
)

// Writer appends one JSON object to a buffer, member by member and without white space, for the encoders that answer
// most requests. Names are written as they are, so they are literals of this package; everything else is escaped as
// far as JSON demands it and no further: <, > and & stay.
//
// Calls come in the order of the output, and each open has its close. Within a list, items are made with item.
type Writer struct{ Buf []byte }

// Begin starts an object at the end of buf.
func Begin(buf []byte) Writer { return Writer{append(buf, '{')} }

// End finishes the object and returns the buffer.
func (o *Writer) End() []byte { return append(o.Buf, '}') }

// Next puts the comma that stands before whatever is not the first of its object or list.
func (o *Writer) Next() {
	if last := o.Buf[len(o.Buf)-1]; last != '{' && last != '[' {
		o.Buf = append(o.Buf, ',')
	}
}

func (o *Writer) Name(name string) {
	o.Next()
	o.Buf = append(o.Buf, '"')
	o.Buf = append(o.Buf, name...)
	o.Buf = append(o.Buf, '"', ':')
}

func (o *Writer) Text(name, s string) {
	o.Name(name)
	o.Buf = AppendText(o.Buf, s)
}

// TextOrNull writes the empty string as null.
func (o *Writer) TextOrNull(name, s string) {
	if s == "" {
		o.Null(name)
		return
	}
	o.Text(name, s)
}

func (o *Writer) Int(name string, n int64) {
	o.Name(name)
	o.Buf = strconv.AppendInt(o.Buf, n, 10)
}

// IntOrNull writes 0, the unknown time or id, as null.
func (o *Writer) IntOrNull(name string, n int64) {
	if n == 0 {
		o.Null(name)
		return
	}
	o.Int(name, n)
}

func (o *Writer) Bool(name string, b bool) {
	o.Name(name)
	o.Buf = strconv.AppendBool(o.Buf, b)
}

func (o *Writer) Null(name string) { o.Raw(name, "null") }

// Raw writes value, which is JSON already.
func (o *Writer) Raw(name, value string) {
	o.Name(name)
	o.Buf = append(o.Buf, value...)
}

// Open starts an object as the member name.
func (o *Writer) Open(name string) {
	o.Name(name)
	o.Buf = append(o.Buf, '{')
}

// Item starts an object as the next element of a list.
func (o *Writer) Item() {
	o.Next()
	o.Buf = append(o.Buf, '{')
}

// Close ends what open or item started.
func (o *Writer) Close() { o.Buf = append(o.Buf, '}') }

// OpenList starts a list as the member name.
func (o *Writer) OpenList(name string) {
	o.Name(name)
	o.Buf = append(o.Buf, '[')
}

func (o *Writer) CloseList() { o.Buf = append(o.Buf, ']') }

// Ints writes a list of numbers; nil is one without elements.
func (o *Writer) Ints(name string, all []int64) {
	o.OpenList(name)
	for _, n := range all {
		o.Next()
		o.Buf = strconv.AppendInt(o.Buf, n, 10)
	}
	o.CloseList()
}

// Attributes writes a as the member name.
func (o *Writer) Attributes(name string, a search.Attributes) {
	o.Name(name)
	o.Buf = AppendAttributes(o.Buf, a)
}

// AppendValue appends v as JSON; a number that is no integer takes the shortest form that reads back as it.
func AppendValue(buf []byte, v search.Value) []byte {
	switch v.Kind() {
	case search.KindText:
		return AppendText(buf, v.Text())
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

// AppendText writes s as a JSON string. A byte that is not UTF-8 becomes U+FFFD, which is what the error of the
// library says and nothing an answer could do more about.
func AppendText(buf []byte, s string) []byte {
	buf, _ = jsontext.AppendQuote(buf, s)
	return buf
}

// appendFloat writes f, which is finite, in the shortest form that reads back as f. Like ECMAScript it takes an
// exponent only below 1e-6 and from 1e21 on, so that no client sees one in a sum of money.
func appendFloat(buf []byte, f float64) []byte { return append(buf, jsontext.Float(f).String()...) }

func (o *Writer) Texts(name string, all []string) {
	o.OpenList(name)
	for _, text := range all {
		o.Next()
		o.Buf = AppendText(o.Buf, text)
	}
	o.CloseList()
}
