package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lobby/internal/inbox"
	"lobby/internal/personindex"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// wholeWorkspace stands, in the list of erasures, for all people of a workspace that was deleted.
const wholeWorkspace = "*"

// deleteBatch is how many rows of a table are deleted in one transaction, so that none takes long.
const deleteBatch = 2000

// keyLists has the question for the columns of the primary key of the table $1, by dialect.
var keyLists = map[string]string{
	"sqlite": `SELECT name FROM pragma_table_info($1) WHERE pk > 0`,
	"postgres": `SELECT CAST(a.attname AS TEXT) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
		WHERE i.indrelid = CAST(CAST($1 AS TEXT) AS regclass) AND i.indisprimary`,
}

// DeleteWorkspace implements workspace.Store. The record, the tokens and the memberships go first, so that nobody sees the rest any more,
// and one that was interrupted is completed by the next. Only the list of erasures keeps the ids.
func (s *Store) DeleteWorkspace(ctx context.Context, ws workspace.ID) error {
	err := s.transact(ctx, func(t *tx) error {
		if err := t.deleteEntrance(ws); err != nil {
			return err
		}
		// Another one of that name may have been deleted before.
		if err := t.Exec(`DELETE FROM erasures WHERE workspace = $1 AND id = $2`, []any{string(ws), wholeWorkspace}); err != nil {
			return err
		}
		return t.remember(ws, []string{wholeWorkspace}, time.Now().Unix())
	})
	if err != nil {
		return err
	}
	deletions, err := s.tableDeletions(ctx, deleteSome)
	if err != nil {
		return err
	}
	// A server that shares the database may still write for a moment.
	for again := true; again; {
		again = false
		for _, d := range deletions {
			some, err := s.deleteRows(ctx, d, ws)
			if err != nil {
				return err
			}
			again = again || some
		}
	}
	return nil
}

// deleteEntrance deletes the record of a workspace, its tokens and who may enter it, after which nobody sees the rest.
func (t *tx) deleteEntrance(ws workspace.ID) error {
	for _, sql := range []string{
		`DELETE FROM tokens WHERE workspace = $1`, `DELETE FROM memberships WHERE workspace = $1`, `DELETE FROM workspaces WHERE id = $1`,
	} {
		if err := t.Exec(sql, []any{string(ws)}); err != nil {
			return err
		}
	}
	return t.deleteStrandedLogins()
}

// tableDeletion is a statement that deletes a batch of rows of the workspace $1 from a table.
type tableDeletion struct{ table, sql string }

// tableDeletions returns a deletion for each table whose rows belong to workspaces, as sql writes it.
func (s *Store) tableDeletions(ctx context.Context, sql func(table string, keys []string) string) (all []tableDeletion, err error) {
	d := s.engine.Dialect()
	err = s.read(ctx, func(on sqlengine.Session) error {
		all = nil
		tables, err := sqlengine.FirstColumn(on, sqlengine.TableLists[d.Name])
		if err != nil {
			return err
		}
		for _, table := range tables {
			keys, err := sqlengine.FirstColumn(on, keyLists[d.Name], table)
			if err != nil {
				return err
			}
			if table == "erasures" || !slices.Contains(keys, "workspace") {
				continue
			}
			others := slices.DeleteFunc(keys, func(k string) bool { return k == "workspace" })
			all = append(all, tableDeletion{table, sql(table, others)})
		}
		return nil
	})
	return all, err
}

// deleteAll is a statement that deletes the rows of the workspace $1 from a table.
func deleteAll(table string, _ []string) string {
	return fmt.Sprintf(`DELETE FROM "%s" WHERE workspace = $1`, table)
}

// deleteSome is a statement that deletes a batch of rows of the workspace $1 from a table with these keys besides.
func deleteSome(table string, keys []string) string {
	all := deleteAll(table, keys)
	if len(keys) == 0 {
		return all
	}
	list := `"` + strings.Join(keys, `", "`) + `"`
	return fmt.Sprintf(`%s AND (%s) IN (SELECT %s FROM "%s" WHERE workspace = $1 LIMIT %d)`, all, list, list, table, deleteBatch)
}

// deleteRows runs a deletion until there is nothing left. It reports whether there was something.
func (s *Store) deleteRows(ctx context.Context, d tableDeletion, ws workspace.ID) (some bool, err error) {
	for more := true; more; some = some || more {
		err := s.write(ctx, func(on sqlengine.Session) (err error) {
			more, err = d.run(on, ws)
			return err
		})
		if err != nil {
			return some, err
		}
	}
	return some, nil
}

// run deletes a batch of rows, and reports whether there were some. The index is told who and what is gone: a new workspace
// may get the same name.
func (d tableDeletion) run(on sqlengine.Session, ws workspace.ID) (some bool, err error) {
	if d.table != personTable && d.table != "conversations" {
		return on.Insert(d.sql, []any{string(ws)})
	}
	err = on.Query(d.sql+` RETURNING CAST(id AS TEXT)`, []any{string(ws)}, func(r sqlengine.Row) error {
		some = true
		space, key := ws, r.Text(0)
		if d.table == "conversations" {
			id, err := strconv.ParseInt(key, 10, 64)
			if err != nil {
				return err
			}
			space, key = workspace.ID(conversationSpace(ws)), (&inbox.Conversation{ID: id}).SearchID()
		}
		(&tx{Session: on}).noteChange(space, &personindex.Change{ID: key})
		return nil
	})
	return some, err
}
