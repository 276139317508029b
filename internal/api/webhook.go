package api

import (
	"lobby/internal/webhook"
	"lobby/internal/wire"
)

// GET /lobby/v1/webhooks
func (a *API) listWebhooks(c *call) (encoder, error) {
	all, err := a.webhooks.Webhooks(c.r.Context(), c.caller())
	return wire.WebhookList(all), err
}

// POST /lobby/v1/webhooks
func (a *API) createWebhook(c *call) (encoder, error) {
	draft, err := c.webhookDraft()
	if err != nil {
		return nil, err
	}
	created, err := a.webhooks.Create(c.r.Context(), c.caller(), draft)
	return webhookShown(created, true, err)
}

// webhookDraft reads what a request decides about a webhook.
func (c *call) webhookDraft() (webhook.Draft, error) {
	in, err := c.body()
	if err != nil {
		return webhook.Draft{}, err
	}
	draft := webhook.Draft{
		URL: unlessNull(in.Text("url")), Topics: in.Texts("topics").Or(nil), Version: unlessNull(in.Text("version")), Paused: unlessNull(in.Bool("paused")),
	}
	return draft, in.Err()
}

func webhookShown(s *webhook.Subscription, secret bool, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.Webhook{Subscription: s, Secret: secret}, nil
}

// GET /lobby/v1/webhooks/{id}
func (a *API) getWebhook(c *call) (encoder, error) {
	found, err := a.webhooks.Webhook(c.r.Context(), c.caller(), c.param("id"))
	return webhookShown(found, false, err)
}

// PUT /lobby/v1/webhooks/{id}
func (a *API) changeWebhook(c *call) (encoder, error) {
	draft, err := c.webhookDraft()
	if err != nil {
		return nil, err
	}
	changed, err := a.webhooks.Update(c.r.Context(), c.caller(), c.param("id"), draft)
	return webhookShown(changed, false, err)
}

// DELETE /lobby/v1/webhooks/{id}
func (a *API) deleteWebhook(c *call) (encoder, error) {
	if err := a.webhooks.Delete(c.r.Context(), c.caller(), c.param("id")); err != nil {
		return nil, err
	}
	return wire.WebhookDeleted{ID: c.param("id")}, nil
}

// POST /lobby/v1/webhooks/{id}/rotate
func (a *API) rotateWebhook(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	overlap := in.Int("overlap").Or(webhook.DefaultOverlap)
	if err := in.Err(); err != nil {
		return nil, err
	}
	rotated, err := a.webhooks.Rotate(c.r.Context(), c.caller(), c.param("id"), overlap)
	return webhookShown(rotated, true, err)
}

// POST /lobby/v1/webhooks/{id}/test
func (a *API) testWebhook(c *call) (encoder, error) {
	test, err := a.webhooks.Test(c.r.Context(), c.caller(), c.param("id"), PingBody)
	return deliveryAccepted(c, test, err)
}

// PingBody returns the JSON of a ping, which tests a webhook.
func PingBody(d *webhook.Delivery) string {
	return string(wire.Notification{
		ID: d.ID, Workspace: d.Workspace, Topic: d.Topic, Item: wire.Ping{}.AppendJSON(nil), CreatedAt: d.CreatedAt,
	}.AppendJSON(nil))
}
