package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

func (t *tx) DailySalt(ws workspace.ID, day int64) (salt string, err error) {
	err = t.Query(`SELECT salt FROM daily_salts WHERE workspace = $1 AND day = $2`, []any{string(ws), day}, func(r sqlengine.Row) error {
		salt = r.Text(0)
		return nil
	})
	return salt, err
}

func (t *tx) InsertDailySalt(ws workspace.ID, day int64, salt string) error {
	return t.Exec(`INSERT INTO daily_salts (workspace, day, salt) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, []any{string(ws), day, salt})
}

func (t *tx) DeleteDailySalts(ws workspace.ID, before int64) error {
	return t.Exec(`DELETE FROM daily_salts WHERE workspace = $1 AND day < $2`, []any{string(ws), before})
}
