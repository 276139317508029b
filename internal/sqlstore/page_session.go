package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// sessionRefresh is how many seconds pass until a use of a page session is written down again, which changes an index.
const sessionRefresh = 10 * 60

func (t *tx) EnterPageSession(ws workspace.ID, id string, ping, now int64) (event int64, isNewer bool, err error) {
	// The row stays locked until the transaction ends, so the pings of one session come one after the other on all servers.
	err = t.Query(`INSERT INTO page_sessions (workspace, id, ping, event, used_at) VALUES ($1, $2, $3, 0, $4)
		ON CONFLICT (workspace, id) DO UPDATE SET ping = excluded.ping,
			used_at = CASE WHEN page_sessions.used_at < $5 THEN excluded.used_at ELSE page_sessions.used_at END
		WHERE page_sessions.ping < excluded.ping
		RETURNING event`,
		[]any{string(ws), id, ping, now, now - sessionRefresh}, func(r sqlengine.Row) error {
			event, isNewer = r.Int(0), true
			return nil
		})
	return event, isNewer, err
}

func (t *tx) SetPageSession(ws workspace.ID, id string, ping, event int64) error {
	return t.Exec(`UPDATE page_sessions SET ping = $3, event = $4 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, ping, event})
}

func (t *tx) DeletePageSessions(ws workspace.ID, before int64) error {
	return t.Exec(`DELETE FROM page_sessions WHERE workspace = $1 AND used_at < $2`, []any{string(ws), before})
}
