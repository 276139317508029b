package sqlstore

import (
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// teamRecords are joined in [records].
var teamRecords = []record{
	{name: "team", table: "teams", order: "id", columns: []recordColumn{
		numberOf("id").key(), textOf("name").orZero(), createdAt(), numberOf("deleted_at"),
	}},
	{name: "team_member", table: "team_members", order: "team_id, admin_id", columns: []recordColumn{
		numberOf("team_id").key(), numberOf("admin_id").key(),
	}},
}

func (t *tx) Teams(ws workspace.ID) ([]*workspace.Team, error) {
	if err := t.takeTurns(lockWorkspace, string(ws)); err != nil {
		return nil, err
	}
	byID := map[int64]*workspace.Team{}
	all, err := sqlengine.List(t, `SELECT id, name, created_at FROM teams WHERE workspace = $1 AND deleted_at IS NULL ORDER BY id`, []any{string(ws)},
		func(r sqlengine.Row) (*workspace.Team, error) {
			team := &workspace.Team{Workspace: ws, ID: r.Int(0), Name: r.Text(1), CreatedAt: r.Int(2)}
			byID[team.ID] = team
			return team, nil
		})
	if err != nil {
		return nil, err
	}
	err = t.members(ws, func(teamID, adminID int64) {
		if team := byID[teamID]; team != nil {
			team.AdminIDs = append(team.AdminIDs, adminID)
		}
	})
	return all, err
}

// members calls each for every member of a team, in the order of both ids.
func (t *tx) members(ws workspace.ID, each func(teamID, adminID int64)) error {
	return t.Query(`SELECT team_id, admin_id FROM team_members WHERE workspace = $1 ORDER BY team_id, admin_id`, []any{string(ws)},
		func(r sqlengine.Row) error {
			each(r.Int(0), r.Int(1))
			return nil
		})
}

func (t *tx) InsertTeam(g *workspace.Team) error {
	err := t.Exec(`INSERT INTO teams (workspace, id, name, created_at) VALUES ($1, $2, $3, $4)`,
		[]any{string(g.Workspace), g.ID, g.Name, g.CreatedAt})
	if err != nil {
		return err
	}
	return t.addMembers(g)
}

func (t *tx) UpdateTeam(g *workspace.Team) error {
	err := t.Exec(`UPDATE teams SET name = $3 WHERE workspace = $1 AND id = $2`, []any{string(g.Workspace), g.ID, g.Name})
	if err != nil {
		return err
	}
	if err := t.removeMembers(g.Workspace, g.ID); err != nil {
		return err
	}
	return t.addMembers(g)
}

func (t *tx) addMembers(g *workspace.Team) error {
	for _, admin := range g.AdminIDs {
		err := t.Exec(`INSERT INTO team_members (workspace, team_id, admin_id) VALUES ($1, $2, $3)`,
			[]any{string(g.Workspace), g.ID, admin})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) removeMembers(ws workspace.ID, id int64) error {
	return t.Exec(`DELETE FROM team_members WHERE workspace = $1 AND team_id = $2`, []any{string(ws), id})
}

func (t *tx) DeleteTeam(ws workspace.ID, id, at int64) error {
	if err := t.removeMembers(ws, id); err != nil {
		return err
	}
	return t.Exec(`UPDATE teams SET name = '', deleted_at = $3 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, at})
}
