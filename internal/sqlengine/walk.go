package sqlengine

import (
	"fmt"
	"strconv"
	"strings"
)

// Walk goes through the rows of a table in the order of a key, some at a time. The columns of the key are texts that are
// never all empty. A position is the key of a row; nil is before the first one.
type Walk struct {
	Table string
	Key   []string
	Rows  int // at a time
}

// Next calls each for the next rows after a position, with some columns, and with their keys. End ends the query. It returns
// the position of the last one, nil when no rows are left, and their number.
func (w Walk) Next(on Session, after []string, columns, end string, each func(r Row, key []string) error) (next []string, rows int64, err error) {
	first := strings.Count(columns, ",") + 1
	err = on.Query(fmt.Sprintf(`SELECT %s, %s FROM %s WHERE %s ORDER BY %[2]s LIMIT %[5]d%[6]s`,
		columns, strings.Join(w.Key, ", "), w.Table, w.beside(">", 0), w.Rows, end), w.args(after), func(r Row) error {
		rows, next = rows+1, w.read(r, first)
		return each(r, next)
	})
	if rows < int64(w.Rows) {
		next = nil
	}
	return next, rows, err
}

// Drop deletes the next rows after a position. It returns the position of the last one, nil when no rows are left.
func (w Walk) Drop(on Session, after []string) (next []string, err error) {
	key := strings.Join(w.Key, ", ")
	err = on.Query(fmt.Sprintf(`SELECT %s FROM %s WHERE %s ORDER BY %[1]s LIMIT 1 OFFSET %[4]d`, key, w.Table, w.beside(">", 0), w.Rows-1),
		w.args(after), func(r Row) error {
			next = w.read(r, 0)
			return nil
		})
	if err != nil {
		return nil, err
	}
	sql, args := `DELETE FROM `+w.Table+` WHERE `+w.beside(">", 0), w.args(after)
	if next != nil {
		sql, args = sql+` AND `+w.beside("<=", len(w.Key)), append(args, w.args(next)...)
	}
	return next, on.Exec(sql, args)
}

// beside returns the condition that a row lies on one side of the key in the arguments after the first ones.
func (w Walk) beside(compares string, first int) string {
	marks := make([]string, len(w.Key))
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(first+i+1)
	}
	return "(" + strings.Join(w.Key, ", ") + ") " + compares + " (" + strings.Join(marks, ", ") + ")"
}

func (w Walk) args(position []string) []any {
	args := make([]any, len(w.Key))
	for i := range args {
		if args[i] = ""; position != nil {
			args[i] = position[i]
		}
	}
	return args
}

func (w Walk) read(r Row, first int) []string {
	key := make([]string, len(w.Key))
	for i := range key {
		key[i] = r.Text(first + i)
	}
	return key
}
