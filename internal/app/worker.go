package app

import (
	"context"
	"fmt"
	"time"

	"lobby/internal/live"
	"lobby/internal/ticker"
	"lobby/internal/traffic"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// sweepPause is how often the server sweeps. The first time is as long after its start, so that a start costs nothing.
const sweepPause = time.Hour

// sweep deletes the visitors that nobody has seen for long, old outbox entries and deliveries, the salts of former days and
// the page sessions that have ended, in all workspaces. Servers on one database may do it side by side.
func (a *App) sweep(ctx context.Context) {
	all, err := a.Lobby.Workspaces(ctx)
	if err != nil {
		a.failed(ctx, "sweep", err)
		return
	}
	if err := a.Lobby.SweepPages(ctx, workspace.OfServers); err != nil {
		a.failed(ctx, "sweep", err)
	}
	if err := a.Accounts.Sweep(ctx); err != nil {
		a.failed(ctx, "sweep", fmt.Errorf("logins: %w", err))
	}
	deleted := 0
	for _, ws := range all {
		count, err := a.Lobby.SweepVisitors(ctx, ws.Caller(), nil)
		if err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: %w", ws.ID, err))
		}
		entries, err := a.Lobby.SweepOutbox(ctx, ws)
		if err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: outbox: %w", ws.ID, err))
		}
		if err := a.Lobby.SweepPages(ctx, ws.ID); err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: pages: %w", ws.ID, err))
		}
		if err := a.Lobby.SweepActivities(ctx, ws); err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: activities: %w", ws.ID, err))
		}
		if err := a.Inbox.SweepSent(ctx, ws.ID); err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: sent words: %w", ws.ID, err))
		}
		deliveries, err := a.webhooks.SweepDeliveries(ctx, ws)
		if err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: deliveries: %w", ws.ID, err))
		}
		if _, err := a.Inbox.SweepReceipts(ctx, ws.ID); err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: receipts: %w", ws.ID, err))
		}
		if _, err := a.Inbox.SweepMails(ctx, ws.ID); err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: mails: %w", ws.ID, err))
		}
		views, err := traffic.Sweep(ctx, a.Store.Traffic(), ws, a.Lobby.Unix())
		if err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: page views: %w", ws.ID, err))
		}
		deleted += views
		if count > 0 || entries > 0 || deliveries > 0 {
			a.options.Log.InfoContext(ctx, "sweep", "workspace", ws.ID, "visitors", count, "outbox_entries", entries, "deliveries", deliveries)
		}
		deleted += count + entries + deliveries
	}
	if deleted > 0 {
		a.Store.Purge(ctx, time.Second)
	}
}

// backfillPause is how long the server waits after a failure before it goes on with what an upgrade has left to do, and
// progressPause is how often the log tells how far that is.
const (
	backfillPause = time.Second
	progressPause = 5 * time.Second
)

// backfill does what an upgrade of the database has left to do. Servers on one database share it.
func (a *App) backfill(ctx context.Context) {
	begun, last := time.Now(), ""
	shown := begun
	for {
		err := a.Store.Backfill(ctx, func(name string, done, total int64) {
			if now := time.Now(); name != last || now.Sub(shown) >= progressPause {
				a.options.Log.InfoContext(ctx, "upgrading", "backfill", name, "rows", done, "of", total)
				last, shown = name, now
			}
		})
		if err == nil && last != "" {
			a.options.Log.InfoContext(ctx, "upgraded", "ms", time.Since(begun).Milliseconds())
		}
		if err == nil {
			return
		}
		a.failed(ctx, "upgrade", err)
		if !ticker.Sleep(ctx, backfillPause) {
			return
		}
	}
}

// stampPause is about how long an entry of the outbox waits until its readers see it.
const stampPause = 250 * time.Millisecond

// stampOutbox puts what is new in the outbox into its order. Servers on one database may run it side by side: the holder
// of the lease does the work.
func (a *App) stampOutbox(ctx context.Context, holder string) {
	if _, err := a.Lobby.StampOutbox(ctx, holder); err != nil {
		a.failed(ctx, "outbox", err)
	}
}

// wakePause is how late a snoozed conversation may wake. Readers see that its snooze is over at once.
const wakePause = time.Second

// wakeSnoozed ends the snoozes that are over. Servers on one database may do it side by side.
func (a *App) wakeSnoozed(ctx context.Context) {
	if _, err := a.Inbox.WakeSnoozed(ctx); err != nil {
		a.failed(ctx, "snoozes", err)
	}
}

// followPause is about how long open pages do not know what other servers have written, besides stampPause.
const followPause = 500 * time.Millisecond

// FollowOutbox wakes the pages that wait for what other servers have written. It asks nothing while no page waits.
func (a *App) FollowOutbox(ctx context.Context) error {
	return a.hub.Follow(ctx, func(ctx context.Context, fn func(live.Outbox) error) error {
		return a.webhooks.Store.Read(ctx, func(r webhook.Reader) error { return fn(r) })
	})
}

// followOutbox is FollowOutbox in the background.
func (a *App) followOutbox(ctx context.Context) {
	if err := a.FollowOutbox(ctx); err != nil {
		a.failed(ctx, "pages", err)
	}
}

// trafficPause is how long a page view may wait to be written, and stepsPause about how long it takes until a new lead or user
// is counted. pollPause is how often open pages look for visits that other servers have written.
const (
	trafficPause = 250 * time.Millisecond
	stepsPause   = 2 * time.Second
	pollPause    = time.Second
)

// FlushTraffic writes the page views that wait.
func (a *App) FlushTraffic(ctx context.Context) error { return a.traffic.Flush(ctx) }

// flushTraffic is FlushTraffic in the background.
func (a *App) flushTraffic(ctx context.Context) {
	if err := a.FlushTraffic(ctx); err != nil {
		a.failed(ctx, "page views", err)
	}
}

// countSteps counts who became a lead or a user. Servers on one database may do it side by side.
func (a *App) countSteps(ctx context.Context) {
	if err := traffic.CountSteps(ctx, a.Store.Traffic()); err != nil {
		a.failed(ctx, "counts", err)
	}
}

// usesPause is how often the uses of tokens are written down. What was used since is written at the end.
const usesPause = time.Minute

func (a *App) flushTokenUses(ctx context.Context) {
	if err := a.Lobby.FlushTokenUses(ctx); err != nil {
		a.failed(ctx, "tokens", err)
	}
}

// placesPause is how often the server looks for another file of places.
const placesPause = time.Minute

func (a *App) reloadPlaces(context.Context) {
	if err := a.places.Reload(); err != nil {
		a.failures.BackgroundFailed("places", err)
	}
}

// failed records a failure, unless the server stops, which ends all work.
func (a *App) failed(ctx context.Context, task string, err error) {
	if ctx.Err() == nil {
		a.failures.BackgroundFailed(task, err)
	}
}
