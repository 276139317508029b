package jsonio

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
)

// ErrKind says that the stored JSON is not what this package writes.
var ErrKind = errors.New("the stored attributes are no object of plain values")

var decoders = sync.Pool{New: func() any { return new(jsontext.Decoder) }}

// AppendAttributes appends a as an object with its names in ascending order, so that equal attributes are equal bytes.
func AppendAttributes(buf []byte, a search.Attributes) []byte {
	var short [16]string // most people have no more, and sorting then costs no allocation
	names := slices.AppendSeq(short[:0], maps.Keys(a))
	slices.Sort(names)
	buf = append(buf, '{')
	for i, name := range names {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(AppendText(buf, name), ':')
		buf = AppendValue(buf, a[name])
	}
	return append(buf, '}')
}

// ReadAttributes reads the object that AppendAttributes wrote; the empty text stands for none.
func ReadAttributes(text string) (search.Attributes, error) {
	if text == "" {
		return nil, nil
	}
	in := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(in)
	in.Reset(strings.NewReader(text))
	if begin, err := in.ReadToken(); err != nil || begin.Kind() != '{' {
		return nil, errors.Join(ErrKind, err)
	}
	all := search.Attributes{}
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
		value, err := tokenValue(token)
		if err != nil {
			return nil, err
		}
		all[name] = value
	}
	return all, nil
}

// ReadValue reads the value that AppendValue wrote. Null is the null value.
func ReadValue(text string) (search.Value, error) {
	in := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(in)
	in.Reset(strings.NewReader(text))
	token, err := in.ReadToken()
	if err != nil || token.Kind() == 'n' {
		return search.NullValue(), err
	}
	return tokenValue(token)
}

// tokenValue returns the value of a token; ErrKind for one that is no text, number or boolean.
func tokenValue(token jsontext.Token) (search.Value, error) {
	switch token.Kind() {
	case '"':
		return search.TextValue(token.String()), nil
	case 't', 'f':
		return search.BoolValue(token.Bool()), nil
	case '0':
		text := token.String()
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return search.IntValue(n), nil
		}
		f, err := strconv.ParseFloat(text, 64)
		return search.FloatValue(f), err
	}
	return search.Value{}, ErrKind
}
