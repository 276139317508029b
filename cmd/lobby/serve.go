package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// collectAt is how much the heap may grow before it is collected, in per cent. What lives on is a few megabytes, and each
// request leaves a few kilobytes: collecting more often would cost a tenth of the processor to save memory nobody misses.
const collectAt = 400

// usualHeap is about what lives on besides an index of people, in bytes.
const usualHeap = 32 << 20

// collectBeside returns collectAt for a heap that has an index of people, too: the index is no reason for more garbage.
func collectBeside(index int) int {
	return int(int64(collectAt) * usualHeap / (usualHeap + int64(index)))
}

// collectLess sets collectAt, unless the environment says otherwise.
func (p *program) collectLess() (isOurs bool) {
	if isOurs = p.getenv("GOGC") == ""; isOurs {
		debug.SetGCPercent(collectAt)
	}
	return isOurs
}

// serve runs the server until it is told to stop.
func (p *program) serve(ctx context.Context) (err error) {
	isOurs := p.collectLess()
	cfg, _, err := p.options(config.Serve, 0)
	if err != nil {
		return err
	}
	// The port comes first: when it is taken, nothing has been created yet.
	listener, admin, err := listen(cfg, p.getenv)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // it is closed already when the server has stopped
	if admin != nil {
		defer admin.Close() //nolint:errcheck // as above
	}
	// A log that nobody reads any more is no reason to end.
	signal.Ignore(syscall.SIGPIPE)
	log, endLog := newLog(p.stderr, cfg)
	defer endLog()
	all, err := app.New(ctx, app.Options{
		Config: cfg, Version: buildVersion(), Differing: config.Differing(config.Serve, p.args, p.getenv), Log: log, Admin: admin,
	})
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, all.Close()) }()
	w, err := firstStart(ctx, cfg, all.Lobby)
	if err != nil {
		return err
	}
	if err := all.BeginTest(ctx, w.workspace.ID); err != nil {
		return usage("--seed: %s", err)
	}
	for _, text := range append(config.Unheeded(config.Serve, p.args, p.getenv, p.environ()), unheededAtStart(ctx, cfg, all.Lobby, w)...) {
		log.Warn(text)
	}
	w.listenAt(listener, cfg)
	if cfg.Pages {
		if w.setup, err = all.Accounts.SetupLink(ctx); err != nil {
			return err
		}
	}
	w.hasPages, w.newToken = cfg.Pages, tokenCommand(cfg, w.workspace.ID)
	if isOurs {
		all.Store.WhenIndexed(func(bytes int) {
			debug.SetGCPercent(collectBeside(bytes))
			debug.FreeOSMemory() // what filling it has left
		})
	}
	fmt.Fprintf(p.stdout, "listening on %s\n", urlOf(listener, schemeOf(cfg)))
	if admin != nil {
		fmt.Fprintf(p.stdout, "metrics and probes on %s\n", urlOf(admin, "http"))
	}
	w.print(p.stdout)
	defer removeStartFiles(cfg)
	if err := writeStartFiles(cfg, listener, w); err != nil {
		return err
	}
	return all.Serve(ctx, listener)
}

// firstStart makes the first workspace when there is none, and returns what there is to say about it.
func firstStart(ctx context.Context, cfg config.Config, lobby *people.Lobby) (w welcome, err error) {
	all, created, err := lobby.FirstWorkspace(ctx, workspace.Draft{
		ID: workspace.ID(cfg.AppID), AccessToken: cfg.AccessToken,
	})
	if err != nil {
		return w, err
	}
	w = welcome{workspace: all[0], created: created}
	if created != nil && cfg.AccessToken == "" && !cfg.Test {
		// Somebody is trying Lobby by hand: the printed lines need a visitor to talk about.
		w.visitor, err = lobby.CreateVisitor(ctx, all[0].Caller(), &people.Person{})
	}
	return w, err
}

// tokenCommand is what makes a token for a workspace, or who can: what is in memory, no other program reaches.
func tokenCommand(cfg config.Config, app workspace.ID) string {
	switch {
	case cfg.Ephemeral:
		return "the one of --access-token"
	case cfg.Database != "":
		return "lobby token create " + string(app) + " --database …"
	}
	return "lobby token create " + string(app) + " --data " + quoted(cfg.Data)
}

// quoted is a word for a shell.
func quoted(word string) string {
	if plain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

var plain = regexp.MustCompile(`^[\w./:@%+=-]+$`)

// unheededAtStart says which options had an effect on the first start only, and would have another now.
func unheededAtStart(ctx context.Context, cfg config.Config, lobby *people.Lobby, w welcome) (all []string) {
	if w.created != nil {
		return nil
	}
	if cfg.AppID != "" && cfg.AppID != string(w.workspace.ID) {
		all = append(all, fmt.Sprintf("--app-id or LOBBY_APP_ID has no effect after the first start: the first workspace is %s; "+
			"lobby workspace create makes another", w.workspace.ID))
	}
	if cfg.AccessToken != "" {
		if _, _, err := lobby.Authenticate(ctx, cfg.AccessToken); errors.Is(err, workspace.ErrTokenNotFound) {
			all = append(all, "--access-token or LOBBY_ACCESS_TOKEN has no effect after the first start: no token has it; "+
				"lobby token create makes one")
		}
	}
	return all
}
