package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

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
		name: "PEOPLE_FILE", words: "--workspace APP_ID [--map COLUMN=FIELD]… [--skip-bad-lines] [--dry-run] [--report FILE]",
		summary: "adds the people of a .csv file, or of lines of JSON, to a workspace, and changes those that are there; all lines or none, " +
			"unless --skip-bad-lines is given",
	},
	{
		name: intercomVerb, words: "[--token TOKEN] [--from URL] [--workspace APP_ID] [--since TIME] [--all] [--dry-run] [--report FILE]",
		summary: "brings a workspace from Intercom or another Lobby, with the ids it has there; it may be run again at any time; " +
			"the token may be in INTERCOM_TOKEN, and --since leaves out who was not changed since a day",
	},
}

const intercomVerb = "intercom"

// importOptions are the options of all imports. The words of a verb say which it takes.
var importOptions = []ownOption{
	{name: "--workspace", value: "APP_ID"},
	{name: "--dry-run"},
	{name: "--token", value: "TOKEN"},
	{name: "--from", value: "URL"},
	{name: "--since", value: "TIME"},
	{name: "--all"},
	{name: "--report", value: "FILE"},
	{name: "--map", value: "COLUMN=FIELD", many: true},
	{name: "--skip-bad-lines"},
}

// importing adds what came from elsewhere.
func (p *program) importing(ctx context.Context) error {
	cfg, words, err := p.options(config.Store, math.MaxInt, importOptions...)
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return usage("the commands are %s", strings.Join(usages("import", importVerbs), ", "))
	}
	kind := importVerbs[0]
	do := func() error { return p.importExport(ctx, cfg, words[0]) }
	switch {
	case words[0] == intercomVerb:
		kind, do = importVerbs[2], func() error { return p.importIntercom(ctx, cfg) }
	case isCSV(words[0]) || !transfer.IsExport(words[0]):
		kind, do = importVerbs[1], func() error { return p.importPeople(ctx, cfg, words[0]) }
	}
	for name := range p.given {
		if !strings.Contains(kind.words, name) {
			return usage("%s is no option of %s", name, kind.usage("import"))
		}
	}
	return do()
}

// importExport adds the records of a file in Lobby's own form.
func (p *program) importExport(ctx context.Context, cfg config.Config, file string) error {
	dryRun := p.has("--dry-run")
	store, err := p.openAlone(ctx, cfg)
	if err != nil {
		return err
	}
	source := transfer.FileSource(file, p.stdin)
	shown := newProgress(p.stderr, "KB", int(source.Size()>>10))
	records, err := transfer.Import(ctx, store, source, transfer.ImportOptions{
		Into: workspace.ID(p.given["--workspace"]), DryRun: dryRun, Now: time.Now(),
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
