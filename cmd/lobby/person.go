package main

import (
	"context"
	"errors"
	"fmt"

	"lobby/internal/api"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// personVerbs is what lobby person can do.
var personVerbs = []verb{{
	name: "export", words: "APP_ID ID", summary: "prints all that a workspace has about a person, as JSON; ID is any id that the person ever had",
	min: 2, max: 2, run: (*program).exportPerson,
}}

// person prints what a person may ask of the operator.
func (p *program) person(ctx context.Context) error {
	return p.dispatchVerb(ctx, "person", personVerbs)
}

func (p *program) exportPerson(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
	if err != nil {
		return mistake(err)
	}
	text, err := api.ExportPerson(ctx, l, ws.Caller(), words[1])
	if errors.Is(err, people.ErrPersonNotFound) {
		return usageError{err}
	}
	if err == nil {
		_, err = fmt.Fprintf(p.stdout, "%s\n", text)
	}
	return err
}
