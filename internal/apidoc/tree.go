package apidoc

import (
	"bytes"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Object is a JSON object whose members keep their order. The values of a tree are Object, List, Number, string, int, bool
// and nil.
type Object []Member

// Member is a member of an [Object].
type Member struct {
	Name  string
	Value any
}

// List is a JSON array.
type List []any

// Number is a JSON number in its original spelling.
type Number string

// add appends a member, unless its value is empty: "", an empty object or list, or false.
func (o *Object) add(name string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case Object:
		if len(v) == 0 {
			return
		}
	case List:
		if len(v) == 0 {
			return
		}
	case bool:
		if !v {
			return
		}
	}
	*o = append(*o, Member{name, value})
}

// parse reads one JSON document into a tree.
func parse(text []byte) (any, error) {
	d := jsontext.NewDecoder(bytes.NewReader(text))
	value, err := parseValue(d)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return value, err
}

func parseValue(d *jsontext.Decoder) (any, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case jsontext.KindString, jsontext.KindNumber:
		if token.Kind() == jsontext.KindNumber {
			return Number(token.String()), nil
		}
		return token.String(), nil
	case jsontext.KindTrue, jsontext.KindFalse:
		return token.Bool(), nil
	case jsontext.KindBeginObject:
		object := Object{}
		for d.PeekKind() != jsontext.KindEndObject {
			name, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			member := Member{Name: name.String()}
			if member.Value, err = parseValue(d); err != nil {
				return nil, err
			}
			object = append(object, member)
		}
		_, err = d.ReadToken()
		return object, err
	case jsontext.KindBeginArray:
		list := List{}
		for d.PeekKind() != jsontext.KindEndArray {
			element, err := parseValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		_, err = d.ReadToken()
		return list, err
	default:
		return nil, nil
	}
}

// appendJSON appends a tree without white space.
func appendJSON(buf []byte, value any) []byte {
	switch v := value.(type) {
	case Object:
		buf = append(buf, '{')
		for i, m := range v {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = append(appendText(buf, m.Name), ':')
			buf = appendJSON(buf, m.Value)
		}
		return append(buf, '}')
	case List:
		buf = append(buf, '[')
		for i, element := range v {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = appendJSON(buf, element)
		}
		return append(buf, ']')
	default:
		return appendScalar(buf, value)
	}
}

func appendScalar(buf []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendText(buf, v)
	case Number:
		return append(buf, v...)
	case int:
		return strconv.AppendInt(buf, int64(v), 10)
	case bool:
		return strconv.AppendBool(buf, v)
	default:
		return append(buf, "null"...)
	}
}

func appendText(buf []byte, s string) []byte {
	buf, _ = jsontext.AppendQuote(buf, s) // what is not UTF-8 becomes U+FFFD
	return buf
}
