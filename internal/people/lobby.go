package people

import (
	"context"
	"sync"
	"time"
)

// Lobby is the use cases over one [Store]. Clock and randomness are injected, so that every rule can be tested at any
// hour and every id can be foretold. A Lobby is safe for concurrent use and must not be copied.
type Lobby struct {
	Store Store
	// Now is the clock; only whole seconds are kept.
	Now func() time.Time
	// NewID makes the 24 hexadecimal digits of a new record; they begin with the given second, so ids sort by age.
	NewID func(at time.Time) string
	// NewUUID makes a version 4 UUID, the form of a visitor's user_id.
	NewUUID func() string
	// Secret makes an unguessable text of n letters and digits.
	Secret func(n int) string
	// Pseudonym names an anonymous person from its id and, when known, its city.
	Pseudonym func(id, city string) string

	// defined remembers, for the present second, attribute definitions seen in the store.
	defined sync.Map // attributeKey → knownAttribute
}

// now is the present in Unix seconds.
func (l *Lobby) now() int64 { return l.Now().Unix() }

// newID makes an id for a record created at the given Unix second.
func (l *Lobby) newID(at int64) string { return l.NewID(time.Unix(at, 0)) }

// read returns what fn reads in one consistent view.
func read[T any](ctx context.Context, l *Lobby, fn func(Reader) (T, error)) (result T, err error) {
	err = l.Store.Read(ctx, func(r Reader) (err error) {
		result, err = fn(r)
		return err
	})
	return result, err
}

// write returns what fn returns from one transaction, which is all or nothing; fn may run again from the start.
func write[T any](ctx context.Context, l *Lobby, fn func(Writer) (T, error)) (result T, err error) {
	err = l.Store.Write(ctx, func(w Writer) (err error) {
		result, err = fn(w)
		return err
	})
	return result, err
}
