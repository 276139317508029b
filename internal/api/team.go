package api

import (
	"lobby/internal/jsonio"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

func (a *API) team(c *call, team *workspace.Team, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.NewTeam(team, c.version), nil
}

// GET /teams, GET /lobby/v1/teams
func (a *API) listTeams(c *call) (encoder, error) {
	all, err := a.lobby.Teams(c.r.Context(), c.caller())
	if err != nil {
		return nil, err
	}
	return wire.TeamList{Teams: all, Version: c.version}, nil
}

// GET /teams/{id}
func (a *API) getTeam(c *call) (encoder, error) {
	team, err := a.lobby.FindTeam(c.r.Context(), c.caller(), c.number("id"))
	return a.team(c, team, err)
}

// maxMembers is how many admins a team can be given at once.
const maxMembers = 1000

// PUT /teams/{id}
//
// It takes a whole team, as it was read, with other members; nothing else of it may differ.
func (a *API) setTeamMembers(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	members, given := in.Ints("admin_ids").Value()
	name, second := in.Text("name"), in.Object("admin_priority_level").Ints("secondary_admin_ids").Or(nil)
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case !given:
		return nil, notSpecified("admin_ids")
	}
	update := workspace.TeamUpdate{AdminIDs: &members, Accept: func(team *workspace.Team) error {
		return acceptMembers(team, members, name, second)
	}}
	team, err := a.lobby.ChangeTeam(c.r.Context(), c.caller(), c.number("id"), update)
	return a.team(c, team, err)
}

// acceptMembers refuses new members of a team, or anything else of it that would change.
func acceptMembers(team *workspace.Team, members []int64, name jsonio.Opt[string], second []int64) error {
	switch {
	case len(members) == 0 || len(members) > maxMembers:
		return &workspace.InvalidError{Field: "admin_ids", Reason: "must be from 1 to 1000"}
	case name.Present() && name.Or("") != team.Name:
		return &workspace.InvalidError{Field: "name", Reason: "cannot be changed here"}
	case len(second) > 0:
		return &workspace.InvalidError{Field: "admin_priority_level.secondary_admin_ids", Reason: "must be empty, because teams have one rank"}
	}
	return nil
}

// POST /lobby/v1/teams
func (a *API) createTeam(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	name, admins := in.Text("name").Or(""), in.Ints("admin_ids").Or(nil)
	if err := in.Err(); err != nil {
		return nil, err
	}
	team, err := a.lobby.CreateTeam(c.r.Context(), c.caller(), name, admins)
	return a.team(c, team, err)
}

// PUT /lobby/v1/teams/{id}
func (a *API) changeTeam(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	update := workspace.TeamUpdate{Name: in.Text("name").Given(), AdminIDs: in.Ints("admin_ids").Given()}
	if err := in.Err(); err != nil {
		return nil, err
	}
	team, err := a.lobby.ChangeTeam(c.r.Context(), c.caller(), c.number("id"), update)
	return a.team(c, team, err)
}

// DELETE /lobby/v1/teams/{id}
func (a *API) deleteTeam(c *call) (encoder, error) {
	team, err := a.lobby.DeleteTeam(c.r.Context(), c.caller(), c.number("id"))
	return a.team(c, team, err)
}
