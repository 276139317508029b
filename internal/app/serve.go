package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"lobby/internal/live"
	"lobby/internal/ticker"
)

// Serve serves what comes to the listener, and runs the background work, until ctx ends or the store has failed for good.
// Both are done when it returns. The error is nil after an orderly stop; else it says why the store has failed.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancelCause(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer stop(nil)
	workers.Go(func() {
		select {
		case <-a.Store.Failed():
			stop(fmt.Errorf("%w: %w", errStoreFailed, a.Store.Ready(ctx)))
		case <-ctx.Done():
		}
	})
	workers.Go(func() { a.backfill(ctx) })
	workers.Go(func() { ticker.Every(ctx, sweepPause, a.sweep) })
	workers.Go(func() { ticker.Every(ctx, usesPause, a.flushTokenUses) })
	workers.Go(func() { ticker.Every(ctx, trafficPause, a.flushTraffic) })
	workers.Go(func() { ticker.Every(ctx, stepsPause, a.countSteps) })
	workers.Go(func() { ticker.Every(ctx, wakePause, a.wakeSnoozed) })
	workers.Go(func() {
		ticker.Every(ctx, stampPause, func(ctx context.Context) { a.stampOutbox(ctx, a.exchange.node) })
	})
	if a.isShared() {
		workers.Go(func() { ticker.Every(ctx, exchangePause, a.exchangeCounts) })
		workers.Go(func() { ticker.Every(ctx, followPause, a.followOutbox) })
		workers.Go(func() { ticker.Every(ctx, pollPause, func(context.Context) { a.hub.TellAll(live.VisitsKey) }) })
	}
	workers.Go(func() { a.deliverer.Run(ctx) })
	if a.mails != nil {
		if a.mails.PublicURL == "" { // they are caught, so their links lead here
			a.mails.PublicURL = "http://" + l.Addr().String()
		}
		workers.Go(func() { a.mails.Run(ctx) })
	}
	workers.Go(func() {
		<-ctx.Done()
		close(a.streams)
		a.hub.Close()
	})
	if a.places != nil {
		workers.Go(func() { ticker.Every(ctx, placesPause, a.reloadPlaces) })
	}
	if made := a.Store.MigrationCopy(); made != "" {
		a.options.Log.Info("the schema was brought up to date; a copy of the database as it was before is kept", "copy", made)
	}
	a.Store.IndexPeople()
	a.logStart(ctx, l)
	a.warn(ctx)
	if err := a.server.Serve(ctx, l); err != nil {
		a.options.Log.Error("stopping", "reason", err)
		return err
	}
	if cause := context.Cause(ctx); errors.Is(cause, errStoreFailed) {
		return fmt.Errorf("%w; start again to find out what was kept", cause)
	}
	return nil
}

// errStoreFailed says that no write can be acknowledged any more.
var errStoreFailed = errors.New("the server cannot go on")

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
