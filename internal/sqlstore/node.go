package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

func (t *tx) Nodes() ([]*workspace.Node, error) {
	return sqlengine.List(t, `SELECT id, seen_at, counts FROM nodes ORDER BY id`, nil, func(r sqlengine.Row) (*workspace.Node, error) {
		return &workspace.Node{ID: r.Text(0), SeenAt: r.Int(1), Counts: r.Text(2)}, nil
	})
}

func (t *tx) PutNode(n *workspace.Node) error {
	return t.Exec(`INSERT INTO nodes (id, seen_at, counts) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, counts = excluded.counts`, []any{n.ID, n.SeenAt, n.Counts})
}

func (t *tx) DeleteNodes(before int64) error {
	return t.Exec(`DELETE FROM nodes WHERE seen_at < $1`, []any{before})
}
