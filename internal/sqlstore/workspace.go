package sqlstore

import (
	"encoding/json"
	"fmt"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// workspaceRecords are joined in [records]. Every other record belongs to the workspace that comes before it.
var workspaceRecords = []record{
	{name: "workspace", table: "workspaces", order: "id", columns: []recordColumn{
		textOf("id").key(), textOf("name").orZero(), textOf("api_version"), flagOf("resolve_merged"), textOf("timezone"),
		jsonOf("settings", readSettings), createdAt(),
	}, computed: []string{"definitions"}},
	{name: "identity_secret", table: "identity_secrets", order: "id", number: "identity secret", secret: true, columns: []recordColumn{
		numberOf("id").key(), textOf("platform").key(), textOf("secret").key(), createdAt(),
	}},
}

const selectWorkspace = `SELECT id, name, api_version, resolve_merged, timezone, settings, created_at FROM workspaces `

func readWorkspace(r sqlengine.Row) (*workspace.Workspace, error) {
	ws := &workspace.Workspace{
		ID: workspace.ID(r.Text(0)), Name: r.Text(1), APIVersion: r.Text(2), ResolveMerged: r.Bool(3),
		Timezone: r.Text(4), CreatedAt: r.Int(6),
	}
	if text := r.Text(5); text != "" {
		var err error
		if ws.Settings, err = readSettings(text); err != nil {
			return nil, fmt.Errorf("settings of %s: %w", ws.ID, err)
		}
	}
	return ws, nil
}

func readSettings(text string) (all map[string]string, err error) {
	err = json.Unmarshal([]byte(text), &all)
	return all, err
}

// writeSettings returns settings as a JSON object, or "" for none.
func writeSettings(all map[string]string) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	text, err := json.Marshal(all)
	return string(text), err
}

func (t *tx) Workspace(ws workspace.ID) (*workspace.Workspace, error) {
	found, err := sqlengine.One(t, selectWorkspace+`WHERE id = $1`, []any{string(ws)}, readWorkspace)
	if err != nil || found == nil {
		return nil, err
	}
	found.IdentitySecrets, err = sqlengine.List(t, `SELECT id, platform, secret, created_at FROM identity_secrets WHERE workspace = $1 ORDER BY id`,
		[]any{string(ws)}, func(r sqlengine.Row) (*workspace.IdentitySecret, error) {
			return &workspace.IdentitySecret{
				Workspace: ws, ID: r.Int(0), Platform: workspace.Platform(r.Text(1)), Secret: r.Text(2), CreatedAt: r.Int(3),
			}, nil
		})
	return found, err
}

func (t *tx) Workspaces() ([]*workspace.Workspace, error) {
	if err := t.takeTurns(`SELECT number FROM migrations WHERE number = $1`, int64(1)); err != nil {
		return nil, err
	}
	return sqlengine.List(t, selectWorkspace+`ORDER BY created_at, id`, nil, readWorkspace)
}

// lockWorkspace locks a workspace. Writers of its admins, teams and definitions take turns by it.
const lockWorkspace = `SELECT id FROM workspaces WHERE id = $1`

// takeTurns locks a row that always exists, for writers whose decision depends on rows that do not exist yet. Only
// writers on different servers can meet here.
func (t *tx) takeTurns(sql string, key any) error {
	if !t.lock {
		return nil
	}
	return t.Query(sql+sqlengine.ForUpdate, []any{key}, func(sqlengine.Row) error { return nil })
}

func (t *tx) InsertWorkspace(w *workspace.Workspace) error {
	settings, err := writeSettings(w.Settings)
	if err != nil {
		return err
	}
	return t.Exec(`INSERT INTO workspaces (id, name, api_version, resolve_merged, timezone, settings, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, []any{
		string(w.ID), w.Name, sqlengine.OrNil(w.APIVersion), sqlengine.OrNil(w.ResolveMerged), sqlengine.OrNil(w.Timezone), sqlengine.OrNil(settings), w.CreatedAt,
	})
}

func (t *tx) UpdateWorkspace(w *workspace.Workspace) error {
	settings, err := writeSettings(w.Settings)
	if err != nil {
		return err
	}
	return t.Exec(`UPDATE workspaces SET name = $2, api_version = $3, resolve_merged = $4, timezone = $5, settings = $6
		WHERE id = $1`, []any{
		string(w.ID), w.Name, sqlengine.OrNil(w.APIVersion), sqlengine.OrNil(w.ResolveMerged), sqlengine.OrNil(w.Timezone), sqlengine.OrNil(settings),
	})
}

func (t *tx) InsertIdentitySecret(s *workspace.IdentitySecret) error {
	return t.Exec(`INSERT INTO identity_secrets (workspace, id, platform, secret, created_at) VALUES ($1, $2, $3, $4, $5)`,
		[]any{string(s.Workspace), s.ID, string(s.Platform), s.Secret, s.CreatedAt})
}

func (t *tx) DeleteIdentitySecret(ws workspace.ID, id int64) (bool, error) {
	return t.Insert(`DELETE FROM identity_secrets WHERE workspace = $1 AND id = $2`, []any{string(ws), id})
}
