package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	_ "time/tzdata" // one binary, which needs no other file

	"lobby/internal/apiversion"
	"lobby/internal/config"
	"lobby/internal/people"
)

// workspaceVerbs is what lobby workspace can do.
var workspaceVerbs = []verb{
	{"create", "[APP_ID [NAME]]", 0, 2, (*program).createWorkspace},
	{"list", "", 0, 0, (*program).listWorkspaces},
	{"set", "APP_ID SETTING=VALUE …", 2, 8, (*program).setWorkspace},
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
	created, err := l.CreateWorkspace(ctx, people.NewWorkspace{ID: people.WorkspaceID(words[0]), Name: words[1]})
	if err != nil {
		return mistake(err)
	}
	fmt.Fprintf(p.stdout, "app id           %s\naccess token     %s\nidentity secret  %s\n",
		created.Workspace.ID, created.Token.Secret, created.Workspace.IdentitySecret)
	fmt.Fprintln(p.stderr, "the token is shown only this once")
	return nil
}

func (p *program) listWorkspaces(ctx context.Context, l *people.Lobby, _ []string) error {
	all, err := l.Workspaces(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "APP ID\tNAME\tCREATED\tapi_version\tmerged_ids\ttimezone")
	for _, ws := range all {
		version := cmp.Or(ws.APIVersion, apiversion.Default.String())
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n",
			ws.ID, ws.Name, date(ws.CreatedAt), version, mergedIDs[ws.ResolveMerged], cmp.Or(ws.Timezone, "UTC"))
	}
	return table.Flush()
}

// mergedIDs are the values of the setting of that name: whether the public API follows merged ids.
var mergedIDs = map[bool]string{false: "gone", true: "resolve"}

func (p *program) setWorkspace(ctx context.Context, l *people.Lobby, words []string) error {
	_, err := l.ChangeWorkspace(ctx, people.WorkspaceID(words[0]), func(ws *people.Workspace) error {
		for _, word := range words[1:] {
			setting, value, given := strings.Cut(word, "=")
			if !given || value == "" {
				return usage("%s needs a value, as in api_version=2.14 or merged_ids=resolve", setting)
			}
			if err := set(ws, setting, value); err != nil {
				return err
			}
		}
		return nil
	})
	return mistake(err)
}

func set(ws *people.Workspace, setting, value string) error {
	switch setting {
	case "name":
		ws.Name = value
	case "api_version":
		v, err := apiversion.Parse(value)
		if err != nil {
			return usage("api_version must be 2.0 to 2.16 or Preview")
		}
		ws.APIVersion = v.String()
	case "merged_ids":
		if value != mergedIDs[false] && value != mergedIDs[true] {
			return usage("merged_ids must be gone or resolve")
		}
		ws.ResolveMerged = value == mergedIDs[true]
	case "timezone":
		if err := people.CheckTimezone(value); err != nil {
			return err
		}
		ws.Timezone = value
	default:
		return usage("there is no setting %q; there are name, api_version, merged_ids and timezone", setting)
	}
	return nil
}
