package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/sqlstore"
	"lobby/internal/transfer"
	"lobby/internal/workspace"
)

// exportVerbs explains lobby export. What stands for a verb is its first word.
var exportVerbs = []verb{{
	name: "FILE", words: "[--workspace APP_ID] [--with-secrets]",
	summary: "writes all that the database has into a new file, also while a server runs; FILE.zst is compressed, - is stdout; " +
		"tokens and identity secrets are left out unless --with-secrets is given",
}}

var exportOptions = []ownOption{{name: "--workspace", value: "APP_ID"}, {name: "--with-secrets"}}

// export writes the database into a file in Lobby's own form.
func (p *program) export(ctx context.Context) error {
	cfg, words, err := p.options(config.Store, 1, exportOptions...)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return usage("the command is %s", exportVerbs[0].usage("export"))
	}
	if err := mustExist(cfg); err != nil {
		return err
	}
	o := sqlstore.ExportOptions{Secrets: p.has("--with-secrets")}
	if p.has("--workspace") {
		o.Workspaces = []workspace.ID{workspace.ID(p.given["--workspace"])}
	}
	store, err := app.Inspect(ctx, cfg)
	if err != nil {
		return usageError{err}
	}
	shown := newProgress(p.stderr, "records", 0)
	records := 0
	err = transfer.WriteFile(words[0], p.stdout, func(w io.Writer) (err error) {
		records, err = transfer.Export(ctx, store, w, o, func() { shown.add(1) })
		return err
	})
	shown.end()
	if err = errors.Join(mistake(err), store.Close()); err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "%d records exported in %s\n", records, time.Since(shown.begun).Round(time.Millisecond))
	return nil
}
