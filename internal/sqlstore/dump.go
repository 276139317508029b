package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Dump returns all that the database has of a workspace: by table, its rows as "column=value …", sorted. It asks the
// database which tables and columns there are, so that a test which compares two dumps also sees the tables of nouns that
// come later. It shows what is written; visits that are only noted in memory come with the next Flush.
func (s *Store) Dump(ctx context.Context, ws workspace.ID) (map[string][]string, error) {
	rows := map[string][]string{}
	err := s.engine.Read(ctx, func(on sqlengine.Session) error {
		return sqlengine.EachTable(on, s.engine.Dialect(), func(table string, columns []string) (err error) {
			if table == "workspaces" {
				// The version of definitions is a time, which means something to the servers of this database only.
				columns = slices.DeleteFunc(columns, func(c string) bool { return c == "definitions" })
			}
			if of := ownerColumn(table); slices.Contains(columns, of) { // not the list of migrations, nor what servers share
				rows[table], err = dumpTable(on, table, of, columns, ws)
			}
			return err
		})
	})
	return rows, err
}

// ownerColumn returns the column that has the workspace, in the tables that have one.
func ownerColumn(table string) string {
	if table == "workspaces" {
		return "id"
	}
	return "workspace"
}

// dumpTable returns the rows of a table whose column of holds the workspace. A column that is null is left out.
func dumpTable(on sqlengine.Session, table, of string, columns []string, ws workspace.ID) ([]string, error) {
	var values []string
	for _, c := range columns {
		values = append(values, fmt.Sprintf(`CASE WHEN "%s" IS NULL THEN '' ELSE '%s=' || CAST("%s" AS TEXT) END`, c, c, c))
	}
	var rows []string
	sql := fmt.Sprintf(`SELECT %s FROM "%s" WHERE "%s" = $1`, strings.Join(values, ", "), table, of)
	err := on.Query(sql, []any{string(ws)}, func(r sqlengine.Row) error {
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
