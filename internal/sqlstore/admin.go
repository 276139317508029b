package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// adminRecords are joined in [records]. Of a deleted admin the id is left.
var adminRecords = []record{
	{name: "admin", table: "admins", order: "id", columns: []recordColumn{
		numberOf("id").key(), textOf("name").orZero(), textOf("email").orZero(), flagOf("away_mode_enabled"), flagOf("away_mode_reassign"),
		numberOf("away_status_reason_id"), createdAt(), numberOf("deleted_at"),
	}},
}

const selectAdmin = `SELECT workspace, id, name, email, away_mode_enabled, away_mode_reassign, away_status_reason_id, created_at
	FROM admins WHERE workspace = $1 AND deleted_at IS NULL `

func readAdmin(r sqlengine.Row) (*workspace.Admin, error) {
	return &workspace.Admin{
		Workspace: workspace.ID(r.Text(0)), ID: r.Int(1), Name: r.Text(2), Email: r.Text(3),
		Away: workspace.Away{On: r.Bool(4), Reassign: r.Bool(5), ReasonID: r.Int(6)}, CreatedAt: r.Int(7),
	}, nil
}

func (t *tx) Admin(ws workspace.ID, id int64) (*workspace.Admin, error) {
	admin, err := sqlengine.One(t, selectAdmin+`AND id = $2`, []any{string(ws), id}, readAdmin)
	if err != nil || admin == nil {
		return nil, err
	}
	err = t.members(ws, func(teamID, adminID int64) {
		if adminID == id {
			admin.TeamIDs = append(admin.TeamIDs, teamID)
		}
	})
	return admin, err
}

func (t *tx) Admins(ws workspace.ID) ([]*workspace.Admin, error) {
	if err := t.takeTurns(lockWorkspace, string(ws)); err != nil {
		return nil, err
	}
	all, err := sqlengine.List(t, selectAdmin+`ORDER BY id`, []any{string(ws)}, readAdmin)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*workspace.Admin, len(all))
	for _, admin := range all {
		byID[admin.ID] = admin
	}
	err = t.members(ws, func(teamID, adminID int64) {
		if admin := byID[adminID]; admin != nil {
			admin.TeamIDs = append(admin.TeamIDs, teamID)
		}
	})
	return all, err
}

// highestAssignee is the highest id of a workspace's admins and teams, including deleted ones.
const highestAssignee = `SELECT max(id) FROM (
	SELECT max(id) AS id FROM admins WHERE workspace = $1 UNION ALL SELECT max(id) FROM teams WHERE workspace = $1) AS ids`

func (t *tx) NextAssigneeID(ws workspace.ID) (next int64, err error) {
	if err := t.takeTurns(lockWorkspace, string(ws)); err != nil {
		return 0, err
	}
	last, err := sqlengine.Number(t, highestAssignee, []any{string(ws)})
	return last + 1, err
}

func (t *tx) InsertAdmin(a *workspace.Admin) error {
	return t.Exec(`INSERT INTO admins (workspace, id, name, email, away_mode_enabled, away_mode_reassign, away_status_reason_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		[]any{string(a.Workspace), a.ID, a.Name, a.Email, sqlengine.OrNil(a.Away.On), sqlengine.OrNil(a.Away.Reassign), sqlengine.OrNil(a.Away.ReasonID), a.CreatedAt})
}

func (t *tx) UpdateAdmin(a *workspace.Admin) error {
	return t.Exec(`UPDATE admins SET name = $3, email = $4, away_mode_enabled = $5, away_mode_reassign = $6, away_status_reason_id = $7
		WHERE workspace = $1 AND id = $2`,
		[]any{string(a.Workspace), a.ID, a.Name, a.Email, sqlengine.OrNil(a.Away.On), sqlengine.OrNil(a.Away.Reassign), sqlengine.OrNil(a.Away.ReasonID)})
}

func (t *tx) DeleteAdmin(ws workspace.ID, id, at int64) error {
	if err := t.Exec(`DELETE FROM team_members WHERE workspace = $1 AND admin_id = $2`, []any{string(ws), id}); err != nil {
		return err
	}
	if err := t.Exec(`DELETE FROM memberships WHERE workspace = $1 AND admin_id = $2`, []any{string(ws), id}); err != nil {
		return err
	}
	return t.Exec(`UPDATE admins SET name = '', email = '', away_mode_enabled = NULL, away_mode_reassign = NULL,
		away_status_reason_id = NULL, deleted_at = $3 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, at})
}
