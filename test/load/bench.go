package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// bench is one run of the program.
type bench struct {
	options
	data dataset
	// dir is the folder for the files of the run.
	dir string
	// seed is the folder of the database that every round copies.
	seed string
}

func (b *bench) run(ctx context.Context, out io.Writer) (err error) {
	hasVisitors := b.people > 0 && len(withNames(scenarios(b.data), b.scenarios)) > 0
	var postgres *postgresServer
	hasTalks := b.base == "" && len(b.conversations) > 0 && len(withNames(conversationScenarios(1), b.scenarios)) > 0
	if slices.Contains(b.databases, "postgres") && (len(b.contacts) > 0 || hasTalks || hasVisitors && b.base != "") {
		if postgres, err = startCluster(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, postgres.stop()) }()
	}
	var measures []func() (*report, error)
	switch {
	case hasVisitors && b.base == "":
		measures = append(measures, func() (*report, error) { return b.visitors(ctx) })
	case hasVisitors:
		for _, database := range b.databases {
			measures = append(measures, func() (*report, error) { return b.compareVisitors(ctx, database, postgres) })
		}
	}
	contacts := b.contactReport
	if b.base != "" {
		contacts = b.compareContacts
	}
	for _, database := range b.databases {
		for _, n := range b.contacts {
			measures = append(measures, func() (*report, error) { return contacts(ctx, database, n, postgres) })
		}
	}
	for _, database := range b.databases {
		if hasTalks {
			measures = append(measures, func() (*report, error) { return b.conversationReport(ctx, database, postgres) })
		}
	}
	var reports []*report
	for _, measure := range measures {
		r, err := measure()
		if err != nil {
			return err
		}
		if err := r.print(out); err != nil {
			return err
		}
		reports = append(reports, r)
	}
	return b.figures(reports).save(b.save)
}

// visitors measures the scenarios with visitors.
func (b *bench) visitors(ctx context.Context) (*report, error) {
	binary, err := os.Stat(b.server)
	if err != nil {
		return nil, err
	}
	if b.seed, err = seeded(ctx, b.server, b.data.population()); err != nil {
		return nil, err
	}
	r := &report{title: fmt.Sprintf("%d visitors, %d users on SQLite", b.people, b.data.users()), options: b.options}
	r.names = namesOf(scenarios(b.data))
	r.names = slices.Insert(r.names, slices.Index(r.names, "put"), bareHandler, oneByOne, grouped)
	r.names = slices.Insert(r.names, slices.Index(r.names, "ping"), bareForm, groupedInserts)
	r.ratios = visitorRatios(b.connections)
	starts, err := b.timeStarts(ctx)
	if err != nil {
		return nil, err
	}
	r.notes = fmt.Sprintf("binary %.1f MB; ready after %.0f ms; %.0f MB of memory when ready\n",
		float64(binary.Size())/1e6, median(starts.took), median(starts.memory))
	for range b.rounds {
		measured, err := b.round(ctx)
		if err != nil {
			return nil, err
		}
		r.rounds = append(r.rounds, measured)
	}
	return r, command(ctx, b.server, "fsck", inFolder(b.serverFolder()))
}

func (b *bench) serverFolder() string { return filepath.Join(b.dir, "server") }

func (b *bench) statementFolder() string { return filepath.Join(b.dir, "statement") }

// serve starts the server on a database, waits until it is ready, and returns its address.
func serve(ctx context.Context, server string, at databaseFlags) (*process, string, error) {
	p, err := start(ctx, server, append([]string{
		"serve", "--listen", "127.0.0.1:0", "--app-id", appID,
		"--access-token", accessToken, "--rate-limit", "0", "--log-level", "warn",
	}, at...)...)
	if err != nil {
		return nil, "", err
	}
	address, err := p.address()
	for err == nil {
		var answer *http.Response
		if answer, err = http.Get("http://" + address + "/readyz"); err != nil {
			break
		}
		answer.Body.Close() //nolint:errcheck // only the status matters
		if answer.StatusCode == http.StatusOK {
			return p, address, nil
		}
		time.Sleep(time.Millisecond)
	}
	return nil, "", errors.Join(err, p.stop())
}

// starts has the measurements of some starts.
type starts struct {
	took   []float64 // milliseconds
	memory []float64 // megabytes when ready
}

func (b *bench) timeStarts(ctx context.Context) (all starts, err error) {
	if err := copyDatabase(b.seed, b.serverFolder()); err != nil {
		return all, err
	}
	for range b.starts {
		begin := time.Now()
		p, _, err := serve(ctx, b.server, inFolder(b.serverFolder()))
		if err != nil {
			return all, err
		}
		all.took = append(all.took, time.Since(begin).Seconds()*1000)
		memory, err := memoryMB(p.pid())
		if err = errors.Join(err, p.stop()); err != nil {
			return all, err
		}
		all.memory = append(all.memory, memory)
	}
	return all, nil
}

// round measures everything once, on fresh copies of the database.
func (b *bench) round(ctx context.Context) (measured round, err error) {
	f, err := b.startAll(ctx)
	defer func() { err = errors.Join(err, f.stop()) }()
	if err != nil {
		return nil, err
	}
	return measure(b.trials(f), b.window)
}
