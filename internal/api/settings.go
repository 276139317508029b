package api

import "lobby/internal/wire"

// GET /lobby/v1/settings
func (a *API) getSettings(c *call) (encoder, error) {
	ws, err := a.lobby.Workspace(c.r.Context(), c.workspace.ID)
	if err != nil {
		return nil, err
	}
	return wire.Settings{Workspace: ws}, nil
}

// PUT /lobby/v1/settings
func (a *API) changeSettings(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	values := wire.ReadSettings(in)
	if err := in.Err(); err != nil {
		return nil, err
	}
	ws, err := a.lobby.ChangeSettings(c.r.Context(), c.caller(), values)
	if err != nil {
		return nil, err
	}
	return wire.Settings{Workspace: ws}, nil
}
