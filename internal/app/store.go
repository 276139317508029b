package app

import (
	"context"
	"strings"

	"lobby/internal/config"
	"lobby/internal/enrich"
	"lobby/internal/metrics"
	"lobby/internal/sqlstore"
)

// phones has stores derive the E.164 form of phone numbers.
var phones = sqlstore.WithPhoneFormat(enrich.E164)

// Open opens the store that the options name and brings its schema up to date. Its error is one line.
func Open(ctx context.Context, cfg config.Config, with ...sqlstore.Option) (*sqlstore.Store, error) {
	if cfg.NoBackup {
		with = append(with, sqlstore.WithoutCopy())
	}
	with = append(with, phones,
		sqlstore.WithReaders(cfg.SQLiteReaders), sqlstore.WithPageCache(cfg.SQLiteCache), sqlstore.WithMaxConns(cfg.PostgresPool),
		sqlstore.WithTimeout(cfg.DatabaseTimeout))
	switch {
	case cfg.Database != "":
		return opened(sqlstore.OpenPostgres(ctx, cfg.Database, with...))
	case cfg.Ephemeral:
		return opened(sqlstore.OpenMemory(ctx, with...))
	}
	return opened(sqlstore.OpenSQLite(ctx, cfg.Data, with...))
}

// Restore makes a file the embedded database of a folder; see [sqlstore.RestoreSQLite].
func Restore(ctx context.Context, folder, file string) (sqlstore.Restored, error) {
	return sqlstore.RestoreSQLite(ctx, folder, file, phones)
}

// Inspect opens the store that the options name as it is. Its error is one line.
func Inspect(ctx context.Context, cfg config.Config) (*sqlstore.Store, error) {
	if cfg.Database != "" {
		return opened(sqlstore.InspectPostgres(ctx, cfg.Database))
	}
	return opened(sqlstore.InspectSQLite(ctx, cfg.Data))
}

func opened(store *sqlstore.Store, err error) (*sqlstore.Store, error) {
	if err != nil {
		return nil, openError{err}
	}
	return store, nil
}

// openError is why a database cannot be opened, in one line.
type openError struct{ cause error }

func (e openError) Error() string {
	return "cannot open the database: " + strings.ReplaceAll(e.cause.Error(), "\n", " ")
}

func (e openError) Unwrap() error { return e.cause }

// observer hands what happens in a store to the metrics, and what fails in its background also to the log.
type observer struct {
	*metrics.Store
	*failures
}

// shown returns the figures of a store as the metrics show them.
func shown(f sqlstore.Figures) metrics.StoreFigures {
	return metrics.StoreFigures{
		QueuedWrites: f.Queued, WaitingTouches: f.Touches, WALBytes: f.WALBytes,
		AcquiredConnections: f.Connections.Acquired, IdleConnections: f.Connections.Idle, MaxConnections: f.Connections.Max,
		ConnectionWaits: f.Connections.Waits, ConnectionWaited: f.Connections.Waited,
		Visitors: f.Counts.Visitors, Leads: f.Counts.Leads, Users: f.Counts.Users,
		OutboxEntries: f.Counts.Outbox, OutboxOldest: f.Counts.OutboxOldest,
	}
}

// Pending returns the names of the migrations that [Open] would run on the store that the options name.
func Pending(ctx context.Context, cfg config.Config) ([]string, error) {
	var names []string
	var err error
	if cfg.Database != "" {
		names, err = sqlstore.PendingPostgres(ctx, cfg.Database)
	} else {
		names, err = sqlstore.PendingSQLite(ctx, cfg.Data)
	}
	if err != nil {
		_, err = opened(nil, err)
	}
	return names, err
}
