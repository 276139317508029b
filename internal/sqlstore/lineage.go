package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// lineageOf defines the table "lineage" with the records of several persons: their own, and those that they absorbed.
// The ids of the persons are the arguments from $2 on.
func lineageOf(persons int) string {
	in := "IN (" + marks(2, persons) + ")"
	return `lineage AS (
		SELECT id, id AS owner FROM people WHERE workspace = $1 AND id ` + in + `
		UNION ALL
		SELECT id, merged_into FROM people WHERE workspace = $1 AND merged_into ` + in + `
	)`
}

// lineage selects the ids of the records of one person: its own, and those that it absorbed. With OR instead of UNION,
// SQLite would read the whole table.
const lineage = "(SELECT id FROM people WHERE workspace = $1 AND id = $2 UNION ALL SELECT id FROM people WHERE workspace = $1 AND merged_into = $2)"

// absorbed has an order that no index has, so that SQLite does not read all people of the workspace in order.
const absorbed = `SELECT id FROM people WHERE workspace = $1 AND merged_into = $2 ORDER BY id || ''`

func (t *tx) Absorbed(ws workspace.ID, id string) ([]string, error) {
	return sqlengine.List(t, absorbed, []any{string(ws), id},
		func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
}

func (t *tx) Forward(ws workspace.ID, ids []string, toID string) error {
	args := []any{string(ws), toID}
	for _, id := range ids {
		args = append(args, id)
	}
	return t.Exec(`UPDATE people SET merged_into = $2 WHERE workspace = $1 AND id IN (`+marks(3, len(ids))+`)`, args)
}
