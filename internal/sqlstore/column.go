package sqlstore

import (
	"fmt"

	"lobby/internal/jsonio"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
)

// readColumn reads the i-th column of a row into the field of a record, which is blank. What is blank is stored as NULL.
func readColumn[T any](r sqlengine.Row, i int, c *search.Column[T], record *T) (err error) {
	if r.IsNull(i) {
		return nil
	}
	switch c.Kind {
	case search.KindText:
		c.SetValue(record, search.TextValue(r.Text(i)))
	case search.KindInt:
		c.SetValue(record, search.IntValue(r.Int(i)))
	case search.KindBool:
		c.SetValue(record, search.BoolValue(r.Bool(i)))
	default:
		*c.Attributes(record), err = jsonio.ReadAttributes(r.Text(i))
	}
	return err
}

// column returns how the field of a record is stored, nil for a blank one.
func column[T any](c *search.Column[T], record *T) any {
	switch {
	case c.IsBlank(record):
		return nil
	case c.Attributes != nil:
		return jsonio.StoredAttributes(*c.Attributes(record))
	}
	return argument(c.Value(record))
}

// argument returns a value as a statement takes it.
func argument(v search.Value) any {
	switch v.Kind() {
	case search.KindText:
		return v.Text()
	case search.KindInt:
		return v.Int()
	case search.KindBool:
		return v.Bool()
	}
	panic(fmt.Sprintf("sqlstore: no column holds a value like %v", v))
}
