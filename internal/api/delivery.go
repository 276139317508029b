package api

import (
	"net/http"
	"strings"

	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// GET /lobby/v1/webhooks/{id}/deliveries
func (a *API) listDeliveries(c *call) (encoder, error) {
	query := c.parameters()
	filter := webhook.Filter{
		State: webhook.State(query.values.Get("state")), Topic: query.values.Get("topic"), Before: query.values.Get("starting_after"),
	}
	perPage := query.perPage()
	switch {
	case query.err != nil:
		return nil, query.err
	case filter.Before != "" && !strings.HasPrefix(filter.Before, "notif_"):
		return nil, errCursor
	case !filter.State.IsKnown():
		return nil, workspace.Invalid("state", "must be delivered, failed, retrying, waiting or requested")
	}
	page, more, err := a.webhooks.Deliveries(c.r.Context(), c.caller(), c.param("id"), filter, perPage)
	if err != nil {
		return nil, err
	}
	return wire.DeliveryList{Deliveries: page, PerPage: perPage, More: more}, nil
}

// GET /lobby/v1/webhooks/{id}/deliveries/{delivery_id}
func (a *API) getDelivery(c *call) (encoder, error) {
	found, err := a.webhooks.Delivery(c.r.Context(), c.caller(), c.param("id"), c.param("delivery_id"))
	if err != nil {
		return nil, err
	}
	return wire.Delivery{Delivery: found}, nil
}

// POST /lobby/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver
func (a *API) redeliver(c *call) (encoder, error) {
	again, err := a.webhooks.Redeliver(c.r.Context(), c.caller(), c.param("id"), c.param("delivery_id"))
	return deliveryAccepted(c, again, err)
}

// deliveryAccepted responds with a delivery that is going to be sent.
func deliveryAccepted(c *call, d *webhook.Delivery, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	c.status = http.StatusAccepted
	return wire.Delivery{Delivery: d}, nil
}
