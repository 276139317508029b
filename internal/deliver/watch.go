package deliver

import (
	"context"
	"time"

	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// idle is how often the database is asked when nothing says that there is something new.
const idle = time.Second

// watch says when to look for what is due, so that a server that has nothing to deliver leaves its database alone.
type watch struct {
	// commits is [Options.Commits].
	commits func() (count int64, all bool)
	// created returns how many subscriptions this process has made.
	created func() int64

	last   moment // that of the last look
	isNone bool   // whether there was no subscription then
}

// moment is what tells that something may have come.
type moment struct {
	at                     time.Time
	commits, second, hooks int64
}

// mayHave reports whether something may be due that was not at the last look, at a Unix second. If so, this is a look.
func (w *watch) mayHave(second int64) bool {
	now := moment{at: time.Now(), second: second, hooks: w.created()}
	var isAll, may bool
	now.commits, isAll = w.commits()
	switch {
	case now.at.Sub(w.last.at) >= idle: // another process may have written, or the database has failed meanwhile
		may = true
	case isAll: // retries are due at whole seconds
		may = now.commits != w.last.commits || now.second != w.last.second
	default:
		may = !w.isNone || now.hooks != w.last.hooks
	}
	if may {
		w.last = now
	}
	return may
}

// look returns the subscriptions that have something to deliver.
func (d *Deliverer) look(ctx context.Context, w *watch) ([]webhook.Ref, error) {
	return workspace.Read(ctx, d.Webhooks.Store, func(r webhook.Reader) ([]webhook.Ref, error) {
		w.isNone = false
		due, err := r.DueWebhooks(d.Lobby.Unix(), maxServed)
		if _, isAll := w.commits(); isAll || err != nil || len(due) > 0 {
			return due, err
		}
		has, err := r.HasWebhooks()
		w.isNone = !has && err == nil
		return nil, err
	})
}
