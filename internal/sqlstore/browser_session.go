package sqlstore

import (
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// browserSessionAttachments are joined in [attachments].
var browserSessionAttachments = []string{"browser_sessions"}

// browserSessionRecords are joined in [records].
var browserSessionRecords = []record{
	{name: "browser_session", table: "browser_sessions", order: "hash", secret: true, columns: []recordColumn{
		textOf("hash").key(), textOf("person_id").key(), textOf("device_id").key(), numberOf("life").key(), numberOf("expires_at").key(),
	}},
}

func (t *tx) BrowserSession(ws workspace.ID, hash string) (*people.BrowserSession, error) {
	return sqlengine.One(t, `SELECT person_id, device_id, life, expires_at FROM browser_sessions WHERE workspace = $1 AND hash = $2`,
		[]any{string(ws), hash}, func(r sqlengine.Row) (*people.BrowserSession, error) {
			return &people.BrowserSession{
				Workspace: ws, Hash: hash, PersonID: r.Text(0), DeviceID: r.Text(1), Life: r.Int(2), ExpiresAt: r.Int(3),
			}, nil
		})
}

func (t *tx) PutBrowserSession(k *people.BrowserSession) error {
	return t.Exec(`INSERT INTO browser_sessions (workspace, hash, person_id, device_id, life, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace, hash) DO UPDATE SET expires_at = excluded.expires_at`,
		[]any{string(k.Workspace), k.Hash, k.PersonID, k.DeviceID, k.Life, k.ExpiresAt})
}

func (t *tx) DeleteBrowserSession(ws workspace.ID, hash string) error {
	return t.Exec(`DELETE FROM browser_sessions WHERE workspace = $1 AND hash = $2`, []any{string(ws), hash})
}

func (t *tx) DeleteExpiredBrowserSessions(ws workspace.ID, now int64) error {
	return t.Exec(`DELETE FROM browser_sessions WHERE workspace = $1 AND expires_at <= $2`, []any{string(ws), now})
}
