package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// tokenVerbs is what lobby token can do.
var tokenVerbs = []verb{
	{
		name: "create", words: "APP_ID [NAME [SCOPES]] [--expires 90d]", summary: "makes a token and prints it, only this once; SCOPES are separated by commas, none means all; --expires 90d or 12h gives it an end",
		min: 1, max: 3, run: (*program).createToken, own: []ownOption{{name: "--expires", value: "DURATION"}},
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
func (p *program) token(ctx context.Context) error {
	return p.dispatchVerb(ctx, "token", tokenVerbs)
}

// lifeOf reads how long a token lives.
func lifeOf(text string) (time.Duration, error) {
	for suffix, unit := range map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour} {
		if digits, is := strings.CutSuffix(text, suffix); is {
			n, err := strconv.Atoi(digits)
			if err == nil && n > 0 && n <= maxLife/int(unit/time.Hour) {
				return time.Duration(n) * unit, nil
			}
		}
	}
	return 0, usage("--expires: %q is not a number of days or hours of at most ten years, such as 90d or 12h", text)
}

// maxLife is how long a token that ends may live, in hours.
const maxLife = 10 * 366 * 24

func (p *program) createToken(ctx context.Context, l *people.Lobby, words []string) error {
	words = append(words, "", "")
	scopes, err := workspace.ParseScopes(words[2])
	if err != nil {
		return mistake(err)
	}
	draft := workspace.TokenDraft{Name: words[1], Scopes: scopes}
	if p.has("--expires") {
		life, err := lifeOf(p.given["--expires"])
		if err != nil {
			return err
		}
		draft.ExpiresAt = l.Now().Add(life).Unix()
	}
	token, err := l.CreateToken(ctx, operatorOf(words[0]), draft)
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
	fmt.Fprintln(table, "ID\tNAME\tCREATED\tLAST USED\tEXPIRES\tREVOKED\tSCOPES")
	for _, t := range all {
		scopes := make([]string, len(t.Scopes))
		for i, s := range t.Scopes {
			scopes[i] = string(s)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, date(t.CreatedAt), dateOrNone(t.LastUsedAt),
			dateOrNone(t.ExpiresAt), dateOrNone(t.RevokedAt), strings.Join(scopes, ","))
	}
	return table.Flush()
}

func date(at int64) string { return time.Unix(at, 0).UTC().Format(time.DateTime) }

// dateOrNone writes a time that may not be.
func dateOrNone(at int64) string {
	if at == 0 {
		return "-"
	}
	return date(at)
}

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
