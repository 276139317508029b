package main

import (
	"context"
	"fmt"

	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
)

// migrate brings the schema up to date, which opening the store does; it serves those who want that apart from a start.
func (p *program) migrate(ctx context.Context) error {
	cfg, _, err := p.options(config.Store, 0)
	if err != nil {
		return err
	}
	return withLobby(ctx, cfg, []sqlstore.Option{sqlstore.Alone()}, func(*people.Lobby) error {
		_, err := fmt.Fprintln(p.stdout, "the schema is up to date")
		return err
	})
}
