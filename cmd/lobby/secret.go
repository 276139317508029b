package main

import (
	"context"
	"fmt"
	"strconv"
	"text/tabwriter"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// secretVerbs is what lobby secret can do.
var secretVerbs = []verb{
	{
		name: "create", words: "APP_ID [PLATFORM [SECRET]]", summary: "makes an identity secret for web (the default), ios or android, or adds the one given, and prints it, only this once",
		min: 1, max: 3, run: (*program).createSecret,
	},
	{
		name: "list", words: "APP_ID", summary: "lists the identity secrets of a workspace, each by its last four characters",
		min: 1, max: 1, run: (*program).listSecrets,
	},
	{
		name: "delete", words: "APP_ID SECRET_ID", summary: "takes a secret away; what it proved stays proven",
		min: 2, max: 2, run: (*program).deleteSecret,
	},
}

// secret manages the secrets by which sites and apps prove who their users are.
func (p *program) secret(ctx context.Context) error {
	return p.dispatchVerb(ctx, "secret", secretVerbs)
}

func (p *program) createSecret(ctx context.Context, l *people.Lobby, words []string) error {
	platform, given := workspace.Web, ""
	if len(words) > 1 {
		platform = workspace.Platform(words[1])
	}
	if len(words) > 2 {
		given = words[2]
	}
	s, err := l.CreateIdentitySecret(ctx, operatorOf(words[0]), platform, given)
	if err != nil {
		return mistake(err)
	}
	fmt.Fprintf(p.stdout, "%s\n", s.Secret)
	return nil
}

func (p *program) listSecrets(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
	if err != nil {
		return mistake(err)
	}
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tPLATFORM\tCREATED\tSECRET")
	for _, s := range ws.IdentitySecrets {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", s.ID, s.Platform, date(s.CreatedAt), s.Masked())
	}
	return table.Flush()
}

func (p *program) deleteSecret(ctx context.Context, l *people.Lobby, words []string) error {
	id, err := strconv.ParseInt(words[1], 10, 64)
	if err != nil {
		return usage("%q is no id of a secret; lobby secret list shows them", words[1])
	}
	return mistake(l.DeleteIdentitySecret(ctx, operatorOf(words[0]), id))
}
