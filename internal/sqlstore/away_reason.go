package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// awayReasonRecords are joined in [records].
var awayReasonRecords = []record{
	{name: "away_reason", table: "away_reasons", order: "id", number: "away_reason", columns: []recordColumn{
		numberOf("id").key(), textOf("label").key(), textOf("emoji"), numberOf("place").orZero(), flagOf("deleted"), createdAt(), updatedAt(),
	}},
}

func (t *tx) AwayReasons(ws workspace.ID) ([]*workspace.AwayReason, error) {
	return sqlengine.List(t, `SELECT id, label, emoji, place, deleted, created_at, updated_at FROM away_reasons
		WHERE workspace = $1 ORDER BY place, id`, []any{string(ws)}, func(r sqlengine.Row) (*workspace.AwayReason, error) {
		return &workspace.AwayReason{
			Workspace: ws, ID: r.Int(0), Label: r.Text(1), Emoji: r.Text(2), Order: r.Int(3), Deleted: r.Bool(4),
			CreatedAt: r.Int(5), UpdatedAt: r.Int(6),
		}, nil
	})
}

func (t *tx) PutAwayReason(a *workspace.AwayReason) error {
	return t.Exec(`INSERT INTO away_reasons (workspace, id, label, emoji, place, deleted, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, id) DO UPDATE
			SET label = excluded.label, emoji = excluded.emoji, place = excluded.place, deleted = excluded.deleted,
				updated_at = excluded.updated_at`,
		[]any{string(a.Workspace), a.ID, a.Label, sqlengine.OrNil(a.Emoji), a.Order, sqlengine.OrNil(a.Deleted), a.CreatedAt, a.UpdatedAt})
}
