package sqlstore

import (
	"context"

	"lobby/internal/sqlengine"
)

// referenceTables are the tables that every node of a Citus cluster has whole: those of the servers themselves and of the
// logins to them, and tokens, whose hash says which workspace is meant.
var referenceTables = []string{
	"chores", "leases", "login_attempts", "login_links", "login_sessions", "logins", "memberships", "migrations", "nodes", "tokens",
}

// cluster spreads all other tables by workspace.
var cluster = sqlengine.Cluster{First: "workspaces", Key: "id", Owner: "workspace", Reference: referenceTables}

// Undistributed returns the statements that place the tables of a Citus cluster that are still local. Where there is no Citus
// these are all tables, and the error is sqlengine.ErrNoCitus. sqlengine.ErrNotCitus: the database is not PostgreSQL.
func (s *Store) Undistributed(ctx context.Context) ([]string, error) {
	return cluster.Undistributed(ctx, s.engine)
}

// Distribute places the tables of a Citus cluster that are still local, and returns the statements that did so. It may be
// repeated, also by several servers at once. Errors: those of [Store.Undistributed].
func (s *Store) Distribute(ctx context.Context) ([]string, error) {
	done, err := cluster.Distribute(ctx, s.engine)
	return done, translated(err)
}
