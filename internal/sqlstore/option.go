package sqlstore

import "lobby/internal/sqlengine"

// Option changes how a store is opened.
type Option func(*options)

type options struct {
	sqlengine.Options
	formatPhone func(string) string // nil for none
	index       *peopleIndex
}

// WithObserver has a store tell o what it does. Without it, background failures go to slog's default logger.
func WithObserver(o sqlengine.Observer) Option { return func(to *options) { to.Observer = o } }

// WithReaders sets how many reads of the embedded database may run at once; 0 leaves the default.
func WithReaders(n int) Option { return func(to *options) { set(&to.Readers, n) } }

// WithPageCache sets how many bytes of pages each connection to the embedded database keeps; 0 leaves the default.
func WithPageCache(bytes int64) Option { return func(to *options) { set(&to.PageCache, bytes) } }

// WithMaxConns sets the size of the pool of connections to PostgreSQL; 0 leaves it to the URL.
func WithMaxConns(n int) Option { return func(to *options) { set(&to.MaxConns, n) } }

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
	o := options{Options: sqlengine.Defaults(), index: newPeopleIndex()}
	o.Follower = o.index.follow
	for _, option := range all {
		option(&o)
	}
	return o
}
