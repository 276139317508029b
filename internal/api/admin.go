package api

import (
	"errors"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

func (a *API) admin(c *call, admin *workspace.Admin, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.NewAdmin(admin, c.version), nil
}

// GET /me
func (a *API) me(c *call) (encoder, error) {
	admin, err := a.lobby.FindAdmin(c.r.Context(), c.caller(), c.token.AdminID)
	if err != nil {
		return nil, err
	}
	return wire.NewMe(admin, c.workspace, c.version), nil
}

// GET /admins, GET /lobby/v1/admins
func (a *API) listAdmins(c *call) (encoder, error) {
	query, err := c.query()
	if err != nil {
		return nil, err
	}
	all, err := a.lobby.Admins(c.r.Context(), c.caller())
	if err != nil {
		return nil, err
	}
	return wire.AdminList{Admins: all, Version: c.version, Avatars: query.Get("display_avatar") == "true"}, nil
}

// GET /admins/{id}
func (a *API) getAdmin(c *call) (encoder, error) {
	admin, err := a.lobby.FindAdmin(c.r.Context(), c.caller(), c.number("id"))
	return a.admin(c, admin, err)
}

// PUT /admins/{id}/away
func (a *API) setAway(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	on, onGiven := in.Bool("away_mode_enabled").Value()
	reassign, reassignGiven := in.Bool("away_mode_reassign").Value()
	away := workspace.Away{On: on, Reassign: reassign}
	if c.version.AtLeast(apiversion.V2_14) {
		away.ReasonID = in.Int("away_status_reason_id").Or(0)
	}
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case !onGiven:
		return nil, notSpecified("away_mode_enabled")
	case !reassignGiven:
		return nil, notSpecified("away_mode_reassign")
	}
	admin, err := a.lobby.SetAway(c.r.Context(), c.caller(), c.number("id"), away)
	if errors.Is(err, workspace.ErrAdminNotFound) {
		err = errNobodyAway
	}
	return a.admin(c, admin, err)
}

// notSpecified refuses a request without a member that it needs.
func notSpecified(name string) error {
	return &jsonio.FieldError{Field: name, Code: "parameter_not_found", Message: name + " not specified"}
}

// POST /lobby/v1/admins
func (a *API) createAdmin(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	name, email := in.Text("name").Or(""), in.Text("email").Or("")
	if err := in.Err(); err != nil {
		return nil, err
	}
	admin, err := a.lobby.CreateAdmin(c.r.Context(), c.caller(), name, email)
	return a.admin(c, admin, err)
}

// PUT /lobby/v1/admins/{id}
func (a *API) changeAdmin(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	update := workspace.AdminUpdate{Name: in.Text("name").Given(), Email: in.Text("email").Given()}
	if err := in.Err(); err != nil {
		return nil, err
	}
	admin, err := a.lobby.ChangeAdmin(c.r.Context(), c.caller(), c.number("id"), update)
	return a.admin(c, admin, err)
}

// DELETE /lobby/v1/admins/{id}
func (a *API) deleteAdmin(c *call) (encoder, error) {
	admin, err := a.lobby.DeleteAdmin(c.r.Context(), c.caller(), c.number("id"))
	return a.admin(c, admin, err)
}
