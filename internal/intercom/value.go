package intercom

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// These read a member of an object. What is missing or of another kind reads as the zero value.

func member(o object, name string) (child object) {
	if json.Unmarshal(o[name], &child) != nil {
		return nil
	}
	return child
}

func objects(o object, name string) (all []object) {
	var raw []json.RawMessage
	if json.Unmarshal(o[name], &raw) != nil {
		return nil
	}
	for _, element := range raw {
		var child object
		if json.Unmarshal(element, &child) == nil && child != nil {
			all = append(all, child)
		}
	}
	return all
}

// text reads a string, or a number as its digits: ids come as either.
func text(o object, name string) (s string) {
	raw := o[name]
	if json.Unmarshal(raw, &s) == nil {
		return strings.ReplaceAll(s, "\x00", "")
	}
	if n := json.Number(""); json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// number reads a whole number, or the digits of one in a string.
func number(o object, name string) int64 {
	n, err := strconv.ParseInt(text(o, name), 10, 64)
	if err != nil {
		f, _ := strconv.ParseFloat(text(o, name), 64)
		return int64(f)
	}
	return n
}

func flag(o object, name string) (is bool) {
	return json.Unmarshal(o[name], &is) == nil && is
}

// row is a record of an export, by the names of its columns.
type row map[string]any

// put sets a column unless the value is blank.
func (r row) put(name string, value any) row {
	switch value {
	case "", int64(0), false, nil:
		return r
	}
	r[name] = value
	return r
}

// set sets a column even to nothing, which takes away what it has.
func (r row) set(name string, value any) row {
	r[name] = nil
	return r.put(name, value)
}

// bytes returns the record as JSON, in which JSON that came stays as it is.
func (r row) bytes() []byte {
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false)
	if err := to.Encode(r); err != nil {
		panic(err) // there are texts, numbers, flags and JSON that was read
	}
	return text.Bytes()
}

// instant reads a time in ISO 8601 as Unix seconds.
func instant(text string) (int64, bool) {
	at, err := time.Parse(time.RFC3339, text)
	return at.Unix(), err == nil
}
