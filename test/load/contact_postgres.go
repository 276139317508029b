package main

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
)

// postgresHost keeps databases on a PostgreSQL server of this program.
type postgresHost struct {
	server *postgresServer
	prefix string // of the databases' names
	// seeds are the databases of a population that every round copies: the server's, and the baseline's if there is one.
	seeds map[string]string // seed → copy
}

// The databases on the server: those that are filled once, and their copies for a round.
const (
	serverSeed, plainSeed = "server_seed", "plain_seed"
	serverCopy, plainCopy = "server_copy", "plain_copy"
)

// seededPostgres fills the databases that every round copies.
func seededPostgres(ctx context.Context, server, prefix string, everybody population, on *postgresServer) (host, error) {
	c := postgresHost{on, strings.NewReplacer(",", "_", " ", "").Replace(prefix) + "_", map[string]string{serverSeed: serverCopy}}
	if everybody.plain != nil {
		c.seeds[plainSeed] = plainCopy
	}
	for seed := range c.seeds {
		if err := remake(ctx, on, c.prefix+seed, "template0"); err != nil {
			return nil, err
		}
	}
	served := on.address(c.prefix + serverSeed)
	at := databaseFlags{"--database", served}
	if err := firstStart(ctx, server, at); err != nil {
		return nil, err
	}
	if err := fillPostgres(ctx, served, everybody.server); err != nil {
		return nil, err
	}
	if err := command(ctx, server, "migrate", at); err != nil {
		return nil, err
	}
	if everybody.plain != nil {
		if err := fillPostgres(ctx, on.address(c.prefix+plainSeed), everybody.plain); err != nil {
			return nil, err
		}
	}
	for seed := range c.seeds {
		if err := execPostgres(ctx, on.address(c.prefix+seed), "VACUUM ANALYZE"); err != nil {
			return nil, err
		}
	}
	return c, execPostgres(ctx, on.address("postgres"), "CHECKPOINT")
}

func (c postgresHost) fresh(ctx context.Context) (string, error) {
	for seed, copied := range c.seeds {
		if err := remake(ctx, c.server, c.prefix+copied, c.prefix+seed); err != nil {
			return "", err
		}
	}
	return c.server.address(c.prefix + plainCopy), nil
}

func (c postgresHost) served() databaseFlags {
	return databaseFlags{"--database", c.server.address(c.prefix + serverCopy)}
}

func (c postgresHost) database() int { return c.server.pid() }

func (postgresHost) String() string { return "PostgreSQL" }

// remake replaces a database by a copy of another.
func remake(ctx context.Context, on *postgresServer, name, from string) error {
	return errors.Join(execPostgres(ctx, on.address("postgres"), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"),
		execPostgres(ctx, on.address("postgres"), "CREATE DATABASE "+name+" TEMPLATE "+from))
}

func execPostgres(ctx context.Context, address, statement string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// batchSize is the number of statements in a batch while a database is filled.
const batchSize = 1000

func fillPostgres(ctx context.Context, address string, with func(insert) error) (err error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	return pgx.BeginFunc(ctx, conn, func(t pgx.Tx) error {
		waiting := new(pgx.Batch)
		err := with(func(sql string, args ...any) error {
			if len(args) == 0 { // it may be several statements
				_, err := t.Exec(ctx, sql)
				return err
			}
			if waiting.Queue(sql, args...); waiting.Len() < batchSize {
				return nil
			}
			full := waiting
			waiting = new(pgx.Batch)
			return t.SendBatch(ctx, full).Close()
		})
		return errors.Join(err, t.SendBatch(ctx, waiting).Close())
	})
}
