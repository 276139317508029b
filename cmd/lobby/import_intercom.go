package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/intercom"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

const (
	intercomAddress = "https://api.intercom.io"
	// intercomToken is where the token may be instead of in the command line, which other accounts of the machine can see.
	intercomToken    = "INTERCOM_TOKEN"
	intercomReport   = "lobby-import-report.ndjson"
	intercomParallel = 8
)

// importIntercom brings a workspace from Intercom, or from another Lobby.
func (p *program) importIntercom(ctx context.Context, cfg config.Config) (err error) {
	o := intercom.Options{
		Workspace: workspace.ID(p.given["--workspace"]), All: p.has("--all"), DryRun: p.has("--dry-run"), Parallel: intercomParallel, Now: time.Now(),
	}
	if o.Since, err = sinceOf(p.given["--since"]); err != nil {
		return err
	}
	token, address := p.given["--token"], p.given["--from"]
	if token == "" {
		token = p.getenv(intercomToken)
	}
	if token == "" {
		return usage("an access token of the other workspace is needed: --token or %s", intercomToken)
	}
	if address == "" {
		address = intercomAddress
	}
	client, err := intercom.NewClient(address, token)
	if err != nil {
		return usage("--from: %w", err)
	}
	name := p.given["--report"]
	if name == "" {
		name = intercomReport
	}
	report, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return usageError{err}
	}
	o.Report = writeReport(report)
	store, err := p.openAlone(ctx, cfg)
	if err != nil {
		return errors.Join(err, report.Close())
	}
	shown := newProgress(p.stderr, "contacts", 0)
	o.Progress = func(what string, done, total int) {
		if what != shown.what {
			shown.end()
			shown = newProgress(p.stderr, what, 0)
		}
		shown.total = max(total, done)
		shown.at(done)
	}
	result, err := intercom.Import(ctx, store, client, o)
	shown.end()
	if result != nil {
		p.tellImport(result, name, o.DryRun)
	}
	if err == nil && result.Made {
		lobby, _ := app.Join(store)
		err = p.firstToken(ctx, lobby, result.Workspace)
	}
	return errors.Join(err, store.Close(), report.Close())
}

// sinceOf reads a day, a time or Unix seconds; 0 when it is not given.
func sinceOf(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil && at.Unix() > 0 {
			return at.Unix(), nil
		}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
		return n, nil
	}
	return 0, usage("--since: %q is no day such as 2026-11-28, no time and no Unix second", text)
}

// writeReport returns a function that writes a line of JSON for all that is left out.
func writeReport(to io.Writer) func(intercom.Skipped) {
	lines := json.NewEncoder(to)
	lines.SetEscapeHTML(false)
	return func(s intercom.Skipped) {
		lines.Encode(s) //nolint:errcheck // Close returns what happens to the file
	}
}

func (p *program) tellImport(r *intercom.Result, report string, dryRun bool) {
	for _, kind := range slices.Sorted(maps.Keys(r.Counts)) {
		if n := r.Counts[kind]; n > 0 {
			fmt.Fprintf(p.stdout, "%-20s %d\n", kind, n)
		}
	}
	fmt.Fprintf(p.stdout, "%-20s %d, see %s\n", "left out", r.Skipped, report)
	if dryRun {
		fmt.Fprintln(p.stderr, "this was a dry run: nothing was written")
	}
}

// firstToken gives a workspace that was made a token, which is shown only once.
func (p *program) firstToken(ctx context.Context, l *people.Lobby, ws workspace.ID) error {
	token, err := l.CreateToken(ctx, operatorOf(string(ws)), workspace.TokenDraft{Name: "first token", Scopes: workspace.AllScopes})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%-20s %s\n%-20s %s\n", "app id", ws, "access token", token.Secret)
	fmt.Fprintln(p.stderr, "the token is shown only this once")
	return nil
}
