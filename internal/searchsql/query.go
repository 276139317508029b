// Package searchsql turns the conditions of searches into SQL that both databases understand.
package searchsql

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Query collects the arguments of a query. The first one is the workspace.
type Query struct{ Args []any }

// New returns a query about a workspace.
func New(ws workspace.ID) *Query { return &Query{[]any{string(ws)}} }

// Arg adds an argument, and returns its mark.
func (s *Query) Arg(v any) string {
	s.Args = append(s.Args, v)
	return "$" + strconv.Itoa(len(s.Args))
}

// ArgList adds arguments, and returns their marks with commas.
func (s *Query) ArgList(keys []string) string {
	marks := make([]string, len(keys))
	for i, key := range keys {
		marks[i] = s.Arg(key)
	}
	return strings.Join(marks, ", ")
}

// Conditions that all rows meet, and none.
const (
	Always = "1 = 1"
	Never  = "1 = 0"
)

// Predicate returns the SQL of a filter on a text column that is not null.
func (s *Query) Predicate(column string, c *search.Condition) string {
	switch c.Test {
	case search.OneOf:
		switch len(c.Keys) {
		case 0:
			return Never
		case 1:
			return column + " = " + s.Arg(c.Keys[0])
		}
		return column + " IN (" + s.ArgList(c.Keys) + ")"
	case search.Between:
		var bounds []string
		if c.Keys[0] != "" {
			bounds = append(bounds, column+" >= "+s.Arg(c.Keys[0]))
		}
		if c.Keys[1] != "" {
			bounds = append(bounds, column+" < "+s.Arg(c.Keys[1]))
		}
		if bounds == nil {
			return Always
		}
		return strings.Join(bounds, " AND ")
	case search.Containing:
		// The databases have no common function that finds a text within another.
		return "replace(" + column + ", " + s.Arg(c.Keys[0]) + ", '') <> " + column
	case search.EndingWith:
		n := strconv.Itoa(utf8.RuneCountInString(c.Keys[0]))
		return "length(" + column + ") >= " + n + " AND substr(" + column + ", length(" + column + ") - " + n + " + 1) = " + s.Arg(c.Keys[0])
	}
	return Always
}

// TagPredicate returns the SQL of a filter on the tags t.
func (s *Query) TagPredicate(c *search.Condition) string {
	if c.Test == search.Given {
		return Always
	}
	var ids []string
	for _, key := range c.Keys {
		// A text that is no number is the id of no tag.
		if id, err := strconv.ParseInt(key, 10, 64); err == nil && strconv.FormatInt(id, 10) == key {
			ids = append(ids, s.Arg(id))
		}
	}
	if ids == nil {
		return Never
	}
	return "t.tag_id IN (" + strings.Join(ids, ", ") + ")"
}

// PageClause ends a query with an order by columns, behind a position unless there is none.
func (s *Query) PageClause(columns []string, position []any, ascending bool) string {
	direction, beyond := " DESC", " < "
	if ascending {
		direction, beyond = "", " > "
	}
	sql := ""
	if len(position) > 0 {
		marks := make([]string, len(position))
		for i, v := range position {
			marks[i] = s.Arg(v)
		}
		sql = " AND (" + strings.Join(columns, ", ") + ")" + beyond + "(" + strings.Join(marks, ", ") + ")"
	}
	return sql + " ORDER BY " + strings.Join(columns, direction+", ") + direction
}

// WholeNumber returns the SQL of a filter on a column of whole numbers, and whether these stand for the keys of the filter.
func (s *Query) WholeNumber(column string, c *search.Condition) (test string, ok bool) {
	switch c.Test {
	case search.Given:
		return column + " IS NOT NULL", true
	case search.OneOf:
		numbers := make([]string, 0, len(c.Keys))
		for _, key := range c.Keys {
			n, _, exact := search.KeyNumber(key)
			if !exact {
				return "", false
			}
			numbers = append(numbers, strconv.FormatInt(n, 10))
		}
		if len(numbers) == 0 {
			return Never, true
		}
		return column + " IN (" + strings.Join(numbers, ", ") + ")", true
	case search.Between:
		test = column + " IS NOT NULL"
		for i, op := range []string{" >= ", " < "} {
			if c.Keys[i] == "" {
				continue
			}
			n, just, exact := search.KeyNumber(c.Keys[i])
			if !exact {
				return "", false
			}
			if just {
				n++
			}
			test += " AND " + column + op + s.Arg(n)
		}
		return test, true
	}
	return "", false
}
