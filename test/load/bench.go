package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// bench is one run of the program.
type bench struct {
	options
	crowd crowd
	// dir is where the run keeps its files.
	dir string
	// seed is the folder of the database that every round begins with a copy of.
	seed string
}

func (b *bench) run(ctx context.Context) (*report, error) {
	binary, err := os.Stat(b.server)
	if err != nil {
		return nil, err
	}
	if b.seed, err = seeded(ctx, b.server, b.crowd); err != nil {
		return nil, err
	}
	r := &report{options: b.options, binary: binary.Size()}
	if err := b.timeStarts(ctx, r); err != nil {
		return nil, err
	}
	for range b.rounds {
		measured, err := b.round(ctx)
		if err != nil {
			return nil, err
		}
		r.rounds = append(r.rounds, measured)
	}
	return r, sound(ctx, b.server, b.serverFolder())
}

func (b *bench) serverFolder() string    { return filepath.Join(b.dir, "server") }
func (b *bench) statementFolder() string { return filepath.Join(b.dir, "statement") }

// serve starts the server on a folder, waits until it is ready, and answers its address.
func serve(ctx context.Context, server, folder string) (*process, string, error) {
	p, err := start(ctx, server, "serve", "--listen", "127.0.0.1:0", "--data", folder, "--app-id", appID,
		"--access-token", accessToken, "--rate-limit", "0", "--log-level", "warn")
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

func (b *bench) timeStarts(ctx context.Context, r *report) error {
	if err := copyDatabase(b.seed, b.serverFolder()); err != nil {
		return err
	}
	for range b.starts {
		begin := time.Now()
		p, _, err := serve(ctx, b.server, b.serverFolder())
		if err != nil {
			return err
		}
		r.starts = append(r.starts, time.Since(begin).Seconds()*1000)
		memory, err := memoryMB(p.pid())
		if err = errors.Join(err, p.stop()); err != nil {
			return err
		}
		r.memory = append(r.memory, memory)
	}
	return nil
}

// round measures everything once, on fresh copies of the database.
func (b *bench) round(ctx context.Context) (measured round, err error) {
	c, err := b.field(ctx)
	defer func() { err = errors.Join(err, c.stop()) }()
	if err != nil {
		return nil, err
	}
	heats := b.heats(c)
	for _, h := range heats {
		if h.warming {
			if _, err := h.measure(b.window / 5); err != nil {
				return nil, fmt.Errorf("warming up %s: %w", h.name, err)
			}
		}
	}
	measured = round{}
	for _, h := range heats {
		m, err := h.measure(b.window)
		if err != nil {
			return nil, fmt.Errorf("%s with %d connections: %w", h.name, h.callers, err)
		}
		measured[h.contest] = m
	}
	return measured, nil
}
