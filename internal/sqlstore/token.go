package sqlstore

import (
	"strings"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// tokenRecords are joined in [records].
var tokenRecords = []record{
	{name: "token", table: "tokens", order: "id", secret: true, columns: []recordColumn{
		textOf("id").key(), numberOf("admin_id").key(), textOf("name"), textOf("hash").key(), textOf("scopes").key(), createdAt(),
		numberOf("revoked_at"), numberOf("expires_at"), numberOf("last_used_at"),
	}},
}

const selectToken = `SELECT workspace, id, name, hash, scopes, created_at, revoked_at, admin_id, expires_at, last_used_at FROM tokens `

func readToken(r sqlengine.Row) (*workspace.Token, error) {
	t := &workspace.Token{
		Workspace: workspace.ID(r.Text(0)), ID: r.Text(1), Name: r.Text(2), Hash: r.Text(3),
		CreatedAt: r.Int(5), RevokedAt: r.Int(6), AdminID: r.Int(7), ExpiresAt: r.Int(8), LastUsedAt: r.Int(9),
	}
	for scope := range strings.FieldsSeq(r.Text(4)) {
		t.Scopes = append(t.Scopes, workspace.Scope(scope))
	}
	return t, nil
}

func (t *tx) TokenByHash(hash string) (*workspace.Token, error) {
	return sqlengine.One(t, selectToken+`WHERE hash = $1`, []any{hash}, readToken)
}

func (t *tx) Tokens(ws workspace.ID) ([]*workspace.Token, error) {
	return sqlengine.List(t, selectToken+`WHERE workspace = $1 ORDER BY id`, []any{string(ws)}, readToken)
}

func (t *tx) InsertToken(k *workspace.Token) error {
	scopes := make([]string, len(k.Scopes))
	for i, s := range k.Scopes {
		scopes[i] = string(s)
	}
	return t.Exec(`INSERT INTO tokens (workspace, id, name, hash, scopes, created_at, revoked_at, admin_id, expires_at, last_used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		[]any{
			string(k.Workspace), k.ID, sqlengine.OrNil(k.Name), k.Hash, strings.Join(scopes, " "), k.CreatedAt, sqlengine.OrNil(k.RevokedAt), k.AdminID,
			sqlengine.OrNil(k.ExpiresAt), sqlengine.OrNil(k.LastUsedAt),
		})
}

func (t *tx) RevokeToken(ws workspace.ID, id string, at int64) error {
	return t.Exec(`UPDATE tokens SET revoked_at = $3 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, at})
}

func (t *tx) TouchToken(ws workspace.ID, id string, at int64) error {
	return t.Exec(`UPDATE tokens SET last_used_at = $3 WHERE workspace = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at < $3)`,
		[]any{string(ws), id, at})
}
