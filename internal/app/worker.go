package app

import (
	"context"
	"fmt"
	"time"
)

// every calls do again and again, with a pause before each call, until ctx ends.
func every(ctx context.Context, pause time.Duration, do func(context.Context)) {
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

// sweepPause is how often the server sweeps. The first time is as long after its start, so that a start costs nothing.
const sweepPause = time.Hour

// sweep deletes the visitors of all workspaces that nobody has seen for long. Servers on one database may do it side by
// side.
func (a *App) sweep(ctx context.Context) {
	all, err := a.Lobby.Workspaces(ctx)
	if err != nil {
		a.failed(ctx, "sweep", err)
		return
	}
	for _, ws := range all {
		count, err := a.Lobby.SweepVisitors(ctx, ws)
		if err != nil {
			a.failed(ctx, "sweep", fmt.Errorf("workspace %s: %w", ws.ID, err))
		}
		if count > 0 {
			a.options.Log.InfoContext(ctx, "sweep", "workspace", ws.ID, "visitors", count)
		}
	}
}

// failed records a failure, unless the server stops, which ends all work.
func (a *App) failed(ctx context.Context, task string, err error) {
	if ctx.Err() == nil {
		a.failures.BackgroundFailed(task, err)
	}
}
