package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// side is one of two servers that are compared.
type side struct {
	binary string
	folder string // name of the folder for its database
	// name turns the name of a scenario into that of the side's measurements.
	name func(scenario string) string
	// host keeps the side's databases.
	host host
}

// onBase returns the name of a scenario's measurements on the server of the base commit.
func onBase(scenario string) string { return scenario + ", base" }

// compare measures the server and that of the base commit with the same scenarios in the same rounds. The second of the
// two begins every other round, so that neither always follows the other.
func (b *bench) compare(ctx context.Context, title string, data dataset, wanted []scenario, open func(binary, name string) (host, error)) (*report, error) {
	names := namesOf(wanted)
	r := &report{title: title, options: b.options, ratios: baseRatios(names, b.connections)}
	sides := []side{
		{binary: b.server, folder: "server", name: func(scenario string) string { return scenario }},
		{binary: b.base, folder: "base", name: onBase},
	}
	for i := range sides {
		var err error
		if sides[i].host, err = open(sides[i].binary, sides[i].folder); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		r.names = append(r.names, onBase(name), name)
	}
	for n := range b.rounds {
		order := slices.Clone(sides)
		if n%2 == 0 {
			slices.Reverse(order)
		}
		measured, err := b.comparedRound(ctx, data, wanted, order)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", title, err)
		}
		r.rounds = append(r.rounds, measured)
	}
	return r, nil
}

// comparedRound measures each scenario on both sides, one directly after the other.
func (b *bench) comparedRound(ctx context.Context, data dataset, wanted []scenario, sides []side) (measured round, err error) {
	trials := make([][]trial, len(sides))
	for i, side := range sides {
		if _, err := side.host.fresh(ctx); err != nil {
			return nil, err
		}
		server, address, err := serve(ctx, side.binary, side.host.served())
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, server.stop()) }()
		if err := errors.Join(prepare(ctx, address, data), server.rest()); err != nil {
			return nil, err
		}
		target := target{server, address, side.host.database(), data, b.allot(data, wanted)}
		for _, callers := range b.connections {
			for _, s := range wanted {
				as := benchmark{side.name(s.name), callers}
				trials[i] = append(trials[i], target.trial(as, s, callers == slices.Max(b.connections)))
			}
		}
	}
	var interleaved []trial
	for n := range trials[0] {
		for i := range sides {
			interleaved = append(interleaved, trials[i][n])
		}
	}
	return measure(interleaved, b.window)
}

// compareVisitors is compare for the scenarios with visitors on one database.
func (b *bench) compareVisitors(ctx context.Context, database string, postgres *postgresServer) (*report, error) {
	title := fmt.Sprintf("%d visitors, %d users on %s", b.people, b.data.users(), map[string]string{"sqlite": "SQLite", "postgres": "PostgreSQL"}[database])
	return b.compare(ctx, title, b.data, withNames(scenarios(b.data), b.scenarios), func(binary, name string) (host, error) {
		return b.newHost(ctx, database, binary, name, b.data.population(), postgres)
	})
}

// compareContacts is compare for the scenarios with contacts on one database.
func (b *bench) compareContacts(ctx context.Context, database string, contacts int, postgres *postgresServer) (*report, error) {
	title := fmt.Sprintf("%d contacts on %s", contacts, database)
	return b.compare(ctx, title, dataset{contacts}, withNames(contactScenarios(contacts), b.scenarios), func(binary, name string) (host, error) {
		return b.newHost(ctx, database, binary, name, contactPopulation(contacts), postgres)
	})
}

// baseRatios compares each scenario with itself on the server of the base commit.
func baseRatios(names []string, connections []int) []ratio {
	var all []ratio
	for _, name := range names {
		for _, n := range connections {
			all = append(all, costs(benchmark{name, n}, benchmark{onBase(name), n}, 0))
		}
	}
	return all
}
