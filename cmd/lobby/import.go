package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/sqlstore"
	"lobby/internal/transfer"
	"lobby/internal/workspace"
)

// importVerbs explains lobby import. What stands for a verb is its first word.
var importVerbs = []verb{
	{
		name: "FILE", words: "[--workspace APP_ID] [--dry-run]",
		summary: "adds all that lobby export wrote, or nothing, to an empty database or beside the workspaces that are there; " +
			"--workspace says where records go that come before any workspace",
	},
	{
		name: "intercom", words: "[--token TOKEN] [--from URL] [--workspace APP_ID] [--since TIME] [--all] [--dry-run] [--report FILE]",
		summary: "brings a workspace from Intercom or another Lobby, with the ids it has there; it may be run again at any time; " +
			"the token may be in INTERCOM_TOKEN, and --since leaves out who was not changed since a day",
	},
}

var importOptions = []ownOption{
	{"--workspace", "APP_ID"}, {"--dry-run", ""}, {"--token", "TOKEN"}, {"--from", "URL"}, {"--since", "TIME"}, {"--all", ""}, {"--report", "FILE"},
}

// importing adds what came from elsewhere.
func (p *program) importing(ctx context.Context) error {
	rest, given, err := cutOwn(p.args, importOptions)
	if err != nil {
		return err
	}
	p.args = rest
	cfg, words, err := p.options(config.Store, math.MaxInt)
	if err != nil {
		return err
	}
	switch {
	case len(words) != 1:
		return usage("the commands are %s, %s", importVerbs[0].usage("import"), importVerbs[1].usage("import"))
	case words[0] == importVerbs[1].name:
		return p.importIntercom(ctx, cfg, given)
	}
	for _, option := range importOptions[2:] {
		if _, is := given[option.name]; is {
			return usage("%s is for lobby import intercom", option.name)
		}
	}
	return p.importExport(ctx, cfg, words[0], given)
}

// importExport adds the records of a file in Lobby's own form.
func (p *program) importExport(ctx context.Context, cfg config.Config, file string, given map[string]string) error {
	_, dryRun := given["--dry-run"]
	store, err := app.Open(ctx, cfg)
	if err != nil {
		return usageError{err}
	}
	source := transfer.FileSource(file, p.stdin)
	shown := newProgress(p.stderr, "KB", int(source.Size()>>10))
	records, err := transfer.Import(ctx, store, source, transfer.ImportOptions{
		Into: workspace.ID(given["--workspace"]), DryRun: dryRun, Now: time.Now(),
	}, func(read int64) { shown.at(int(read >> 10)) })
	shown.end()
	if err = errors.Join(importMistake(err), store.Close()); err != nil {
		return err
	}
	done := "imported"
	if dryRun {
		done = "could be imported; nothing was written"
	}
	fmt.Fprintf(p.stderr, "%d records %s\n", records, done)
	return nil
}

// importMistake makes a mistake of the operator out of what an import refuses.
func importMistake(err error) error {
	if _, inFile := errors.AsType[*transfer.LineError](err); inFile || errors.Is(err, sqlstore.ErrBroken) {
		return usageError{fmt.Errorf("nothing was imported: %w", err)}
	}
	return mistake(err)
}
