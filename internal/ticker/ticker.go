// Package ticker repeats work at intervals. Background work of all kinds uses it; it knows nothing of what is done.
package ticker

import (
	"context"
	"time"
)

// Every calls do again and again, with a pause before each call, until ctx ends. A pause that a call has missed is skipped.
func Every(ctx context.Context, pause time.Duration, do func(context.Context)) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do(ctx)
		}
	}
}

// Sleep waits, and reports false when ctx ends first.
func Sleep(ctx context.Context, pause time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}
