package sqlstore

import (
	"context"
	"time"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Option changes how a store is opened.
type Option func(*options)

type options struct {
	sqlengine.Options
	formatPhone func(string) string // nil for none
	// holder is for what an embedded database is locked until the store is closed; empty when it is not.
	holder sqlengine.Holder
	// copies says that an embedded database is copied before migrations change it.
	copies bool
	index  *peopleIndex
	left   *sqlengine.Leftovers
	people *personCache
}

// WithoutCopy leaves out the copy that is made of an embedded database before migrations change it.
func WithoutCopy() Option { return copying(false) }

func copying(is bool) Option { return func(to *options) { to.copies = is } }

// Serving locks the folder of an embedded database until the store is closed. Opening returns a LockedError when another
// process has it. The store fails when its files are removed or replaced.
func Serving() Option { return func(to *options) { to.holder = sqlengine.ServerHolder } }

// Alone is Serving for a command that must not run beside a server.
func Alone() Option { return func(to *options) { to.holder = sqlengine.CommandHolder } }

// WithObserver has a store tell o what it does. Without it, background failures go to slog's default logger.
func WithObserver(o sqlengine.Observer) Option { return func(to *options) { to.Observer = o } }

// WithReaders sets how many reads of the embedded database may run at once; 0 leaves the default.
func WithReaders(n int) Option { return func(to *options) { set(&to.Readers, n) } }

// WithPageCache sets how many bytes of pages each connection to the embedded database keeps; 0 leaves the default.
func WithPageCache(bytes int64) Option { return func(to *options) { set(&to.PageCache, bytes) } }

// WithMaxConns sets the size of the pool of connections to PostgreSQL; 0 leaves it to the URL.
func WithMaxConns(n int) Option { return func(to *options) { set(&to.MaxConns, n) } }

// WithTimeout sets how long a transaction on PostgreSQL may take unless its context has a deadline; 0 is no limit.
func WithTimeout(d time.Duration) Option { return func(to *options) { to.Timeout = d } }

// WithPhoneFormat has a store keep the E.164 form of each phone number: format returns it, or "" for a number that has none.
// Without this option no number has that form. A database with numbers that are still to get it cannot be opened then.
func WithPhoneFormat(format func(string) string) Option {
	return func(to *options) { to.formatPhone = format }
}

func set[T int | int64](to *T, v T) {
	if v > 0 {
		*to = v
	}
}

// opened returns the options of a store.
func opened(all []Option) options {
	o := options{Options: sqlengine.Defaults(), index: newPeopleIndex(), left: new(sqlengine.Leftovers), people: newPersonCache()}
	o.Owner = func(ctx context.Context) string { return string(workspace.Of(ctx)) }
	o.Follower = func(changes []any) {
		o.index.follow(changes)
		followRows(o.people, changes)
	}
	o.Writing = writingPeople(o.people)
	for _, option := range all {
		option(&o)
	}
	return o
}
