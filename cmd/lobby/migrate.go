package main

import (
	"context"
	"errors"
	"fmt"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/sqlstore"
)

// migrate brings the schema up to date, which opening the store does; it serves those who want that apart from a start.
// With --distribute it also spreads the tables over a Citus cluster.
func (p *program) migrate(ctx context.Context) error {
	cfg, _, err := p.options(config.Store, 0, ownOption{name: "--dry-run"}, ownOption{name: "--distribute"})
	if err != nil {
		return err
	}
	dry := p.has("--dry-run")
	if p.has("--distribute") {
		return p.distribute(ctx, cfg, dry)
	}
	if err := mustExist(cfg); err != nil {
		return err
	}
	if dry {
		return p.tellMigrations(ctx, cfg)
	}
	store, err := p.openAlone(ctx, cfg)
	if err != nil {
		return err
	}
	if made := store.MigrationCopy(); made != "" {
		fmt.Fprintf(p.stdout, "the database as it was before is in %s\n", made)
	}
	fmt.Fprintln(p.stdout, "the schema is up to date")
	return store.Close()
}

// openAlone opens the store for a command that must not run beside a server, and does what migrations have left to do.
func (p *program) openAlone(ctx context.Context, cfg config.Config) (*sqlstore.Store, error) {
	store, err := app.Open(ctx, cfg, sqlstore.Alone())
	if err != nil {
		return nil, usageError{err}
	}
	shown := newProgress(p.stderr, "", 0)
	err = store.Backfill(ctx, func(name string, done, total int64) {
		if what := "rows of " + name; what != shown.what {
			shown.end()
			shown = newProgress(p.stderr, what, int(total))
		}
		shown.at(int(done))
	})
	shown.end()
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// tellMigrations says which migrations would run.
func (p *program) tellMigrations(ctx context.Context, cfg config.Config) error {
	names, err := app.Pending(ctx, cfg)
	if err != nil {
		return usageError{err}
	}
	for _, name := range names {
		fmt.Fprintf(p.stdout, "would run %s\n", name)
	}
	if len(names) == 0 {
		fmt.Fprintln(p.stdout, "the schema is up to date")
	}
	return nil
}
