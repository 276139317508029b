package sqlstore

import (
	"context"
	"slices"

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
				rows[table], err = sqlengine.RowsOf(on, table, columns, of, string(ws))
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
