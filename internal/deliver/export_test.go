package deliver

import (
	"context"

	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// Settle gives the outbox its order and delivers all that is due now, in the caller's goroutine.
func (d *Deliverer) Settle(ctx context.Context) error {
	if _, err := d.Lobby.StampOutbox(ctx, "test"); err != nil {
		return err
	}
	for {
		due, err := workspace.Read(ctx, d.Webhooks.Store, func(r webhook.Reader) ([]webhook.Ref, error) {
			return r.DueWebhooks(d.Lobby.Unix(), maxServed)
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for _, ref := range due {
			d.serve(ctx, ref)
		}
	}
}

// Sign is sign.
var Sign = sign
