package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

var allDatabases = []string{"sqlite", "postgres"}

// host keeps the databases of rounds with contacts.
type host interface {
	// fresh makes new copies of the seeded databases, one for the server and one for the baseline. It returns the address
	// of the baseline's.
	fresh(ctx context.Context) (string, error)
	// served returns the options for the server's copy.
	served() databaseFlags
	// database returns the pid of the database; 0 for an embedded one.
	database() int
	String() string
}

// contactReport measures the scenarios with contacts on one database.
func (b *bench) contactReport(ctx context.Context, database string, contacts int, postgres *postgresServer) (*report, error) {
	v, err := b.newHost(ctx, database, b.server, "server", contactPopulation(contacts), postgres)
	if err != nil {
		return nil, err
	}
	names := namesOf(withNames(contactScenarios(contacts), b.scenarios))
	r := &report{title: fmt.Sprintf("%d contacts on %v", contacts, v), options: b.options, ratios: contactRatios(names, b.connections)}
	for _, name := range names {
		r.names = append(r.names, bySQL(name), name)
	}
	for range b.rounds {
		measured, err := b.contactRound(ctx, v, contacts)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.title, err)
		}
		r.rounds = append(r.rounds, measured)
	}
	r.notes = "\n"
	return r, command(ctx, b.server, "fsck", v.served())
}

// newHost returns the host of a server's databases, seeded. Its name tells it from another host of the same run.
func (b *bench) newHost(ctx context.Context, database, server, name string, everybody population, postgres *postgresServer) (host, error) {
	if database == "postgres" {
		return seededPostgres(ctx, server, name, everybody, postgres)
	}
	return b.newSQLiteHost(ctx, server, name, everybody)
}

func (b *bench) newSQLiteHost(ctx context.Context, server, name string, everybody population) (host, error) {
	if name != "server" {
		everybody.name += "-" + name
	}
	seed, err := seeded(ctx, server, everybody)
	return sqliteHost{seed, filepath.Join(b.dir, name), everybody.plain != nil}, err
}

// bySQL returns the name of a scenario's SQL baseline.
func bySQL(scenario string) string { return scenario + ", SQL" }

// contactRound measures everything once. Each scenario follows its baseline.
func (b *bench) contactRound(ctx context.Context, v host, contacts int) (measured round, err error) {
	plainAddress, err := v.fresh(ctx)
	if err != nil {
		return nil, err
	}
	server, address, err := serve(ctx, b.server, v.served())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	if err := server.rest(); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	baseline, err := start(ctx, self, "plain", plainAddress, strconv.Itoa(contacts))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, baseline.stop()) }()
	var trials []trial
	target := target{server, address, v.database(), dataset{contacts}, nil}
	for _, s := range withNames(contactScenarios(contacts), b.scenarios) {
		for _, n := range b.connections {
			trials = append(trials, plainTrial(baseline, bySQL(s.name), task{Name: s.name, Callers: n, Database: v.database()}),
				target.trial(benchmark{s.name, n}, s, true))
		}
	}
	return measure(trials, b.window)
}

// sqliteHost keeps embedded databases in folders.
type sqliteHost struct {
	seed, dir string
	hasPlain  bool // whether there is a database of the baseline
}

// freshSQLite makes a database with everybody in a directory.
func freshSQLite(ctx context.Context, server string, everybody population, dir string) (sqliteHost, error) {
	seed, err := seeded(ctx, server, everybody)
	if err != nil {
		return sqliteHost{}, err
	}
	at := sqliteHost{seed, dir, false}
	_, err = at.fresh(ctx)
	return at, err
}

func (f sqliteHost) fresh(context.Context) (string, error) {
	err := copyDatabase(f.seed, f.server())
	if !f.hasPlain {
		return "", err
	}
	plain := filepath.Join(f.dir, "plain")
	return plain, errors.Join(err, copyDatabase(plainFolder(f.seed), plain))
}

func (f sqliteHost) server() string { return filepath.Join(f.dir, "server") }

func (f sqliteHost) served() databaseFlags { return inFolder(f.server()) }

func (sqliteHost) database() int { return 0 }

func (sqliteHost) String() string { return "SQLite" }
