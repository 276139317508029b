package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"lobby/internal/people"
)

// sweepVerbs is what lobby sweep can do.
var sweepVerbs = []verb{
	{"count", "APP_ID", 1, 1, (*program).countForgotten},
	{"now", "APP_ID", 1, 1, (*program).sweepNow},
}

// sweep deletes the visitors that nobody has seen for long, as the server does by itself.
func (p *program) sweep(ctx context.Context) error { return p.dispatchVerb(ctx, "sweep", sweepVerbs) }

func (p *program) countForgotten(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, people.WorkspaceID(words[0]))
	if err != nil {
		return mistake(err)
	}
	count, err := l.ForgottenVisitors(ctx, ws.Caller())
	if err == nil {
		fmt.Fprintf(p.stdout, "%d visitors would be deleted\n", count)
	}
	return err
}

func (p *program) sweepNow(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, people.WorkspaceID(words[0]))
	if err != nil {
		return mistake(err)
	}
	count, err := l.SweepVisitors(ctx, ws.Caller())
	fmt.Fprintf(p.stdout, "%d visitors deleted\n", count)
	return err
}

// sweepEvery is how often the server sweeps; the first time is as long after its start, so that a start costs nothing.
const sweepEvery = time.Hour

// sweepHourly sweeps all workspaces until ctx ends. Servers on one database may do it side by side.
func sweepHourly(ctx context.Context, l *people.Lobby, log *slog.Logger) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		all, err := l.Workspaces(ctx)
		if err != nil {
			log.ErrorContext(ctx, "sweep failed", "error", err)
			continue
		}
		for _, ws := range all {
			count, err := l.SweepVisitors(ctx, ws.Caller())
			if err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "sweep failed", "workspace", ws.ID, "error", err)
			}
			if count > 0 {
				log.InfoContext(ctx, "sweep", "workspace", ws.ID, "visitors", count)
			}
		}
	}
}
