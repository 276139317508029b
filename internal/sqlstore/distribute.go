package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"lobby/internal/sqlengine"
)

// The errors of [Store.Distribute].
var (
	ErrNoCitus  = errors.New("the database has no Citus: CREATE EXTENSION citus comes first, on every node")
	ErrNotCitus = errors.New("only a PostgreSQL database with Citus can be distributed")
)

// referenceTables are the tables that every node of a Citus cluster has whole: those of the servers themselves and of the
// logins to them, and tokens, whose hash says which workspace is meant.
var referenceTables = []string{
	"chores", "leases", "login_attempts", "login_links", "login_sessions", "logins", "memberships", "migrations", "nodes", "tokens",
}

// firstDistributed is the table by whose shards all others are placed. Its key is a workspace's id.
const firstDistributed = "workspaces"

// leadingColumns is a query for all tables, and the first column of their primary keys.
const leadingColumns = `SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_class c
	LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
	LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
	WHERE c.relkind = 'r' AND c.relnamespace = CAST(CAST(current_schema() AS TEXT) AS regnamespace) AND c.relname NOT LIKE 'pg_dist_%'
	ORDER BY 1`

// placement is where the rows of a table belong in a Citus cluster.
type placement struct{ table, sql string }

// placements returns the placements of all tables, given the first columns of their primary keys. The first is that by
// which others are placed. A table that fits nowhere is an error.
func placements(leads map[string]string) ([]placement, error) {
	all := []placement{{firstDistributed, fmt.Sprintf(`SELECT create_distributed_table('%s', 'id')`, firstDistributed)}}
	for _, table := range slices.Sorted(maps.Keys(leads)) {
		switch {
		case table == firstDistributed:
		case slices.Contains(referenceTables, table):
			all = append(all, placement{table, fmt.Sprintf(`SELECT create_reference_table('%s')`, table)})
		case leads[table] == "workspace":
			all = append(all, placement{table, fmt.Sprintf(`SELECT create_distributed_table('%s', 'workspace', colocate_with => '%s')`, table, firstDistributed)})
		default:
			return nil, fmt.Errorf("the table %s fits nowhere in a cluster: its primary key begins with %q and it is no reference table", table, leads[table])
		}
	}
	return all, nil
}

// Undistributed returns the statements that place the tables of a Citus cluster that are still local. Where there is no Citus
// these are all tables, and the error is ErrNoCitus. ErrNotCitus: the database is not PostgreSQL.
func (s *Store) Undistributed(ctx context.Context) ([]string, error) {
	left, err := undistributed(ctx, s.engine)
	all := make([]string, len(left))
	for i, p := range left {
		all[i] = p.sql
	}
	return all, err
}

// Distribute places the tables of a Citus cluster that are still local, and returns the statements that did so. It may be
// repeated, also by several servers at once. Errors: ErrNoCitus, ErrNotCitus.
func (s *Store) Distribute(ctx context.Context) ([]string, error) {
	done, err := distribute(ctx, s.engine)
	return done, translated(err)
}

func distribute(ctx context.Context, e sqlengine.Engine) (done []string, err error) {
	left, err := undistributed(ctx, e)
	if err != nil {
		return nil, err
	}
	for _, p := range left {
		err := e.Script(ctx, func(on sqlengine.Session) error { return on.Exec(p.sql, nil) })
		if err != nil {
			if now, listErr := undistributed(ctx, e); listErr == nil && !slices.Contains(now, p) {
				continue // another server was faster
			}
			return done, fmt.Errorf("%s: %w", p.sql, err)
		}
		done = append(done, p.sql)
	}
	return done, nil
}

func undistributed(ctx context.Context, e sqlengine.Engine) (left []placement, err error) {
	if e.Dialect().Name != "postgres" {
		return nil, ErrNotCitus
	}
	err = e.Read(ctx, func(on sqlengine.Session) error {
		leads := map[string]string{}
		err := on.Query(leadingColumns, nil, func(r sqlengine.Row) error {
			leads[r.Text(0)] = r.Text(1)
			return nil
		})
		if err != nil {
			return err
		}
		if left, err = placements(leads); err != nil {
			return err
		}
		has, placed, err := placedTables(on)
		left = slices.DeleteFunc(left, func(p placement) bool { return slices.Contains(placed, p.table) })
		if err == nil && !has {
			err = ErrNoCitus
		}
		return err
	})
	return left, err
}

// placedTables reports whether there is Citus, and returns the tables that it has placed.
func placedTables(on sqlengine.Session) (has bool, tables []string, err error) {
	found, err := firstColumn(on, `SELECT CAST(to_regclass('pg_dist_partition') AS TEXT) WHERE to_regclass('pg_dist_partition') IS NOT NULL`)
	if err != nil || len(found) == 0 {
		return false, nil, err
	}
	tables, err = firstColumn(on, `SELECT CAST(logicalrelid AS TEXT) FROM pg_dist_partition`)
	return true, tables, err
}

// keepDistributed places the tables that migrations have added to a database that was distributed before. A table that
// stayed local could not be joined with the others.
func keepDistributed(ctx context.Context, e sqlengine.Engine) error {
	isDistributed := false
	err := e.Read(ctx, func(on sqlengine.Session) error {
		_, placed, err := placedTables(on)
		isDistributed = slices.Contains(placed, firstDistributed)
		return err
	})
	if err != nil || !isDistributed {
		return err
	}
	_, err = distribute(ctx, e)
	return err
}
