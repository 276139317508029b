package testkit

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"lobby/internal/sqlstore"
)

// MigratedPostgres returns the URL of an empty database with the current schema, in the cluster of [Postgres], for t alone.
// When t ends, the database is emptied and used again, because creating and migrating one costs more than most tests. So a
// test must not change its schema.
func MigratedPostgres(t testing.TB) string {
	t.Helper()
	server, err := sharedServer()
	if err != nil {
		skipOrFail(t, err)
	}
	name, err := migrated.take(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := migrated.giveBack(server, name, !t.Failed()); err != nil {
			t.Error(err)
		}
	})
	return server.address(name)
}

// migrated has the migrated databases of the shared cluster.
var migrated pool

type pool struct {
	mu       sync.Mutex
	template string // the database that others are copied from
	emptying string // the statement that deletes all rows that tests have written, and counts them
	idle     []string
}

// maxDeleted is the max number of rows deleted from a database that is used again. The space that more of them leave would
// change the plans of queries.
const maxDeleted = 500

func (p *pool) take(s *Server) (name string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.template == "" {
		if err := p.migrate(s); err != nil {
			return "", err
		}
	}
	if last := len(p.idle) - 1; last >= 0 {
		name, p.idle = p.idle[last], p.idle[:last]
		return name, nil
	}
	return s.create(p.template)
}

// migrate creates the template.
func (p *pool) migrate(s *Server) error {
	name, err := s.create("template1")
	if err != nil {
		return err
	}
	store, err := sqlstore.OpenPostgres(context.Background(), s.address(name))
	if err != nil {
		return err
	}
	if err := store.Close(); err != nil {
		return err
	}
	// Rows that a migration has written belong to the schema, so only tables without rows in the template are emptied.
	const statement = `SELECT 'WITH ' || string_agg(format('d%s AS (DELETE FROM %I RETURNING 1)', n, tablename), ', ')
		|| ' SELECT ' || string_agg(format('(SELECT count(*) FROM d%s)', n), ' + ')
		FROM (SELECT tablename, row_number() OVER () AS n FROM pg_tables WHERE schemaname = 'public'
			AND query_to_xml(format('SELECT 1 FROM %I LIMIT 1', tablename), true, true, '')::text NOT LIKE '%row%') AS empty`
	if err := s.query(name, statement, &p.emptying); err != nil {
		return fmt.Errorf("list the tables: %w", err)
	}
	p.template = name
	return nil
}

// giveBack empties a database and keeps it for another test, or drops it.
func (p *pool) giveBack(s *Server, name string, isGood bool) error {
	var deleted int64
	if isGood {
		if err := s.disconnect(name); err != nil {
			return err
		}
		if err := s.query(name, p.emptying, &deleted); err != nil {
			return err
		}
	}
	if !isGood || deleted > maxDeleted {
		return s.drop(name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, name)
	return nil
}

// disconnect ends all sessions on a database and waits until they are gone. A statement whose caller gave up may still run
// in one, and would write after the database is emptied.
func (s *Server) disconnect(database string) error {
	const statement = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`
	for end := time.Now().Add(statementTimeout); ; time.Sleep(time.Millisecond) {
		var left int64
		if err := s.query(database, statement, &left); err != nil {
			return fmt.Errorf("disconnect: %w", err)
		}
		if left == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d sessions on database %s do not end", left, database)
		}
	}
}

// query runs a statement on a database, as the superuser on a connection of its own, and scans its only row.
func (s *Server) query(database, statement string, into ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), statementTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.address(database))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.QueryRow(ctx, statement).Scan(into...)
}
