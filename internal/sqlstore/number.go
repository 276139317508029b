package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// numberRecords are joined in [records].
var numberRecords = []record{
	{name: "number", table: numberTable, order: "kind", columns: []recordColumn{textOf("kind").key(), numberOf("last").key()}},
}

const numberTable = "numbers"

func (t *tx) NextNumber(ws workspace.ID, kind string) (int64, error) {
	return sqlengine.Number(t, `INSERT INTO numbers (workspace, kind, last) VALUES ($1, $2, 1)
		ON CONFLICT (workspace, kind) DO UPDATE SET last = numbers.last + 1 RETURNING last`, []any{string(ws), kind})
}

// keepNumber raises a number of a workspace to n.
func (t *tx) keepNumber(ws workspace.ID, kind string, n int64) error {
	return t.Exec(`INSERT INTO numbers (workspace, kind, last) VALUES ($1, $2, $3)
		ON CONFLICT (workspace, kind) DO UPDATE SET last = excluded.last WHERE numbers.last < excluded.last`,
		[]any{string(ws), kind, n})
}
