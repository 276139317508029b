package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// tokenVerbs is what lobby token can do.
var tokenVerbs = []verb{
	{
		name: "create", words: "APP_ID [NAME [SCOPES]]", summary: "makes a token and prints it, only this once; SCOPES are separated by commas, none means all",
		min: 1, max: 3, run: (*program).createToken,
	},
	{
		name: "list", words: "APP_ID", summary: "lists the tokens of a workspace, without their secrets",
		min: 1, max: 1, run: (*program).listTokens,
	},
	{
		name: "revoke", words: "APP_ID TOKEN_ID", summary: "ends a token within a second",
		min: 2, max: 2, run: (*program).revokeToken,
	},
}

// token manages access tokens.
func (p *program) token(ctx context.Context) error { return p.dispatchVerb(ctx, "token", tokenVerbs) }

func (p *program) createToken(ctx context.Context, l *people.Lobby, words []string) error {
	words = append(words, "", "")
	scopes, err := workspace.ParseScopes(words[2])
	if err != nil {
		return mistake(err)
	}
	token, err := l.CreateToken(ctx, operatorOf(words[0]), words[1], scopes)
	if err != nil {
		return mistake(err)
	}
	fmt.Fprintf(p.stdout, "%s\n", token.Secret)
	fmt.Fprintf(p.stderr, "token %s; it is shown only this once\n", token.ID)
	return nil
}

func (p *program) revokeToken(ctx context.Context, l *people.Lobby, words []string) error {
	return mistake(l.RevokeToken(ctx, operatorOf(words[0]), words[1]))
}

func (p *program) listTokens(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
	if err != nil {
		return mistake(err)
	}
	all, err := l.Tokens(ctx, ws.Caller())
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tCREATED\tREVOKED\tSCOPES")
	for _, t := range all {
		revoked := "-"
		if t.RevokedAt != 0 {
			revoked = date(t.RevokedAt)
		}
		scopes := make([]string, len(t.Scopes))
		for i, s := range t.Scopes {
			scopes[i] = string(s)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, date(t.CreatedAt), revoked, strings.Join(scopes, ","))
	}
	return table.Flush()
}

func date(at int64) string { return time.Unix(at, 0).UTC().Format(time.DateTime) }

// operatorOf is whoever runs a command about a workspace, for use cases that need nothing of how it is set.
func operatorOf(appID string) workspace.Caller {
	return workspace.Caller{Workspace: workspace.ID(appID), Actor: workspace.Actor{Kind: "command", ID: "lobby"}}
}

// mistake makes a mistake of the operator out of what a use case refuses.
func mistake(err error) error {
	var invalid *workspace.InvalidError
	if errors.As(err, &invalid) || errors.Is(err, workspace.ErrTokenNotFound) ||
		errors.Is(err, workspace.ErrWorkspaceNotFound) || errors.Is(err, workspace.ErrWorkspaceExists) ||
		errors.Is(err, workspace.ErrIdentitySecretNotFound) {
		return usageError{err}
	}
	return err
}
