package jsonio

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
)

// Writer appends one JSON object to a buffer, member by member and without white space. Member names are written
// unescaped, so they must be literals. Values are escaped only as far as JSON requires: <, > and & stay.
//
// Calls come in the order of the output. Each [Writer.Open] and [Writer.Item] needs a [Writer.Close], each
// [Writer.OpenList] a [Writer.CloseList]. Within a list, Item starts an object, and [Writer.Next] precedes any other
// element.
type Writer struct{ Buf []byte }

// Begin starts an object at the end of buf.
func Begin(buf []byte) Writer { return Writer{append(buf, '{')} }

// End finishes the object and returns the buffer.
func (o *Writer) End() []byte { return append(o.Buf, '}') }

// Next appends a comma, unless the next member or element is the first of its object or list.
func (o *Writer) Next() {
	if last := o.Buf[len(o.Buf)-1]; last != '{' && last != '[' {
		o.Buf = append(o.Buf, ',')
	}
}

// Name starts a member; its value must be appended next. The name is written unescaped.
func (o *Writer) Name(name string) {
	o.Next()
	o.Buf = append(o.Buf, '"')
	o.Buf = append(o.Buf, name...)
	o.Buf = append(o.Buf, '"', ':')
}

// Text writes a string member.
func (o *Writer) Text(name, s string) {
	o.Name(name)
	o.Buf = AppendText(o.Buf, s)
}

// TextOrNull writes a string member, or null for the empty string.
func (o *Writer) TextOrNull(name, s string) {
	if s == "" {
		o.Null(name)
		return
	}
	o.Text(name, s)
}

// Int writes a whole number as a member.
func (o *Writer) Int(name string, n int64) {
	o.Name(name)
	o.Buf = strconv.AppendInt(o.Buf, n, 10)
}

// IntOrNull writes a whole number as a member, or null for 0, which stands for an unknown time or id.
func (o *Writer) IntOrNull(name string, n int64) {
	if n == 0 {
		o.Null(name)
		return
	}
	o.Int(name, n)
}

// Bool writes a boolean member.
func (o *Writer) Bool(name string, b bool) {
	o.Name(name)
	o.Buf = strconv.AppendBool(o.Buf, b)
}

// Null writes a member that is null.
func (o *Writer) Null(name string) { o.Raw(name, "null") }

// Raw writes a member whose value is already JSON.
func (o *Writer) Raw(name, value string) {
	o.Name(name)
	o.Buf = append(o.Buf, value...)
}

// Open starts an object as the value of a member.
func (o *Writer) Open(name string) {
	o.Name(name)
	o.Buf = append(o.Buf, '{')
}

// Item starts an object as the next element of a list.
func (o *Writer) Item() {
	o.Next()
	o.Buf = append(o.Buf, '{')
}

// Close ends the object that Open or Item started.
func (o *Writer) Close() { o.Buf = append(o.Buf, '}') }

// OpenList starts a list as the value of a member.
func (o *Writer) OpenList(name string) {
	o.Name(name)
	o.Buf = append(o.Buf, '[')
}

// CloseList ends the list that OpenList started.
func (o *Writer) CloseList() { o.Buf = append(o.Buf, ']') }

// Ints writes a list of whole numbers as a member. Nil is written as an empty list.
func (o *Writer) Ints(name string, all []int64) {
	o.OpenList(name)
	for _, n := range all {
		o.Next()
		o.Buf = strconv.AppendInt(o.Buf, n, 10)
	}
	o.CloseList()
}

// Attributes writes custom attributes as a member, with their names in ascending order. Nil is written as an empty object.
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

// AppendText appends s as a JSON string. A byte that is not UTF-8 becomes U+FFFD.
func AppendText(buf []byte, s string) []byte {
	buf, _ = jsontext.AppendQuote(buf, s) // the only error reports invalid UTF-8, which it has replaced
	return buf
}

// appendFloat appends f, which is finite, in the shortest form that parses back to f. As in ECMAScript, an exponent
// appears only below 1e-6 and from 1e21 on, so that no client sees one in a sum of money.
func appendFloat(buf []byte, f float64) []byte { return append(buf, jsontext.Float(f).String()...) }

// Texts writes a list of strings as a member. Nil is written as an empty list.
func (o *Writer) Texts(name string, all []string) {
	o.OpenList(name)
	for _, text := range all {
		o.Next()
		o.Buf = AppendText(o.Buf, text)
	}
	o.CloseList()
}
