package jsonio

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

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

// ReadAttributes reads the object that AppendAttributes wrote; the empty text stands for none. What it returns may share the
// text.
func ReadAttributes(text string) (search.Attributes, error) {
	if text == "" {
		return nil, nil
	}
	var short [8]search.Attribute
	list, err := ListAttributes(short[:0], text)
	if err != nil {
		return nil, err
	}
	all := make(search.Attributes, len(list))
	for i := range list {
		all[list[i].Name] = list[i].Value
	}
	return all, nil
}

// ListAttributes is ReadAttributes into a list, to which it appends. Names differ.
func ListAttributes(list []search.Attribute, text string) ([]search.Attribute, error) {
	if text == "" {
		return list, nil
	}
	if all, ok := listPlain(list, text); ok {
		return all, nil
	}
	in := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(in)
	in.Reset(strings.NewReader(text))
	if begin, err := in.ReadToken(); err != nil || begin.Kind() != '{' {
		return list, errors.Join(ErrKind, err)
	}
	for in.PeekKind() != '}' {
		key, err := in.ReadToken()
		if err != nil {
			return list, err
		}
		name := key.String() // before the next token takes its place
		token, err := in.ReadToken()
		if err != nil {
			return list, err
		}
		value, err := tokenValue(token)
		if err != nil {
			return list, err
		}
		list = append(list, search.Attribute{Name: name, Value: value})
	}
	return list, nil
}

// listPlain is ListAttributes for an object just as AppendAttributes writes it, without escapes, which nearly all are. It
// reports false for any other text.
func listPlain(list []search.Attribute, text string) (all []search.Attribute, ok bool) {
	if all = list; text == "{}" {
		return all, true
	}
	if text[0] != '{' || !utf8.ValidString(text) {
		return nil, false
	}
	for rest, last := text[1:], ""; ; {
		var a search.Attribute
		if a.Name, rest, ok = plainText(rest); !ok || a.Name <= last || !strings.HasPrefix(rest, ":") {
			return nil, false
		}
		if a.Value, rest, ok = plainValue(rest[1:]); !ok || rest == "" {
			return nil, false
		}
		if all = append(all, a); rest == "}" {
			return all, true
		}
		if rest[0] != ',' {
			return nil, false
		}
		rest, last = rest[1:], a.Name
	}
}

// plainText returns the string with which a text begins, and what follows it.
func plainText(text string) (content, rest string, ok bool) {
	if text == "" || text[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return text[1:i], text[i+1:], true
		case c == '\\' || c < ' ':
			return "", "", false
		}
	}
	return "", "", false
}

// plainValue returns the value with which a text begins, and what follows it.
func plainValue(text string) (v search.Value, rest string, ok bool) {
	if content, rest, ok := plainText(text); ok {
		return search.TextValue(content), rest, true
	}
	if rest, ok := strings.CutPrefix(text, "true"); ok {
		return search.BoolValue(true), rest, true
	}
	if rest, ok := strings.CutPrefix(text, "false"); ok {
		return search.BoolValue(false), rest, true
	}
	end := strings.IndexAny(text, ",}")
	if end < 1 || !isNumber(text[:end]) {
		return v, "", false
	}
	v, err := numberValue(text[:end])
	return v, text[end:], err == nil
}

// isNumber reports whether a text is a number of JSON without an exponent.
func isNumber(text string) bool {
	whole, fraction, hasPoint := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	return isDigits(whole) && (whole[0] != '0' || whole == "0") && (!hasPoint || isDigits(fraction))
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
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
		return numberValue(token.String())
	}
	return search.Value{}, ErrKind
}

func numberValue(text string) (search.Value, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return search.IntValue(n), nil
	}
	f, err := strconv.ParseFloat(text, 64)
	return search.FloatValue(f), err
}
