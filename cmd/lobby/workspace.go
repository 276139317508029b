package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	_ "time/tzdata"

	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// workspaceVerbs is what lobby workspace can do.
var workspaceVerbs = []verb{
	{
		name: "create", words: "[APP_ID [NAME]]", summary: "makes a workspace and prints its token, only this once; without APP_ID it gets one",
		min: 0, max: 2, run: (*program).createWorkspace,
	},
	{
		name: "list", words: "", summary: "lists all workspaces",
		run: (*program).listWorkspaces,
	},
	{
		name: "set", words: "APP_ID SETTING=VALUE …", summary: "does what lobby settings set does",
		min: 2, max: 32, run: (*program).setSettings,
	},
}

// workspace manages workspaces and their settings.
func (p *program) workspace(ctx context.Context) error {
	return p.dispatchVerb(ctx, "workspace", workspaceVerbs)
}

func (p *program) createWorkspace(ctx context.Context, l *people.Lobby, words []string) error {
	words = append(words, "", "")
	if err := config.CheckAppID(words[0]); words[0] != "" && err != nil {
		return usage("app id %s", err)
	}
	created, err := l.CreateWorkspace(ctx, workspace.Draft{ID: workspace.ID(words[0]), Name: words[1]})
	if err != nil {
		return mistake(err)
	}
	fmt.Fprintf(p.stdout, "app id           %s\naccess token     %s\nidentity secret  %s\n",
		created.Workspace.ID, created.Token.Secret, created.Workspace.IdentitySecrets[0].Secret)
	fmt.Fprintln(p.stderr, "the token is shown only this once")
	return nil
}

// shownSettings are those that the list of workspaces shows.
var shownSettings = []string{"api_version", "merged_ids", "timezone"}

func (p *program) listWorkspaces(ctx context.Context, l *people.Lobby, _ []string) error {
	all, err := l.Workspaces(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "APP ID\tNAME\tCREATED\t"+strings.Join(shownSettings, "\t"))
	for _, ws := range all {
		fmt.Fprintf(table, "%s\t%s\t%s", ws.ID, ws.Name, date(ws.CreatedAt))
		for _, name := range shownSettings {
			fmt.Fprint(table, "\t"+workspace.FindSetting(name).Of(ws))
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}
