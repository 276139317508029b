package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

var allDatabases = []string{"sqlite", "postgres"}

// venue is where rounds with contacts take place.
type venue interface {
	// fresh makes new copies of the seed: the server's, which it finds at served, and the yardstick's, whose address it
	// answers.
	fresh(ctx context.Context) (string, error)
	served() place
	// database is the process of the database, 0 where it has none of its own.
	database() int
	String() string
}

// withContacts measures what is done with contacts, one database and one number of contacts after the other.
func (b *bench) withContacts(ctx context.Context, out io.Writer) (err error) {
	var postgres *cluster
	if len(b.contacts) > 0 && slices.Contains(b.databases, "postgres") {
		if postgres, err = startCluster(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, postgres.stop()) }()
	}
	for _, name := range b.databases {
		for _, contacts := range b.contacts {
			r, err := b.contactReport(ctx, name, contacts, postgres)
			if err != nil {
				return err
			}
			if err := r.print(out); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) contactReport(ctx context.Context, database string, contacts int, postgres *cluster) (*report, error) {
	v, err := b.venue(ctx, database, contacts, postgres)
	if err != nil {
		return nil, err
	}
	names := namesOf(chosen(contactScenarios(contacts), b.scenarios))
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
	return r, sound(ctx, b.server, v.served())
}

func (b *bench) venue(ctx context.Context, database string, contacts int, postgres *cluster) (venue, error) {
	if database == "postgres" {
		return seededPostgres(ctx, b.server, contactPopulation(contacts), postgres)
	}
	seed, err := seeded(ctx, b.server, contactPopulation(contacts))
	return folders{seed, b.dir}, err
}

// bySQL is what the work of a scenario is called when SQL alone does it.
func bySQL(scenario string) string { return scenario + ", SQL" }

// contactRound measures everything once. A scenario stands right behind its yardstick.
func (b *bench) contactRound(ctx context.Context, v venue, contacts int) (measured round, err error) {
	plainAddress, err := v.fresh(ctx)
	if err != nil {
		return nil, err
	}
	server, address, err := serve(ctx, b.server, v.served())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	yardstick, err := start(ctx, self, "plain", plainAddress, strconv.Itoa(contacts))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, yardstick.stop()) }()
	var heats []heat
	for _, s := range chosen(contactScenarios(contacts), b.scenarios) {
		for _, n := range b.connections {
			heats = append(heats, plainHeat(yardstick, bySQL(s.name), task{Name: s.name, Callers: n, Database: v.database()}),
				heat{contest{s.name, n}, true, func(window time.Duration) (measurement, error) {
					under := load{n, window, []int{server.pid(), v.database()}}
					return under.drive(address, s.proof, s.writer(crowd{contacts}, nil))
				}})
		}
	}
	return measure(heats, b.window)
}

// folders is a venue of embedded databases.
type folders struct{ seed, dir string }

func (f folders) fresh(context.Context) (string, error) {
	yardstick := filepath.Join(f.dir, "plain")
	return yardstick, errors.Join(copyDatabase(f.seed, f.server()), copyDatabase(plainFolder(f.seed), yardstick))
}

func (f folders) server() string { return filepath.Join(f.dir, "server") }
func (f folders) served() place  { return inFolder(f.server()) }

func (folders) database() int  { return 0 }
func (folders) String() string { return "SQLite" }
