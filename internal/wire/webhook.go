package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/webhook"
)

// Webhook is a subscription to what happens in a workspace. The public API has no such object.
type Webhook struct {
	Subscription *webhook.Subscription
	// Secret says whether to write the secret, which is shown once: when it is made.
	Secret bool
}

// AppendJSON appends the subscription.
func (w Webhook) AppendJSON(buf []byte) []byte {
	s := w.Subscription
	o := jsonio.Begin(buf)
	o.Text("type", "webhook")
	o.Text("id", s.ID)
	o.Text("url", s.URL)
	o.Texts("topics", s.Topics)
	o.Text("version", s.Version)
	if w.Secret {
		o.Text("secret", s.Secret)
	}
	o.IntOrNull("old_secret_until", s.OldSecretUntil)
	o.Bool("paused", s.Paused != webhook.NotPaused)
	o.TextOrNull("paused_because", string(s.Paused))
	o.IntOrNull("paused_at", s.PausedAt)
	o.Int("failures", s.Failures)
	o.IntOrNull("failing_since", s.FailingSince)
	o.IntOrNull("retry_at", s.RetryAt)
	o.Int("created_at", s.CreatedAt)
	o.Int("updated_at", s.UpdatedAt)
	return o.End()
}

// WebhookList is the list of all subscriptions of a workspace, oldest first, without their secrets.
type WebhookList []*webhook.Subscription

// AppendJSON appends the list.
func (l WebhookList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, s := range l {
		o.Next()
		o.Buf = Webhook{Subscription: s}.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

// WebhookDeleted is the response to the deletion of a subscription.
type WebhookDeleted struct{ ID string }

// AppendJSON appends the id.
func (d WebhookDeleted) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "webhook")
	o.Text("id", d.ID)
	o.Bool("deleted", true)
	return o.End()
}

func webhookSamples(apiversion.Version) []Shape {
	s := full[webhook.Subscription]()
	bare := new(webhook.Subscription)
	return []Shape{Webhook{s, true}, Webhook{s, false}, Webhook{bare, false}, WebhookList{s, bare}, WebhookDeleted{}}
}
