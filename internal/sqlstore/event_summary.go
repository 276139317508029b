package sqlstore

import (
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

func (t *tx) EventSummaries(ws workspace.ID, personID string) ([]*people.EventSummary, error) {
	return sqlengine.List(t, `SELECT name, CAST(sum(count) AS BIGINT), min(first_at), max(last_at) AS latest FROM (
			SELECT name, count(*) AS count, min(created_at) AS first_at, max(created_at) AS last_at
				FROM data_events WHERE workspace = $1 AND person_id IN `+lineage+` GROUP BY name
			UNION ALL
			SELECT name, count, first_at, last_at
				FROM event_summaries WHERE workspace = $1 AND person_id IN `+lineage+`
		) AS counted GROUP BY name ORDER BY latest DESC, name`, []any{string(ws), personID},
		func(r sqlengine.Row) (*people.EventSummary, error) {
			return &people.EventSummary{Name: r.Text(0), Count: r.Int(1), First: r.Int(2), Last: r.Int(3)}, nil
		})
}

func (t *tx) PutEventSummary(ws workspace.ID, personID string, s *people.EventSummary) error {
	return t.Exec(`INSERT INTO event_summaries (workspace, person_id, name, count, first_at, last_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace, person_id, name) DO UPDATE
			SET count = excluded.count, first_at = excluded.first_at, last_at = excluded.last_at`,
		[]any{string(ws), personID, s.Name, s.Count, s.First, s.Last})
}
