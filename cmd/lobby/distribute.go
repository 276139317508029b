package main

import (
	"context"
	"errors"
	"fmt"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/sqlengine"
	"lobby/internal/sqlstore"
)

// distribute spreads the tables over the nodes of a Citus cluster, after it has brought the schema up to date. A dry run
// changes nothing and prints the statements that would do so.
func (p *program) distribute(ctx context.Context, cfg config.Config, isDry bool) error {
	if cfg.Database == "" {
		return usageError{sqlengine.ErrNotCitus}
	}
	open, do := app.Open, (*sqlstore.Store).Distribute
	if isDry {
		open = func(ctx context.Context, cfg config.Config, _ ...sqlstore.Option) (*sqlstore.Store, error) {
			return app.Inspect(ctx, cfg)
		}
		do = (*sqlstore.Store).Undistributed
	}
	store, err := open(ctx, cfg)
	if err != nil {
		return usageError{err}
	}
	statements, err := do(store, ctx)
	if isDry && errors.Is(err, sqlengine.ErrNoCitus) {
		p.warn(err.Error())
		err = nil
	}
	for _, sql := range statements {
		fmt.Fprintln(p.stdout, sql+";")
	}
	if err == nil && len(statements) == 0 {
		fmt.Fprintln(p.stdout, "every table is distributed")
	}
	return errors.Join(err, store.Close())
}
