package sqlstore

import "lobby/internal/people"

func (t *tx) Admins(ws people.WorkspaceID) ([]*people.Admin, error) {
	return list(t, `SELECT id, name, email, created_at FROM admins WHERE workspace = $1 ORDER BY id`, []any{string(ws)},
		func(r row) (*people.Admin, error) {
			return &people.Admin{Workspace: ws, ID: r.int(0), Name: r.text(1), Email: r.text(2), CreatedAt: r.int(3)}, nil
		})
}

func (t *tx) InsertAdmin(a *people.Admin) error {
	return t.exec(`INSERT INTO admins (workspace, id, name, email, created_at) VALUES ($1, $2, $3, $4, $5)`,
		[]any{string(a.Workspace), a.ID, a.Name, a.Email, a.CreatedAt})
}
