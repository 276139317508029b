package sqlengine

import (
	"fmt"
	"slices"
	"strings"
)

// EachTable calls fn for every table.
func EachTable(on Session, d Dialect, fn func(table string, columns []string) error) error {
	tables, err := FirstColumn(on, TableLists[d.Name])
	if err != nil {
		return err
	}
	for _, table := range tables {
		columns, err := FirstColumn(on, d.Columns, table)
		if err == nil {
			err = fn(table, columns)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}

// TableLists has the question for the names of all tables, by dialect.
var TableLists = map[string]string{
	"sqlite":   `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`,
	"postgres": `SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()`,
}

// FirstColumn returns the first column of what a question finds, in order.
func FirstColumn(on Session, sql string, args ...any) (all []string, err error) {
	err = on.Query(sql, args, func(r Row) error {
		all = append(all, r.Text(0))
		return nil
	})
	slices.Sort(all)
	return all, err
}

// RowsOf returns the rows of a table whose column of has a value, each as "column=value …", sorted. What is null is left out.
func RowsOf(on Session, table string, columns []string, of, value string) ([]string, error) {
	var values []string
	for _, c := range columns {
		values = append(values, fmt.Sprintf(`CASE WHEN "%s" IS NULL THEN '' ELSE '%s=' || CAST("%s" AS TEXT) END`, c, c, c))
	}
	var rows []string
	sql := fmt.Sprintf(`SELECT %s FROM "%s" WHERE "%s" = $1`, strings.Join(values, ", "), table, of)
	err := on.Query(sql, []any{value}, func(r Row) error {
		var parts []string
		for i := range columns {
			if part := r.Text(i); part != "" {
				parts = append(parts, part)
			}
		}
		rows = append(rows, strings.Join(parts, " "))
		return nil
	})
	slices.Sort(rows)
	return rows, err
}
