package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/datafolder"
)

// restore makes a backup the embedded database. Of PostgreSQL it names the command, and keeps the list of erasures.
func (p *program) restore(ctx context.Context) error {
	cfg, words, err := p.options(config.Store, 1, ownOption{name: "--forget"})
	if err != nil {
		return err
	}
	forget := p.has("--forget")
	switch {
	case forget && len(words) == 0 && cfg.Database == "":
		return p.forgetReplaced(cfg)
	case forget:
		return usage("--forget stands alone: it deletes the data that an earlier lobby restore replaced")
	case len(words) == 0:
		return usage("say what to restore: lobby restore FILE")
	case cfg.Database != "":
		return p.restorePostgres(ctx, cfg, words[0])
	}
	done, err := app.Restore(ctx, cfg.Data, words[0])
	if err != nil {
		return restoreMistake(err, words[0])
	}
	for _, f := range done.Findings {
		p.warn("in the backup: " + f.String())
	}
	fmt.Fprintf(p.stdout, "%s is now the database in %s; %d people in it had been erased since and are erased again\n", words[0], cfg.Data, done.Erased)
	if done.Aside != "" {
		fmt.Fprintf(p.stdout, "what was there before is in %s; lobby restore --forget deletes it\n", done.Aside)
	}
	return nil
}

func restoreMistake(err error, file string) error {
	if errors.Is(err, fs.ErrNotExist) {
		return usage("there is no file %s", file)
	}
	return usageError{fmt.Errorf("cannot restore %s: %w", file, err)}
}

func (p *program) forgetReplaced(cfg config.Config) error {
	if err := mustExist(cfg); err != nil {
		return err
	}
	n, err := datafolder.ForgetReplaced(cfg.Data)
	if err == nil {
		fmt.Fprintf(p.stdout, "%d replaced databases deleted\n", n)
	}
	return err
}

// restorePostgres is called before and after pg_restore: it saves the list of erasures beside the file, and erases in the
// database who is on it.
func (p *program) restorePostgres(ctx context.Context, cfg config.Config, file string) error {
	store, err := app.Open(ctx, cfg)
	if err != nil {
		return usageError{err}
	}
	list := file + ".erasures"
	erased, err := store.AgreeOnErasures(ctx, list)
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, `%d people in the database had been erased before and are erased again; the list of erasures is %s
To restore, stop every server, make an empty database, and fill it:
  pg_restore --no-owner --single-transaction --dbname='%s' %s
Then run this command once more, before a server starts.
`, erased, list, withoutPassword(cfg.Database), quoted(file))
	return nil
}
