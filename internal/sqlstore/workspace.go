package sqlstore

import (
	"encoding/json"
	"fmt"

	"lobby/internal/people"
)

const selectWorkspace = `SELECT id, name, api_version, resolve_merged, identity_secret, timezone, settings, created_at FROM workspaces `

func readWorkspace(r row) (*people.Workspace, error) {
	ws := &people.Workspace{
		ID: people.WorkspaceID(r.text(0)), Name: r.text(1), APIVersion: r.text(2), ResolveMerged: r.bool(3),
		IdentitySecret: r.text(4), Timezone: r.text(5), CreatedAt: r.int(7),
	}
	if text := r.text(6); text != "" {
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
	settings, err := writeSettings(w.Settings)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO workspaces (id, name, api_version, resolve_merged, identity_secret, timezone, settings, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, []any{
		string(w.ID), w.Name, orNil(w.APIVersion), orNil(w.ResolveMerged), w.IdentitySecret, orNil(w.Timezone),
		orNil(settings), w.CreatedAt,
	})
}

func (t *tx) UpdateWorkspace(w *people.Workspace) error {
	settings, err := writeSettings(w.Settings)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE workspaces SET name = $2, api_version = $3, resolve_merged = $4, identity_secret = $5, timezone = $6,
		settings = $7 WHERE id = $1`, []any{
		string(w.ID), w.Name, orNil(w.APIVersion), orNil(w.ResolveMerged), w.IdentitySecret, orNil(w.Timezone), orNil(settings),
	})
}
