package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"lobby/internal/config"
	"lobby/internal/datafolder"
)

const (
	// minPause is how often backups may be made at most.
	minPause = time.Second
	// usualKeep is how many backups are kept when --keep is not given.
	usualKeep = 8
)

var backupOptions = []ownOption{{name: "--every", value: "DURATION"}, {name: "--keep", value: "NUMBER"}}

// backup writes a copy of the embedded database, once or again and again. Of PostgreSQL it names the command.
func (p *program) backup(ctx context.Context) error {
	cfg, words, err := p.options(config.Store, 1, backupOptions...)
	if err != nil {
		return err
	}
	again, limited := p.has("--every"), p.has("--keep")
	switch {
	case len(words) == 0:
		return usage("say where to: lobby backup FILE, or lobby backup --every 6h --keep 8 FOLDER")
	case cfg.Database != "":
		return usage("people are kept in PostgreSQL, whose backup is: pg_dump --format=custom --file=%s --dbname='%s'",
			quoted(words[0]), withoutPassword(cfg.Database))
	case limited && !again:
		return usage("--keep goes with --every")
	}
	if err := mustExist(cfg); err != nil {
		return err
	}
	if !again {
		return backupMistake(datafolder.Backup(ctx, cfg.Data, words[0]), words[0])
	}
	every, kept := p.given["--every"], p.given["--keep"]
	pause, err := time.ParseDuration(every)
	if err != nil || pause < minPause {
		return usage("--every: %q is no duration of at least a second, such as 6h or 30m", every)
	}
	keep := usualKeep
	if limited {
		if keep, err = strconv.Atoi(kept); err != nil || keep < 1 {
			return usage("--keep: %q is not a number of backups from 1 on", kept)
		}
	}
	return p.backupEvery(ctx, cfg.Data, words[0], pause, keep)
}

// backupEvery makes a backup at once and after each pause, until ctx ends. One that fails is told, and the next is tried.
func (p *program) backupEvery(ctx context.Context, data, folder string, pause time.Duration, keep int) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return usageError{err}
	}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		to := filepath.Join(folder, datafolder.BackupName())
		err := datafolder.Backup(ctx, data, to)
		if err == nil {
			fmt.Fprintln(p.stdout, to)
			err = datafolder.Prune(folder, keep)
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			p.warn(fmt.Sprintf("the backup of %s failed: %s", time.Now().UTC().Format(time.DateTime), err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func backupMistake(err error, file string) error {
	if errors.Is(err, fs.ErrExist) {
		return usage("%s exists already: a backup overwrites nothing", file)
	}
	return err
}

// withoutPassword returns the address of a database without the secret in it.
func withoutPassword(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return "$LOBBY_DATABASE"
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	query := u.Query()
	if query.Has("password") {
		query.Del("password")
		u.RawQuery = query.Encode()
	}
	return u.String()
}
