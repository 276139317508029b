package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"time"
	_ "time/tzdata" // for machines without time zones of their own

	"lobby/internal/api"
	"lobby/internal/config"
	"lobby/internal/enrich"
	"lobby/internal/httpserver"
	"lobby/internal/messenger"
	"lobby/internal/metrics"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
)

// collectAt is how much the heap may grow before it is collected, in per cent. What lives on is a few megabytes, and each
// request leaves a few kilobytes: collecting more often would cost a tenth of the processor to save memory nobody misses.
const collectAt = 400

// serve runs the server until it is told to stop.
func (p *program) serve(ctx context.Context) (err error) {
	cfg, _, err := p.options(config.Serve, 0)
	if err != nil {
		return err
	}
	// The port comes first: when it is taken, nothing has been created yet.
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return usage("cannot listen on %s: %s", cfg.Listen, cause(err))
	}
	defer listener.Close() //nolint:errcheck // it is closed already when the server has stopped
	places, err := openPlaces(cfg)
	if err != nil {
		return err
	}
	store, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	lobby := people.New(store, enrich.PseudonymFrom)
	all, created, err := lobby.FirstWorkspace(ctx, people.NewWorkspace{
		ID: people.WorkspaceID(cfg.AppID), AccessToken: cfg.AccessToken,
	})
	if err != nil {
		return err
	}
	w := welcome{address: address(listener, cfg), workspace: all[0], created: created}
	if created != nil && cfg.AccessToken == "" {
		// Somebody is trying Lobby by hand: the printed lines need a visitor to talk about.
		if w.visitor, err = lobby.CreateVisitor(ctx, all[0].Caller(), &people.Person{}); err != nil {
			return err
		}
	}
	if p.getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	fmt.Fprintf(p.stdout, "listening on http://%s\n", listener.Addr())
	w.print(p.stdout)
	return run(ctx, cfg, lobby, store, places, listener, logger(p.stderr, cfg))
}

// run serves until ctx ends or the store has failed for good.
func run(
	ctx context.Context, cfg config.Config, lobby *people.Lobby, store *sqlstore.Store, places *enrich.Places, l net.Listener,
	log *slog.Logger,
) error {
	server := httpserver.New(httpserver.Options{
		API: api.New(api.Options{Lobby: lobby, PublicURL: cfg.PublicURL, RateLimit: cfg.RateLimit, Stage: stage, Log: log}),
		Messenger: messenger.New(messenger.Options{
			Lobby: lobby, PublicURL: cfg.PublicURL, Places: places, TrustedProxies: cfg.TrustedProxies,
			Unlimited: cfg.RateLimit == 0, Log: log,
		}),
		Ready:   store.Ready,
		Metrics: metrics.New(buildVersion()),
		Log:     log,
	})
	ctx, stop := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-store.Failed():
			stop(people.ErrUnknownOutcome)
		case <-ctx.Done():
		}
	}()
	var workers sync.WaitGroup
	defer workers.Wait()
	defer stop(nil)
	workers.Go(func() { sweepHourly(ctx, lobby, log) })
	if places != nil {
		workers.Go(func() {
			places.Watch(ctx, time.Minute, func(err error) { log.ErrorContext(ctx, "the file of places cannot be read", "error", err) })
		})
	}
	if err := server.Serve(ctx, l); err != nil {
		return err
	}
	if cause := context.Cause(ctx); errors.Is(cause, people.ErrUnknownOutcome) {
		return fmt.Errorf("a commit failed: %w; start again to find out what was kept", cause)
	}
	return nil
}

// openPlaces opens the file that says where addresses are, if there is to be one.
func openPlaces(cfg config.Config) (*enrich.Places, error) {
	if cfg.GeoIP == "" {
		return nil, nil
	}
	places, err := enrich.OpenPlaces(cfg.GeoIP)
	if err != nil {
		return nil, usage("--geoip: %s", err)
	}
	return places, nil
}

// stage is where the examples of the API's description are played.
func stage(ctx context.Context) (people.Store, error) { return sqlstore.OpenMemory(ctx) }

func logger(w io.Writer, cfg config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// address is where people are told to find the server.
func address(l net.Listener, cfg config.Config) string {
	if cfg.PublicURL != "" {
		return cfg.PublicURL
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// cause strips what an operator knows already from a network error.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
