package main

import (
	"bufio"
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
		name: "delete", words: "APP_ID [--yes APP_ID]", summary: "deletes a workspace with everything in it, for good; asks for its id once more",
		min: 1, max: 1, run: (*program).deleteWorkspace, alone: true, own: []ownOption{{name: "--yes", value: "APP_ID"}},
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

// deleteWorkspace deletes a workspace whose id was given twice.
func (p *program) deleteWorkspace(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
	if err != nil {
		return mistake(err)
	}
	confirmed := p.given["--yes"]
	if confirmed == "" && p.stdin != nil {
		fmt.Fprintf(p.stderr, "This deletes %s (%s) and all people in it for good. Its app id again: ", ws.ID, ws.Name)
		line, _ := bufio.NewReader(p.stdin).ReadString('\n')
		confirmed = strings.TrimSpace(line)
	}
	if confirmed != string(ws.ID) {
		return usage("nothing was deleted: %q is not the app id %s", confirmed, ws.ID)
	}
	if err := l.DeleteWorkspace(ctx, ws.ID); err != nil {
		return err
	}
	l.Store.Purge(ctx, erasePatience)
	fmt.Fprintf(p.stdout, "%s is deleted\n", ws.ID)
	return nil
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
