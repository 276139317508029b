package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/transfer"
	"lobby/internal/workspace"
)

// importPeople adds the people of a file to a workspace.
func (p *program) importPeople(ctx context.Context, cfg config.Config, file string) (err error) {
	if p.given["--workspace"] == "" {
		return usage("say into which workspace: --workspace APP_ID")
	}
	if err := mustExist(cfg); err != nil {
		return err
	}
	o := transfer.PeopleOptions{CSV: isCSV(file), PerLine: p.has("--skip-bad-lines"), DryRun: p.has("--dry-run")}
	if o.Map, err = mapOf(p.given["--map"]); err != nil {
		return err
	}
	report, closeReport, err := p.lineReport(p.given["--report"])
	if err != nil {
		return err
	}
	o.Skip = report
	store, err := p.openAlone(ctx, cfg)
	if err != nil {
		return errors.Join(err, closeReport())
	}
	source := transfer.FileSource(file, p.stdin)
	shown := newProgress(p.stderr, "KB", int(source.Size()>>10))
	o.Each = func(read int64) { shown.at(int(read >> 10)) }
	lobby, _ := app.Join(store)
	result, err := transfer.ImportPeople(ctx, lobby, workspace.ID(p.given["--workspace"]), source, o)
	shown.end()
	if err = errors.Join(importMistake(err), store.Close(), closeReport()); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%d made, %d changed, %d lines left out\n", result.Created, result.Updated, result.Skipped)
	if o.DryRun {
		fmt.Fprintln(p.stderr, "this was a dry run: nothing was written")
	}
	return nil
}

func isCSV(file string) bool {
	return strings.HasSuffix(strings.TrimSuffix(file, ".zst"), ".csv")
}

// mapOf reads the pairs of --map, which stand on lines of their own.
func mapOf(text string) (map[string]string, error) {
	all := map[string]string{}
	for pair := range strings.Lines(text) {
		column, field, is := strings.Cut(strings.TrimSuffix(pair, "\n"), "=")
		if !is || column == "" {
			return nil, usage("--map: %q is not COLUMN=FIELD", pair)
		}
		all[column] = field
	}
	return all, nil
}

// lineReport returns a function that tells of a line that was left out: in a file of JSON lines, or else on stderr.
func (p *program) lineReport(name string) (tell func(*transfer.LineError), end func() error, err error) {
	if name == "" {
		return func(e *transfer.LineError) { p.warn(e.Error()) }, func() error { return nil }, nil
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, usageError{err}
	}
	lines := json.NewEncoder(file)
	return func(e *transfer.LineError) {
		lines.Encode(map[string]any{"line": e.Line, "why": e.Err.Error()}) //nolint:errcheck // Close returns what happens to the file
	}, file.Close, nil
}
