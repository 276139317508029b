package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// The errors of a [Cluster].
var (
	ErrNoCitus  = errors.New("the database has no Citus: CREATE EXTENSION citus comes first, on every node")
	ErrNotCitus = errors.New("only a PostgreSQL database with Citus can be distributed")
)

// Cluster says how the tables of a schema are spread over the nodes of a Citus cluster.
type Cluster struct {
	// First is the table by whose shards all others are placed; Key is its column with the owner of a row, and Owner that of
	// the others, with which their primary keys begin.
	First, Key, Owner string
	// Reference are the tables that every node has whole.
	Reference []string
}

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
func (c Cluster) placements(leads map[string]string) ([]placement, error) {
	all := []placement{{c.First, fmt.Sprintf(`SELECT create_distributed_table('%s', '%s')`, c.First, c.Key)}}
	for _, table := range slices.Sorted(maps.Keys(leads)) {
		switch {
		case table == c.First:
		case slices.Contains(c.Reference, table):
			all = append(all, placement{table, fmt.Sprintf(`SELECT create_reference_table('%s')`, table)})
		case leads[table] == c.Owner:
			all = append(all, placement{table, fmt.Sprintf(`SELECT create_distributed_table('%s', '%s', colocate_with => '%s')`, table, c.Owner, c.First)})
		default:
			return nil, fmt.Errorf("the table %s fits nowhere in a cluster: its primary key begins with %q and it is no reference table", table, leads[table])
		}
	}
	return all, nil
}

// Undistributed returns the statements that place the tables of a Citus cluster that are still local. Where there is no Citus
// these are all tables, and the error is ErrNoCitus. ErrNotCitus: the database is not PostgreSQL.
func (c Cluster) Undistributed(ctx context.Context, e Engine) ([]string, error) {
	left, err := c.undistributed(ctx, e)
	all := make([]string, len(left))
	for i, p := range left {
		all[i] = p.sql
	}
	return all, err
}

// Distribute places the tables of a Citus cluster that are still local, and returns the statements that did so. It may be
// repeated, also by several servers at once. Errors: ErrNoCitus, ErrNotCitus.
func (c Cluster) Distribute(ctx context.Context, e Engine) (done []string, err error) {
	left, err := c.undistributed(ctx, e)
	if err != nil {
		return nil, err
	}
	for _, p := range left {
		err := e.Script(ctx, func(on Session) error { return on.Exec(p.sql, nil) })
		if err != nil {
			if now, listErr := c.undistributed(ctx, e); listErr == nil && !slices.Contains(now, p) {
				continue // another server was faster
			}
			return done, fmt.Errorf("%s: %w", p.sql, err)
		}
		done = append(done, p.sql)
	}
	return done, nil
}

func (c Cluster) undistributed(ctx context.Context, e Engine) (left []placement, err error) {
	if e.Dialect().Name != "postgres" {
		return nil, ErrNotCitus
	}
	err = e.Read(ctx, func(on Session) error {
		leads := map[string]string{}
		err := on.Query(leadingColumns, nil, func(r Row) error {
			leads[r.Text(0)] = r.Text(1)
			return nil
		})
		if err != nil {
			return err
		}
		if left, err = c.placements(leads); err != nil {
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
func placedTables(on Session) (has bool, tables []string, err error) {
	found, err := texts(on, `SELECT CAST(to_regclass('pg_dist_partition') AS TEXT) WHERE to_regclass('pg_dist_partition') IS NOT NULL`)
	if err != nil || len(found) == 0 {
		return false, nil, err
	}
	tables, err = texts(on, `SELECT CAST(logicalrelid AS TEXT) FROM pg_dist_partition`)
	return true, tables, err
}

// KeepDistributed places the tables that migrations have added to a database that was distributed before. A table that
// stayed local could not be joined with the others.
func (c Cluster) KeepDistributed(ctx context.Context, e Engine) error {
	isDistributed := false
	err := e.Read(ctx, func(on Session) error {
		_, placed, err := placedTables(on)
		isDistributed = slices.Contains(placed, c.First)
		return err
	})
	if err != nil || !isDistributed {
		return err
	}
	_, err = c.Distribute(ctx, e)
	return err
}

// texts returns the first column of the rows of a query.
func texts(on Session, sql string) ([]string, error) {
	return List(on, sql, nil, func(r Row) (string, error) { return r.Text(0), nil })
}
