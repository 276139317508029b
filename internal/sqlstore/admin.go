package sqlstore

import "lobby/internal/workspace"

const selectAdmin = `SELECT workspace, id, name, email, away_mode_enabled, away_mode_reassign, away_status_reason_id, created_at
	FROM admins WHERE workspace = $1 AND deleted_at IS NULL `

func readAdmin(r row) (*workspace.Admin, error) {
	return &workspace.Admin{
		Workspace: workspace.ID(r.text(0)), ID: r.int(1), Name: r.text(2), Email: r.text(3),
		Away: workspace.Away{On: r.bool(4), Reassign: r.bool(5), ReasonID: r.int(6)}, CreatedAt: r.int(7),
	}, nil
}

func (t *tx) Admin(ws workspace.ID, id int64) (*workspace.Admin, error) {
	admin, err := one(t, selectAdmin+`AND id = $2`, []any{string(ws), id}, readAdmin)
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
	all, err := list(t, selectAdmin+`ORDER BY id`, []any{string(ws)}, readAdmin)
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

func (t *tx) NextAdminID(ws workspace.ID) (int64, error) {
	return t.nextID(`SELECT max(id) FROM admins WHERE workspace = $1`, ws)
}

// nextID answers the id after the highest that a workspace's records have, those that are deleted among them.
func (t *tx) nextID(highest string, ws workspace.ID) (next int64, err error) {
	if err := t.takeTurns(lockWorkspace, string(ws)); err != nil {
		return 0, err
	}
	err = t.query(highest, []any{string(ws)}, func(r row) error {
		next = r.int(0) + 1
		return nil
	})
	return next, err
}

func (t *tx) InsertAdmin(a *workspace.Admin) error {
	return t.exec(`INSERT INTO admins (workspace, id, name, email, away_mode_enabled, away_mode_reassign, away_status_reason_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		[]any{string(a.Workspace), a.ID, a.Name, a.Email, orNil(a.Away.On), orNil(a.Away.Reassign), orNil(a.Away.ReasonID), a.CreatedAt})
}

func (t *tx) UpdateAdmin(a *workspace.Admin) error {
	return t.exec(`UPDATE admins SET name = $3, email = $4, away_mode_enabled = $5, away_mode_reassign = $6, away_status_reason_id = $7
		WHERE workspace = $1 AND id = $2`,
		[]any{string(a.Workspace), a.ID, a.Name, a.Email, orNil(a.Away.On), orNil(a.Away.Reassign), orNil(a.Away.ReasonID)})
}

func (t *tx) DeleteAdmin(ws workspace.ID, id, at int64) error {
	if err := t.exec(`DELETE FROM team_members WHERE workspace = $1 AND admin_id = $2`, []any{string(ws), id}); err != nil {
		return err
	}
	return t.exec(`UPDATE admins SET name = '', email = '', away_mode_enabled = NULL, away_mode_reassign = NULL,
		away_status_reason_id = NULL, deleted_at = $3 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, at})
}
