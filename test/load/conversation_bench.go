package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ofSize returns the name of a scenario's measurements with a number of conversations.
func ofSize(scenario string, conversations int) string {
	return fmt.Sprintf("%s, %d", scenario, conversations)
}

// conversationReport measures the scenarios with conversations on one database: with each number of conversations on a server of
// its own, in the same rounds.
func (b *bench) conversationReport(ctx context.Context, database string, postgres *postgresServer) (*report, error) {
	sizes := slices.Sorted(slices.Values(b.conversations))
	names := namesOf(withNames(conversationScenarios(1), b.scenarios))
	r := &report{options: b.options, ratios: conversationRatios(sizes, b.connections)}
	for _, name := range names {
		for _, n := range sizes {
			r.names = append(r.names, ofSize(name, n))
		}
	}
	hosts := make([]host, len(sizes))
	for i, n := range sizes {
		var err error
		if hosts[i], err = b.newHost(ctx, database, b.server, fmt.Sprint("talks", n), conversationPopulation(n), postgres); err != nil {
			return nil, err
		}
	}
	r.title = fmt.Sprintf("conversations on %v", hosts[0])
	for range b.rounds {
		measured, err := b.conversationRound(ctx, hosts, sizes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.title, err)
		}
		r.rounds = append(r.rounds, measured)
	}
	r.notes = "\n"
	for _, h := range hosts {
		if err := command(ctx, b.server, "fsck", h.served()); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// conversationRound measures each scenario with each number of conversations, one directly after the other.
func (b *bench) conversationRound(ctx context.Context, hosts []host, sizes []int) (measured round, err error) {
	targets := make([]target, len(hosts))
	for i, h := range hosts {
		if _, err := h.fresh(ctx); err != nil {
			return nil, err
		}
		server, address, err := serve(ctx, b.server, h.served())
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, server.stop()) }()
		if err := server.rest(); err != nil {
			return nil, err
		}
		targets[i] = target{server, address, h.database(), talkVisitors, nil}
	}
	var trials []trial
	for _, callers := range b.connections {
		for n, wanted := range withNames(conversationScenarios(1), b.scenarios) {
			for i, t := range targets {
				s := withNames(conversationScenarios(sizes[i]), b.scenarios)[n]
				trials = append(trials, t.trial(benchmark{ofSize(wanted.name, sizes[i]), callers}, s, true))
			}
		}
	}
	return measure(trials, b.window)
}

// conversationRatios compares a reply with its yardstick, a long conversation with a short one, and lists of many conversations
// with lists of few.
func conversationRatios(sizes, connections []int) (all []ratio) {
	for _, callers := range connections {
		for _, n := range sizes {
			of := func(scenario string) benchmark { return benchmark{ofSize(scenario, n), callers} }
			all = append(all, costs(of(replyTalk), of(besidePut), 2.5), costs(of(manyParts), of(fewParts), 3))
		}
		for _, scenario := range []string{listTalks, searchTalks} {
			for _, n := range sizes[1:] {
				all = append(all, costs(benchmark{ofSize(scenario, n), callers}, benchmark{ofSize(scenario, sizes[0]), callers}, 1.25))
			}
		}
	}
	return all
}
