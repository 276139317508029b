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

// forwardPeople begins the statement that moves forwarding addresses to another person.
const forwardPeople = `UPDATE people SET merged_into = $2 WHERE workspace = $1 AND id IN (`

// Forward also counts the users of the companies of these people anew.
func (t *tx) Forward(ws workspace.ID, ids []string, toID string, at int64) error {
	args := []any{string(ws), toID}
	for _, id := range ids {
		args = append(args, id)
	}
	in := marks(3, len(ids))
	owners, err := sqlengine.List(t, `SELECT DISTINCT merged_into FROM people WHERE workspace = $1 AND merged_into <> $2 AND id IN (`+in+`)`, args, readID)
	if err != nil {
		return err
	}
	return t.recounting(ws, append(owners, toID), "", at, func() error {
		return t.Exec(forwardPeople+in+`)`, args)
	})
}
