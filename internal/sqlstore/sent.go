package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

func (t inboxTx) EnterSent(ws workspace.ID, id string, now int64) (conversationID int64, isNew bool, err error) {
	isNew, err = t.Insert(`INSERT INTO sent_words (workspace, id, conversation_id, sent_at) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING`,
		[]any{string(ws), id, now})
	if err != nil || isNew {
		return 0, isNew, err
	}
	conversationID, err = sqlengine.Number(t, `SELECT conversation_id FROM sent_words WHERE workspace = $1 AND id = $2`, []any{string(ws), id})
	return conversationID, false, err
}

func (t inboxTx) SetSent(ws workspace.ID, id string, conversationID int64) error {
	return t.Exec(`UPDATE sent_words SET conversation_id = $3 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, conversationID})
}

func (t inboxTx) DeleteSent(ws workspace.ID, before int64) error {
	return t.Exec(`DELETE FROM sent_words WHERE workspace = $1 AND sent_at < $2`, []any{string(ws), before})
}
