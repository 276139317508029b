package main

import (
	"context"
	"fmt"

	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
)

// fsck checks the invariants of identity; exit status 1 when one is broken.
func (p *program) fsck(ctx context.Context) error {
	cfg, _, err := p.options(config.Store, 0)
	if err != nil {
		return err
	}
	return withLobby(ctx, cfg, func(_ *people.Lobby, store *sqlstore.Store) error {
		found, err := store.Check(ctx)
		if err != nil {
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
	})
}
