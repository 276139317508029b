package api

import (
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

func awayReason(reason *workspace.AwayReason, err error) (encoder, error) {
	return (*wire.AwayReason)(reason), err
}

// GET /away_status_reasons, GET /lobby/v1/away_status_reasons
func (a *API) listAwayReasons(c *call) (encoder, error) {
	all, err := a.lobby.AwayReasons(c.r.Context(), c.caller())
	return wire.AwayReasonList(all), err
}

func (c *call) awayReasonFields() (workspace.AwayReasonUpdate, error) {
	in, err := c.body()
	if err != nil {
		return workspace.AwayReasonUpdate{}, err
	}
	fields := workspace.AwayReasonUpdate{
		Label: in.Text("label").Given(), Emoji: in.Text("emoji").Given(), Order: in.Int("order").Given(),
	}
	return fields, in.Err()
}

// POST /lobby/v1/away_status_reasons
func (a *API) createAwayReason(c *call) (encoder, error) {
	fields, err := c.awayReasonFields()
	if err != nil {
		return nil, err
	}
	return awayReason(a.lobby.CreateAwayReason(c.r.Context(), c.caller(), fields))
}

// PUT /lobby/v1/away_status_reasons/{id}
func (a *API) changeAwayReason(c *call) (encoder, error) {
	fields, err := c.awayReasonFields()
	if err != nil {
		return nil, err
	}
	return awayReason(a.lobby.ChangeAwayReason(c.r.Context(), c.caller(), c.number("id"), fields))
}

// DELETE /lobby/v1/away_status_reasons/{id}
func (a *API) deleteAwayReason(c *call) (encoder, error) {
	return awayReason(a.lobby.DeleteAwayReason(c.r.Context(), c.caller(), c.number("id")))
}
