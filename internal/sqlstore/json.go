package sqlstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/people"
)

// writeAttributes answers custom attributes as a JSON object with sorted keys, or "" for none.
func writeAttributes(all people.Attributes) string {
	if len(all) == 0 {
		return ""
	}
	return string(appendAttributes(make([]byte, 0, 128), all))
}

func appendAttributes(buf []byte, all people.Attributes) []byte {
	var few [16]string // most people have no more, and sorting then costs no allocation
	names := slices.AppendSeq(few[:0], maps.Keys(all))
	slices.Sort(names)
	buf = append(buf, '{')
	for i, name := range names {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(appendText(buf, name), ':')
		buf = appendValue(buf, all[name])
	}
	return append(buf, '}')
}

func appendValue(buf []byte, v people.Value) []byte {
	switch v.Kind() {
	case people.KindText:
		return appendText(buf, v.Text())
	case people.KindInt:
		return strconv.AppendInt(buf, v.Int(), 10)
	case people.KindFloat:
		return strconv.AppendFloat(buf, v.Float(), 'g', -1, 64)
	case people.KindBool:
		return strconv.AppendBool(buf, v.Bool())
	}
	return append(buf, "null"...)
}

// appendText writes a JSON string. What is not UTF-8 never gets here: the decoders of all fronts refuse it.
func appendText(buf []byte, s string) []byte {
	buf, _ = jsontext.AppendQuote(buf, s)
	return buf
}

// errKind: the stored JSON is not what this package writes.
var errKind = errors.New("the stored attributes are no object of plain values")

var decoders = sync.Pool{New: func() any { return new(jsontext.Decoder) }}

func readAttributes(text string) (people.Attributes, error) {
	if text == "" {
		return nil, nil
	}
	in := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(in)
	in.Reset(strings.NewReader(text))
	if begin, err := in.ReadToken(); err != nil || begin.Kind() != '{' {
		return nil, errors.Join(errKind, err)
	}
	all := people.Attributes{}
	for in.PeekKind() != '}' {
		key, err := in.ReadToken()
		if err != nil {
			return nil, err
		}
		name := key.String() // before the next token takes its place
		token, err := in.ReadToken()
		if err != nil {
			return nil, err
		}
		value, err := readValue(token)
		if err != nil {
			return nil, err
		}
		all[name] = value
	}
	return all, nil
}

func readValue(token jsontext.Token) (people.Value, error) {
	switch token.Kind() {
	case '"':
		return people.TextValue(token.String()), nil
	case 't', 'f':
		return people.BoolValue(token.Bool()), nil
	case '0':
		text := token.String()
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return people.IntValue(n), nil
		}
		f, err := strconv.ParseFloat(text, 64)
		return people.FloatValue(f), err
	}
	return people.Value{}, errKind
}

// writeImage answers a person as a JSON object of what is not blank, by the names of people.Fields, or "" for nil.
func writeImage(p *people.Person) string {
	if p == nil {
		return ""
	}
	buf := append(make([]byte, 0, 512), '{')
	for i := range people.Fields {
		f := &people.Fields[i]
		if f.IsBlank(p) {
			continue
		}
		if len(buf) > 1 {
			buf = append(buf, ',')
		}
		buf = append(appendText(buf, f.Name), ':')
		switch at := f.At(p).(type) {
		case *string:
			buf = appendText(buf, *at)
		case *int64:
			buf = strconv.AppendInt(buf, *at, 10)
		case *bool:
			buf = strconv.AppendBool(buf, *at)
		case *people.Role:
			buf = appendText(buf, string(*at))
		case *people.State:
			buf = appendText(buf, string(*at))
		case *people.Maybe:
			buf = strconv.AppendInt(buf, int64(*at), 10)
		case *people.Attributes:
			buf = appendAttributes(buf, *at)
		}
	}
	return string(append(buf, '}'))
}

func readImage(ws people.WorkspaceID, text string) (*people.Person, error) {
	if text == "" {
		return nil, nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return nil, err
	}
	p := &people.Person{Workspace: ws}
	for i := range people.Fields {
		f := &people.Fields[i]
		raw, has := object[f.Name]
		if !has {
			continue
		}
		var err error
		if at, ok := f.At(p).(*people.Attributes); ok {
			*at, err = readAttributes(string(raw))
		} else {
			err = json.Unmarshal(raw, f.At(p))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return p, nil
}
