package sqlstore

import (
	"encoding/json"
	"fmt"

	"lobby/internal/workspace"
)

const selectWorkspace = `SELECT id, name, api_version, resolve_merged, timezone, settings, created_at FROM workspaces `

func readWorkspace(r row) (*workspace.Workspace, error) {
	ws := &workspace.Workspace{
		ID: workspace.ID(r.text(0)), Name: r.text(1), APIVersion: r.text(2), ResolveMerged: r.bool(3),
		Timezone: r.text(4), CreatedAt: r.int(6),
	}
	if text := r.text(5); text != "" {
		if err := json.Unmarshal([]byte(text), &ws.Settings); err != nil {
			return nil, fmt.Errorf("settings of %s: %w", ws.ID, err)
		}
	}
	return ws, nil
}

// writeSettings answers settings as a JSON object, or "" for none.
func writeSettings(all map[string]string) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	text, err := json.Marshal(all)
	return string(text), err
}

func (t *tx) Workspace(ws workspace.ID) (*workspace.Workspace, error) {
	found, err := one(t, selectWorkspace+`WHERE id = $1`, []any{string(ws)}, readWorkspace)
	if err != nil || found == nil {
		return nil, err
	}
	found.IdentitySecrets, err = list(t, `SELECT id, platform, secret, created_at FROM identity_secrets WHERE workspace = $1 ORDER BY id`,
		[]any{string(ws)}, func(r row) (*workspace.IdentitySecret, error) {
			return &workspace.IdentitySecret{
				Workspace: ws, ID: r.int(0), Platform: workspace.Platform(r.text(1)), Secret: r.text(2), CreatedAt: r.int(3),
			}, nil
		})
	return found, err
}

func (t *tx) Workspaces() ([]*workspace.Workspace, error) {
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

func (t *tx) InsertWorkspace(w *workspace.Workspace) error {
	settings, err := writeSettings(w.Settings)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO workspaces (id, name, api_version, resolve_merged, timezone, settings, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, []any{
		string(w.ID), w.Name, orNil(w.APIVersion), orNil(w.ResolveMerged), orNil(w.Timezone), orNil(settings), w.CreatedAt,
	})
}

func (t *tx) UpdateWorkspace(w *workspace.Workspace) error {
	settings, err := writeSettings(w.Settings)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE workspaces SET name = $2, api_version = $3, resolve_merged = $4, timezone = $5, settings = $6
		WHERE id = $1`, []any{
		string(w.ID), w.Name, orNil(w.APIVersion), orNil(w.ResolveMerged), orNil(w.Timezone), orNil(settings),
	})
}

func (t *tx) InsertIdentitySecret(s *workspace.IdentitySecret) error {
	return t.exec(`INSERT INTO identity_secrets (workspace, id, platform, secret, created_at) VALUES ($1, $2, $3, $4, $5)`,
		[]any{string(s.Workspace), s.ID, string(s.Platform), s.Secret, s.CreatedAt})
}

func (t *tx) DeleteIdentitySecret(ws workspace.ID, id int64) (bool, error) {
	return t.insert(`DELETE FROM identity_secrets WHERE workspace = $1 AND id = $2`, []any{string(ws), id})
}
