package jsonio

import (
	"encoding/json"

	"lobby/internal/search"
)

// StoredAttributes returns custom attributes as a JSON object with sorted keys, or "" for none.
func StoredAttributes(all search.Attributes) string {
	if len(all) == 0 {
		return ""
	}
	return string(AppendAttributes(make([]byte, 0, 128), all))
}

// NormalAttributes returns custom attributes, written in any way, as [StoredAttributes] does.
func NormalAttributes(text string) (string, error) {
	all, err := ReadAttributes(text)
	if err != nil {
		return "", err
	}
	return StoredAttributes(all), nil
}

// AppendField appends the field of a record as a JSON value; null for a blank one.
func AppendField[T any](buf []byte, c *search.Column[T], record *T) []byte {
	if c.Attributes != nil {
		return AppendAttributes(buf, *c.Attributes(record))
	}
	return AppendValue(buf, c.Value(record))
}

// ReadField sets the field of a record to what [AppendField] has written. It returns ErrKind for a value of another kind.
func ReadField[T any](c *search.Column[T], record *T, raw json.RawMessage) (err error) {
	switch {
	case string(raw) == "null":
		c.SetValue(record, search.NullValue())
		return nil
	case c.Attributes != nil:
		*c.Attributes(record), err = ReadAttributes(string(raw))
		return err
	}
	v, err := ReadValue(string(raw))
	if err == nil && v.Kind() != c.Kind {
		err = ErrKind
	}
	c.SetValue(record, v)
	return err
}
