package api

import (
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// GET /lobby/v1/identity_secrets
func (a *API) listIdentitySecrets(c *call) (encoder, error) {
	ws, err := a.lobby.Workspace(c.r.Context(), c.workspace.ID)
	if err != nil {
		return nil, err
	}
	return wire.IdentitySecretList{Secrets: ws.IdentitySecrets}, nil
}

// POST /lobby/v1/identity_secrets
func (a *API) createIdentitySecret(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	platform, secret := in.Text("platform").Or(string(workspace.Web)), in.Text("secret").Or("")
	if err := in.Err(); err != nil {
		return nil, err
	}
	created, err := a.lobby.CreateIdentitySecret(c.r.Context(), c.caller(), workspace.Platform(platform), secret)
	if err != nil {
		return nil, err
	}
	return wire.IdentitySecret{Secret: created}, nil
}

// DELETE /lobby/v1/identity_secrets/{id}, which answers those that are left
func (a *API) deleteIdentitySecret(c *call) (encoder, error) {
	if err := a.lobby.DeleteIdentitySecret(c.r.Context(), c.caller(), c.number("id")); err != nil {
		return nil, err
	}
	return a.listIdentitySecrets(c)
}
