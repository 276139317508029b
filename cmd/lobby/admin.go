package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"

	"lobby/internal/account"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// linkOption is where the pages are found, for a link that is printed.
var linkOption = []ownOption{{name: "--url", value: "URL"}}

// adminVerbs is what lobby admin can do.
var adminVerbs = []verb{
	{
		name: "add", words: "APP_ID EMAIL [ROLE [NAME]] [--url URL]",
		summary: "lets somebody into the pages of a workspace, as owner (the usual ROLE), teammate or read-only, and prints a link that works once within three days; --url is the address of the server",
		min:     2, max: 4, run: (*program).addLogin, own: linkOption,
	},
	{
		name: "link", words: "EMAIL [--url URL]", summary: "prints a link by which somebody with a login comes in once, within an hour",
		min: 1, max: 1, run: (*program).linkLogin, own: linkOption,
	},
	{
		name: "list", words: "APP_ID", summary: "lists who may open the pages of a workspace",
		min: 1, max: 1, run: (*program).listLogins,
	},
	{
		name: "remove", words: "APP_ID EMAIL", summary: "shuts somebody out of the pages of a workspace, at once",
		min: 2, max: 2, run: (*program).removeLogin,
	},
}

// admin manages who may open the pages.
func (p *program) admin(ctx context.Context) error {
	return p.dispatchVerb(ctx, "admin", adminVerbs)
}

// accountsOf returns the use cases of logins.
func accountsOf(l *people.Lobby) *account.Accounts {
	return account.New(l.Registry, l.Store.(interface{ Accounts() account.Store }).Accounts())
}

// accountMistake is mistake for what the use cases of logins refuse.
func accountMistake(err error) error {
	for _, known := range []error{account.ErrLoginNotFound, account.ErrMember, account.ErrMemberNotFound} {
		if errors.Is(err, known) {
			return usageError{err}
		}
	}
	return mistake(err)
}

// printLink prints a link with the secret that lets somebody in.
func (p *program) printLink(secret string) error {
	base := p.given["--url"]
	if base == "" {
		base = p.getenv("LOBBY_PUBLIC_URL")
	}
	if base == "" {
		base = "http://127.0.0.1:8080"
		fmt.Fprintln(p.stderr, "where the server has another address, put it in the place of http://127.0.0.1:8080, or give it by --url")
	}
	_, err := fmt.Fprintf(p.stdout, "%s/pages/enter?token=%s\n", strings.TrimRight(base, "/"), url.QueryEscape(secret))
	return err
}

func (p *program) addLogin(ctx context.Context, l *people.Lobby, words []string) error {
	words = append(words, "", "")
	i := account.Invitation{Email: words[1], Role: account.Role(words[2]), Name: words[3]}
	if i.Role == "" {
		i.Role = account.Owner
	}
	secret, err := accountsOf(l).Invite(ctx, operatorOf(words[0]), i)
	if err != nil {
		return accountMistake(err)
	}
	if secret == "" {
		fmt.Fprintln(p.stderr, "added; they sign in as they do already")
		return nil
	}
	return p.printLink(secret)
}

func (p *program) linkLogin(ctx context.Context, l *people.Lobby, words []string) error {
	secret, err := accountsOf(l).CreateLink(ctx, words[0])
	if err != nil {
		return accountMistake(err)
	}
	return p.printLink(secret)
}

func (p *program) listLogins(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
	if err != nil {
		return mistake(err)
	}
	all, err := accountsOf(l).Members(ctx, ws.Caller())
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "EMAIL\tROLE\tADMIN\tNAME\tSINCE")
	for _, m := range all {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", m.Email, m.Role, m.AdminID, m.AdminName, date(m.CreatedAt))
	}
	return table.Flush()
}

func (p *program) removeLogin(ctx context.Context, l *people.Lobby, words []string) error {
	return accountMistake(accountsOf(l).RemoveByEmail(ctx, operatorOf(words[0]), words[1]))
}
