package api

import "lobby/internal/wire"

// GET /contacts/{id}
func (a *API) getContact(c *call) (encoder, error) {
	p, err := a.lobby.FindContact(c.r.Context(), c.workspace, c.param("id"))
	if err != nil {
		return nil, err
	}
	return wire.NewContact(p, c.version), nil
}
