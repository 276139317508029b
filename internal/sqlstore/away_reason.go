package sqlstore

import "lobby/internal/workspace"

func (t *tx) AwayReasons(ws workspace.ID) ([]*workspace.AwayReason, error) {
	return list(t, `SELECT id, label, emoji, place, deleted, created_at, updated_at FROM away_reasons
		WHERE workspace = $1 ORDER BY place, id`, []any{string(ws)}, func(r row) (*workspace.AwayReason, error) {
		return &workspace.AwayReason{
			Workspace: ws, ID: r.int(0), Label: r.text(1), Emoji: r.text(2), Order: r.int(3), Deleted: r.bool(4),
			CreatedAt: r.int(5), UpdatedAt: r.int(6),
		}, nil
	})
}

func (t *tx) PutAwayReason(a *workspace.AwayReason) error {
	return t.exec(`INSERT INTO away_reasons (workspace, id, label, emoji, place, deleted, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, id) DO UPDATE
			SET label = excluded.label, emoji = excluded.emoji, place = excluded.place, deleted = excluded.deleted,
				updated_at = excluded.updated_at`,
		[]any{string(a.Workspace), a.ID, a.Label, orNil(a.Emoji), a.Order, orNil(a.Deleted), a.CreatedAt, a.UpdatedAt})
}
