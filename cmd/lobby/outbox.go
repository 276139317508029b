package main

import (
	"context"
	"log/slog"
	"time"

	"lobby/internal/people"
)

// stampEvery is about how long an entry of the outbox waits until those who read it are shown it.
const stampEvery = 250 * time.Millisecond

// stampOutbox puts what is new in the outbox into its order until ctx ends. Servers on one database may run it side by
// side: one of them does the work.
func stampOutbox(ctx context.Context, l *people.Lobby, log *slog.Logger) {
	tick := time.NewTicker(stampEvery)
	defer tick.Stop()
	holder := people.RandomUUID()
	for failing := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		_, err := l.StampOutbox(ctx, holder)
		if err != nil && !failing && ctx.Err() == nil {
			log.ErrorContext(ctx, "the outbox cannot be put into its order", "error", err)
		}
		failing = err != nil // said once, not four times a second
	}
}
