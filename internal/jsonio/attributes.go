package jsonio

import (
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"lobby/internal/search"
)

// errKind: the stored JSON is not what this package writes.
var ErrKind = errors.New("the stored attributes are no object of plain values")

var decoders = sync.Pool{New: func() any { return new(jsontext.Decoder) }}

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
		value, err := readValue(token)
		if err != nil {
			return nil, err
		}
		all[name] = value
	}
	return all, nil
}

// ParseValue returns the value that a JSON text is, and the null value for null. It refuses a list or an object.
func ParseValue(text string) (search.Value, error) {
	in := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(in)
	in.Reset(strings.NewReader(text))
	token, err := in.ReadToken()
	if err != nil || token.Kind() == 'n' {
		return search.NullValue(), err
	}
	return readValue(token)
}

func readValue(token jsontext.Token) (search.Value, error) {
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
