package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// settingsVerbs is what lobby settings can do.
var settingsVerbs = []verb{
	{
		name: "list", words: "", summary: "explains every setting",
		print: (*program).listSettings,
	},
	{
		name: "get", words: "APP_ID [SETTING …]", summary: "prints the settings of a workspace, or only those named",
		min: 1, max: 32, run: (*program).getSettings,
	},
	{
		name: "set", words: "APP_ID SETTING=VALUE …", summary: "changes all settings that are named, or none",
		min: 2, max: 32, run: (*program).setSettings,
	},
}

// settings shows and changes what an owner decides for a workspace.
func (p *program) settings(ctx context.Context) error {
	return p.dispatchVerb(ctx, "settings", settingsVerbs)
}

func (p *program) listSettings() error {
	table := tabwriter.NewWriter(p.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tDEFAULT\tVALUES\tMEANING")
	for _, s := range workspace.Settings {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Name, s.Default, s.Values, s.Meaning)
	}
	return table.Flush()
}

func (p *program) getSettings(ctx context.Context, l *people.Lobby, words []string) error {
	ws, err := l.Workspace(ctx, workspace.ID(words[0]))
	if err != nil {
		return mistake(err)
	}
	asked := workspace.Settings
	if len(words) > 1 {
		asked = nil
		for _, name := range words[1:] {
			s, err := findSetting(name)
			if err != nil {
				return err
			}
			asked = append(asked, s)
		}
	}
	for _, s := range asked {
		fmt.Fprintf(p.stdout, "%s=%s\n", s.Name, s.Of(ws))
	}
	return nil
}

func (p *program) setSettings(ctx context.Context, l *people.Lobby, words []string) error {
	values := map[string]string{}
	for _, word := range words[1:] {
		name, value, given := strings.Cut(word, "=")
		s, err := findSetting(name)
		if err != nil {
			return err
		}
		if !given {
			return usage("%s needs a value: %s", name, s.Values)
		}
		values[name] = value
	}
	ws, err := l.ChangeSettings(ctx, operatorOf(words[0]), values)
	if err != nil {
		return mistake(err)
	}
	for _, s := range workspace.Weakened(ws) {
		if _, changed := values[s.Name]; changed {
			p.warn(s.Name + " is " + s.Of(ws) + ": pages and apps may name users without a proof")
		}
	}
	return nil
}

func findSetting(name string) (*workspace.Setting, error) {
	if s := workspace.FindSetting(name); s != nil {
		return s, nil
	}
	return nil, usage("there is no setting %q; lobby settings list shows them all", name)
}
