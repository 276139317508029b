package main

import (
	"context"
	"fmt"

	"lobby/internal/config"
	"lobby/internal/people"
)

// migrate brings the schema up to date, which opening the store does; it serves those who want that apart from a start.
// With --distribute it also spreads the tables over a Citus cluster.
func (p *program) migrate(ctx context.Context) error {
	isDistributed := p.cutSwitch("distribute")
	isDry := isDistributed && p.cutSwitch("dry-run")
	cfg, _, err := p.options(config.Store, 0)
	if err != nil {
		return err
	}
	if isDistributed {
		return p.distribute(ctx, cfg, isDry)
	}
	return withLobby(ctx, cfg, func(*people.Lobby) error {
		_, err := fmt.Fprintln(p.stdout, "the schema is up to date")
		return err
	})
}
