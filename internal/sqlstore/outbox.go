package sqlstore

import "lobby/internal/people"

func (t *tx) Emit(e *people.OutboxEntry) error {
	return t.exec(`INSERT INTO outbox (id, workspace, topic, person_id, subject_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		[]any{e.ID, string(e.Workspace), string(e.Topic), e.PersonID, e.SubjectID, e.CreatedAt})
}

func (t *tx) Outbox(after string, limit int) ([]*people.OutboxEntry, error) {
	return list(t, `SELECT id, workspace, topic, person_id, subject_id, created_at FROM outbox
		WHERE id > $1 ORDER BY id LIMIT $2`, []any{after, int64(limit)}, func(r row) (*people.OutboxEntry, error) {
		return &people.OutboxEntry{
			ID: r.text(0), Workspace: people.WorkspaceID(r.text(1)), Topic: people.Topic(r.text(2)),
			PersonID: r.text(3), SubjectID: r.text(4), CreatedAt: r.int(5),
		}, nil
	})
}
