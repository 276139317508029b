package main

import (
	"context"
	"fmt"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// sweepVerbs is what lobby sweep can do.
var sweepVerbs = []verb{
	{
		name: "count", words: "APP_ID", summary: "says how many visitors would be deleted",
		min: 1, max: 1, run: (*program).countForgotten,
	},
	{
		name: "now", words: "APP_ID", summary: "deletes them",
		min: 1, max: 1, run: (*program).sweepNow, alone: true,
	},
}

// sweep deletes the visitors that nobody has seen for long, as the server does by itself.
func (p *program) sweep(ctx context.Context) error { return p.dispatchVerb(ctx, "sweep", sweepVerbs) }

func (p *program) countForgotten(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
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
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
	if err != nil {
		return mistake(err)
	}
	expected, err := l.ForgottenVisitors(ctx, ws.Caller())
	if err != nil {
		return err
	}
	shown := newProgress(p.stderr, "visitors", expected)
	count, err := l.SweepVisitors(ctx, ws.Caller(), shown.add)
	shown.end()
	l.Store.Purge(ctx, erasePatience)
	fmt.Fprintf(p.stdout, "%d visitors deleted\n", count)
	return err
}
