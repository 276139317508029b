package sqlstore

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// writeAttributes returns custom attributes as a JSON object with sorted keys, or "" for none.
func writeAttributes(all search.Attributes) string {
	if len(all) == 0 {
		return ""
	}
	return string(appendAttributes(make([]byte, 0, 128), all))
}

func appendAttributes(buf []byte, all search.Attributes) []byte {
	var few [16]string // most people have no more, and sorting then costs no allocation
	names := slices.AppendSeq(few[:0], maps.Keys(all))
	slices.Sort(names)
	buf = append(buf, '{')
	for i, name := range names {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(jsonio.AppendText(buf, name), ':')
		buf = appendValue(buf, all[name])
	}
	return append(buf, '}')
}

func appendValue(buf []byte, v search.Value) []byte {
	switch v.Kind() {
	case search.KindText:
		return jsonio.AppendText(buf, v.Text())
	case search.KindInt:
		return strconv.AppendInt(buf, v.Int(), 10)
	case search.KindFloat:
		return strconv.AppendFloat(buf, v.Float(), 'g', -1, 64)
	case search.KindBool:
		return strconv.AppendBool(buf, v.Bool())
	}
	return append(buf, "null"...)
}

// blank is a person of whom nothing is known.
var blank = &people.Person{}

// writeImage returns a person as a JSON object by the names of people.Fields: what differs from base, and null for what
// base has and p lacks. The journal keeps the first image of a change against blank and the result against the first, so
// that an entry is hardly longer than what the change changed. It is "" for nil.
func writeImage(base, p *people.Person) string {
	if p == nil {
		return ""
	}
	buf := append(make([]byte, 0, 512), '{')
	for i := range people.Fields {
		f := &people.Fields[i]
		if f.Equal(base, p) {
			continue
		}
		if len(buf) > 1 {
			buf = append(buf, ',')
		}
		buf = append(jsonio.AppendText(buf, f.Name), ':')
		if f.IsBlank(p) {
			buf = append(buf, "null"...)
			continue
		}
		buf = appendField(buf, &f.Column, p)
	}
	return string(append(buf, '}'))
}

// appendField writes the field of a record as the value of a member; "null" for a blank one.
func appendField[T any](buf []byte, c *people.Column[T], record *T) []byte {
	if c.Attributes != nil {
		return appendAttributes(buf, *c.Attributes(record))
	}
	return appendValue(buf, c.Value(record))
}

// readImage reads what writeImage wrote against the same base.
func readImage(ws workspace.ID, base *people.Person, text string) (*people.Person, error) {
	if text == "" {
		return nil, nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return nil, err
	}
	p := base.Clone()
	p.Workspace = ws
	for i := range people.Fields {
		f := &people.Fields[i]
		raw, has := object[f.Name]
		if !has {
			continue
		}
		if err := readField(&f.Column, p, raw); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return p, nil
}

func readField[T any](c *people.Column[T], record *T, raw json.RawMessage) (err error) {
	switch {
	case string(raw) == "null":
		c.SetValue(record, search.NullValue())
		return nil
	case c.Attributes != nil:
		*c.Attributes(record), err = jsonio.ReadAttributes(string(raw))
		return err
	}
	v, err := jsonio.ParseValue(string(raw))
	if err == nil && v.Kind() != c.Kind {
		err = jsonio.ErrKind
	}
	c.SetValue(record, v)
	return err
}
