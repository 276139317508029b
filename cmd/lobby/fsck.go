package main

import (
	"context"
	"errors"
	"fmt"

	"lobby/internal/app"
	"lobby/internal/config"
)

// fsck checks the invariants of identity and changes nothing; exit status 1 when one is broken.
func (p *program) fsck(ctx context.Context) error {
	cfg, _, err := p.options(config.Store, 0)
	if err != nil {
		return err
	}
	if err := mustExist(cfg); err != nil {
		return err
	}
	store, err := app.Inspect(ctx, cfg)
	if err != nil {
		return usageError{err}
	}
	shown := newProgress(p.stderr, "checks", 0)
	found, err := store.CheckTelling(ctx, func(done, total int) {
		shown.total = total
		shown.at(done)
	})
	shown.end()
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	if len(found) == 0 {
		fmt.Fprintln(p.stdout, "clean")
		return nil
	}
	for _, f := range found {
		fmt.Fprintln(p.stdout, f)
	}
	return errFound
}
