package sqlstore

import "lobby/internal/people"

func (t *tx) InsertDataEvent(e *people.DataEvent) (bool, error) {
	return t.insert(`INSERT INTO data_events (workspace, id, person_id, name, created_at, metadata)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		[]any{string(e.Workspace), e.ID, e.PersonID, e.Name, e.CreatedAt, orNil(e.Metadata)})
}

func (t *tx) DataEvents(ws people.WorkspaceID, personID string, limit int) ([]*people.DataEvent, error) {
	return list(t, `SELECT id, person_id, name, created_at, metadata FROM data_events
		WHERE workspace = $1 AND person_id IN `+lives+`
		ORDER BY created_at DESC, id DESC LIMIT $3`, []any{string(ws), personID, int64(limit)},
		func(r row) (*people.DataEvent, error) {
			return &people.DataEvent{
				Workspace: ws, ID: r.text(0), PersonID: r.text(1), Name: r.text(2), CreatedAt: r.int(3), Metadata: r.text(4),
			}, nil
		})
}
