package main

import (
	"context"
	"fmt"

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
	count, err := l.ForgottenVisitors(ctx, ws)
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
	count, err := l.SweepVisitors(ctx, ws)
	fmt.Fprintf(p.stdout, "%d visitors deleted\n", count)
	return err
}
