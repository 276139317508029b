package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"lobby/internal/workspace"
)

// Serve serves what comes to the listener, and runs the background work, until ctx ends or the store has failed for good.
// Both are done when it returns. The error is nil after an orderly stop; ErrUnknownOutcome says that the store has failed.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancelCause(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer stop(nil)
	workers.Go(func() {
		select {
		case <-a.Store.Failed():
			stop(fmt.Errorf("a commit failed: %w", workspace.ErrUnknownOutcome))
		case <-ctx.Done():
		}
	})
	workers.Go(func() { every(ctx, sweepPause, a.sweep) })
	workers.Go(func() { every(ctx, usesPause, a.flushTokenUses) })
	workers.Go(func() { every(ctx, wakePause, a.wakeSnoozed) })
	holder := workspace.RandomUUID()
	workers.Go(func() { every(ctx, stampPause, func(ctx context.Context) { a.stampOutbox(ctx, holder) }) })
	if a.places != nil {
		workers.Go(func() {
			a.places.Watch(ctx, time.Minute, func(err error) { a.failures.BackgroundFailed("places", err) })
		})
	}
	a.logStart(ctx, l)
	a.warn(ctx)
	if err := a.server.Serve(ctx, l); err != nil {
		a.options.Log.Error("stopping", "reason", err)
		return err
	}
	if cause := context.Cause(ctx); errors.Is(cause, workspace.ErrUnknownOutcome) {
		return fmt.Errorf("%w; start again to find out what was kept", cause)
	}
	return nil
}

// logStart says what runs where, without any secret.
func (a *App) logStart(ctx context.Context, l net.Listener) {
	schema, err := a.Store.Schema(ctx)
	if err != nil {
		a.failures.BackgroundFailed("count", err)
	}
	a.options.Log.Info("ready",
		"version", a.options.Version,
		"address", l.Addr().String(),
		"database", a.Store.Kind(),
		"schema", schema,
		"data", a.options.Config.Data,
		"options", a.options.Differing,
		"ms", time.Since(a.begun).Milliseconds(),
	)
}
