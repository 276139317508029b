package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
)

// token manages access tokens: lobby token create APP_ID [NAME [SCOPES]], list APP_ID, revoke APP_ID TOKEN_ID.
func (p *program) token(ctx context.Context) error {
	cfg, words, err := p.options(config.Store, 4)
	if err != nil {
		return err
	}
	words = append(words, make([]string, 4)...)
	verb, ws, third, fourth := words[0], people.WorkspaceID(words[1]), words[2], words[3]
	if ws == "" && verb != "" {
		return usage("lobby token %s: name the workspace by its app id", verb)
	}
	return withLobby(ctx, cfg, func(l *people.Lobby, _ *sqlstore.Store) error {
		switch verb {
		case "create":
			return p.createToken(ctx, l, ws, third, fourth)
		case "list":
			return p.listTokens(ctx, l, ws)
		case "revoke":
			return mistake(l.RevokeToken(ctx, ws, third))
		}
		return usage("lobby token: say create APP_ID [NAME [SCOPES]], list APP_ID or revoke APP_ID TOKEN_ID")
	})
}

func (p *program) createToken(ctx context.Context, l *people.Lobby, ws people.WorkspaceID, name, scopes string) error {
	parsed, err := people.ParseScopes(scopes)
	if err != nil {
		return mistake(err)
	}
	token, err := l.CreateToken(ctx, ws, name, parsed)
	if err != nil {
		return mistake(err)
	}
	fmt.Fprintf(p.stdout, "%s\n", token.Secret)
	fmt.Fprintf(p.stderr, "token %s; it is shown only this once\n", token.ID)
	return nil
}

func (p *program) listTokens(ctx context.Context, l *people.Lobby, ws people.WorkspaceID) error {
	if _, err := l.Workspace(ctx, ws); err != nil {
		return mistake(err)
	}
	all, err := l.Tokens(ctx, ws)
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

// mistake makes a mistake of the operator out of what a use case refuses.
func mistake(err error) error {
	var invalid *people.InvalidError
	if errors.As(err, &invalid) || errors.Is(err, people.ErrTokenNotFound) ||
		errors.Is(err, people.ErrWorkspaceNotFound) || errors.Is(err, people.ErrWorkspaceExists) {
		return usageError{err}
	}
	return err
}
