package sqlstore

import (
	"fmt"

	"lobby/internal/people"
)

// readColumn reads the i-th column of a row into the field of a record.
func readColumn[T any](r row, i int, c *people.Column[T], record *T) (err error) {
	switch c.Kind {
	case people.KindText:
		c.SetValue(record, people.TextValue(r.text(i)))
	case people.KindInt:
		c.SetValue(record, people.IntValue(r.int(i)))
	case people.KindBool:
		c.SetValue(record, people.BoolValue(r.bool(i)))
	default:
		*c.Attributes(record), err = readAttributes(r.text(i))
	}
	return err
}

// column returns how the field of a record is stored, nil for a blank one.
func column[T any](c *people.Column[T], record *T) any {
	switch {
	case c.IsBlank(record):
		return nil
	case c.Attributes != nil:
		return writeAttributes(*c.Attributes(record))
	}
	return argument(c.Value(record))
}

// argument returns a value as a statement takes it.
func argument(v people.Value) any {
	switch v.Kind() {
	case people.KindText:
		return v.Text()
	case people.KindInt:
		return v.Int()
	case people.KindBool:
		return v.Bool()
	}
	panic(fmt.Sprintf("sqlstore: no column holds a value like %v", v))
}
