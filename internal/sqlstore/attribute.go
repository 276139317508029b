package sqlstore

import "lobby/internal/people"

func (t *tx) Attributes(ws people.WorkspaceID) ([]*people.Attribute, error) {
	if err := t.takeTurns(`SELECT id FROM workspaces WHERE id = $1`, string(ws)); err != nil {
		return nil, err
	}
	return list(t, `SELECT name, type, created_at FROM attributes WHERE workspace = $1 ORDER BY name`, []any{string(ws)},
		func(r row) (*people.Attribute, error) {
			return &people.Attribute{
				Workspace: ws, Name: r.text(0), Type: people.AttributeType(r.text(1)), CreatedAt: r.int(2),
			}, nil
		})
}

func (t *tx) DefineAttribute(a *people.Attribute) error {
	return t.exec(`INSERT INTO attributes (workspace, name, type, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace, name) DO UPDATE SET type = excluded.type`,
		[]any{string(a.Workspace), a.Name, string(a.Type), a.CreatedAt})
}
