package deliver

import "context"

// StampAndSettle gives the outbox its order and delivers all that is due now.
func (d *Deliverer) StampAndSettle(ctx context.Context) error {
	if _, err := d.Lobby.StampOutbox(ctx, "test"); err != nil {
		return err
	}
	return d.Settle(ctx)
}

// Sign is sign.
var Sign = sign
