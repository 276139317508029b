package sqlstore

import "lobby/internal/people"

const selectWorkspace = `SELECT id, name, api_version, resolve_merged, identity_secret, timezone, created_at FROM workspaces `

func readWorkspace(r row) (*people.Workspace, error) {
	return &people.Workspace{
		ID: people.WorkspaceID(r.text(0)), Name: r.text(1), APIVersion: r.text(2), ResolveMerged: r.bool(3),
		IdentitySecret: r.text(4), Timezone: r.text(5), CreatedAt: r.int(6),
	}, nil
}

func (t *tx) Workspace(ws people.WorkspaceID) (*people.Workspace, error) {
	return one(t, selectWorkspace+`WHERE id = $1`, []any{string(ws)}, readWorkspace)
}

func (t *tx) Workspaces() ([]*people.Workspace, error) {
	if err := t.takeTurns(`SELECT number FROM migrations WHERE number = $1`, int64(1)); err != nil {
		return nil, err
	}
	return list(t, selectWorkspace+`ORDER BY created_at, id`, nil, readWorkspace)
}

// lockWorkspace is what writers of a workspace's admins, teams and definitions wait for each other on.
const lockWorkspace = `SELECT id FROM workspaces WHERE id = $1`

// takeTurns makes writers wait for each other on a row that always exists, where what they are about to decide hangs on
// rows that do not exist yet. Only servers that share a database can meet here.
func (t *tx) takeTurns(sql string, key any) error {
	if !t.lock {
		return nil
	}
	return t.query(sql+forUpdate, []any{key}, func(row) error { return nil })
}

func (t *tx) InsertWorkspace(w *people.Workspace) error {
	return t.exec(`INSERT INTO workspaces (id, name, api_version, resolve_merged, identity_secret, timezone, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		[]any{string(w.ID), w.Name, orNil(w.APIVersion), orNil(w.ResolveMerged), w.IdentitySecret, orNil(w.Timezone), w.CreatedAt})
}

func (t *tx) UpdateWorkspace(w *people.Workspace) error {
	return t.exec(`UPDATE workspaces SET name = $2, api_version = $3, resolve_merged = $4, identity_secret = $5, timezone = $6
		WHERE id = $1`,
		[]any{string(w.ID), w.Name, orNil(w.APIVersion), orNil(w.ResolveMerged), w.IdentitySecret, orNil(w.Timezone)})
}
