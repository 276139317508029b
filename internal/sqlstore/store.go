package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lobby/internal/census"
	"lobby/internal/erasure"
	"lobby/internal/people"
	"lobby/internal/rowcache"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Store is people.Store over one database.
type Store struct {
	engine  sqlengine.Engine
	limits  limits
	touches *touches
	// observer learns of the background failures that no caller sees.
	observer    sqlengine.Observer
	formatPhone func(string) string // nil for none
	census      census.Census[Counts]
	kind        string
	erasures    erasure.List
	knows       int64        // number of the newest migration of this program
	copy        string       // file, made before a migration; empty for none
	index       *peopleIndex // nil where search keys are kept
	people      *personCache // nil where several servers share the database
	// committed is told of the entries of the outbox that a transaction of this store wrote; nil for nobody.
	committed   func([]*workspace.OutboxEntry)
	wipes       wipes
	definitions definitionCache
	schema      sqlengine.Schema
	left        *sqlengine.Leftovers
}

var _ people.Store = (*Store)(nil)

// Read implements people.Store.
func (s *Store) Read(ctx context.Context, fn func(people.Reader) error) error {
	t := s.reader()
	once := func() error {
		return s.read(ctx, func(on sqlengine.Session) error {
			reader := t
			reader.Session, reader.definitions, reader.cached = on, &definitionView{cache: &s.definitions}, s.people.View()
			defer reader.definitions.publish()
			return fn(&reader)
		})
	}
	err := once()
	if errors.Is(err, errAwaitIndex) {
		done, err := s.index.await(ctx)
		if err != nil {
			return err
		}
		defer done()
		t.mayScan = true
		return once()
	}
	return err
}

// reader returns what a reader knows before it has a session. What is left to be done is known earlier than what is seen.
func (s *Store) reader() tx {
	return tx{
		dialect: s.engine.Dialect(), limits: s.limits, touches: s.touches, formatPhone: s.formatPhone, index: s.index, left: s.left.Names(),
	}
}

// Write implements people.Store.
func (s *Store) Write(ctx context.Context, fn func(people.Writer) error) error {
	return s.transact(ctx, func(t *tx) error { return fn(t) })
}

// transact runs fn in a durable transaction, perhaps more than once. Those whom it erased are then on the list beside the
// database, too.
func (s *Store) transact(ctx context.Context, fn func(*tx) error) error {
	d := s.engine.Dialect()
	fn, logged := logging(ctx, fn)
	var erased []Erasure
	var emitted []*workspace.OutboxEntry
	var view *definitionView
	left, mayHaveKeys := s.left.Names(), false
	err := s.write(ctx, func(on sqlengine.Session) error {
		defer func() { mayHaveKeys = true }() // one that is there lets the first run fail
		erased, emitted, view = nil, nil, &definitionView{cache: &s.definitions}
		return fn(&tx{
			Session: on, lock: d.Locks, dialect: d, limits: s.limits, touches: s.touches, formatPhone: s.formatPhone, erased: &erased,
			emitted: &emitted, index: s.index, mayScan: true, definitions: view, left: left, mayHaveKeys: mayHaveKeys || left[searchKeysLeft],
			cache: s.people,
		})
	})
	if err != nil {
		return err
	}
	logged()
	if s.committed != nil && len(emitted) > 0 {
		s.committed(emitted)
	}
	view.publish()
	if err := s.erasures.Add(erased); err != nil {
		s.observer.BackgroundFailed("erasures", err)
	}
	return nil
}

// read runs fn on one consistent view.
func (s *Store) read(ctx context.Context, fn func(sqlengine.Session) error) error {
	return translated(s.engine.Read(ctx, fn))
}

// write runs fn in a durable transaction, perhaps more than once.
func (s *Store) write(ctx context.Context, fn func(sqlengine.Session) error) error {
	return translated(s.engine.Write(ctx, fn))
}

// translations are the errors of the engine, and what they are called in the use cases.
var translations = []struct{ from, to error }{
	{sqlengine.ErrUnknownOutcome, workspace.ErrUnknownOutcome},
	{sqlengine.ErrUnavailable, workspace.ErrUnavailable},
	{sqlengine.ErrTaken, workspace.ErrTaken},
}

// translatedError is an error of the engine that also is one of workspace.
type translatedError struct {
	error
	is error
}

// Unwrap returns the errors that it is.
func (e translatedError) Unwrap() []error { return []error{e.is, e.error} }

// translated returns err as an error that the use cases know, when it is one of the engine's.
func translated(err error) error {
	if err == nil {
		return nil
	}
	for _, t := range translations {
		if errors.Is(err, t.from) {
			return translatedError{err, t.to}
		}
	}
	return err
}

// E164 implements people.Store.
func (s *Store) E164(phone string) string { return (&tx{formatPhone: s.formatPhone}).e164(phone) }

// Workspaces implements people.Store.
func (s *Store) Workspaces() workspace.Store { return workspaces{s} }

// workspaces is workspace.Store over the same database.
type workspaces struct{ *Store }

// Read implements workspace.Store.
func (s workspaces) Read(ctx context.Context, fn func(workspace.Reader) error) error {
	return s.Store.Read(ctx, func(r people.Reader) error { return fn(r.(*tx)) })
}

// Write implements workspace.Store.
func (s workspaces) Write(ctx context.Context, fn func(workspace.Writer) error) error {
	return s.Store.Write(ctx, func(w people.Writer) error { return fn(w.(*tx)) })
}

// Purge implements people.Store.
func (s *Store) Purge(ctx context.Context, patience time.Duration) bool {
	return s.engine.Purge(ctx, patience)
}

// schemaPatience is how long Ready waits to read the schema. Where all connections are busy, readiness does not depend on it.
const schemaPatience = 500 * time.Millisecond

// Ready implements people.Store. A database whose schema a newer Lobby has changed is not ready for this one.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.engine.Ready(ctx); err != nil {
		return translated(err)
	}
	ctx, stop := context.WithTimeout(ctx, schemaPatience)
	defer stop()
	has, err := s.Schema(ctx)
	if err != nil || has <= s.knows {
		return nil
	}
	return fmt.Errorf("%w: it has schema %d, this one knows %d: %w", sqlengine.ErrNewer, has, s.knows, workspace.ErrUnavailable)
}

// Failed returns a channel that is closed when a commit has failed in a way that leaves what is on disk unknown. The
// process should then end, and a new one reads the file again.
func (s *Store) Failed() <-chan struct{} { return s.engine.Failed() }

// Close writes the waiting touches, waits for the writes under way and closes the database.
func (s *Store) Close() error {
	s.index.close()
	return errors.Join(s.touches.Close(), s.engine.Close())
}

// WhenIndexed has do called whenever the index of people was filled, with the bytes that it takes. It must come before
// IndexPeople and before the first search.
func (s *Store) WhenIndexed(do func(bytes int)) {
	if s.index != nil {
		s.index.whenFilled = do
	}
}

// WhenCommitted has do called with the entries of the outbox that a write of this store has committed. It must come before
// the first write, and do must return soon, because the write waits for it.
func (s *Store) WhenCommitted(do func([]*workspace.OutboxEntry)) { s.committed = do }

// IndexPeople begins to read all people into memory, which makes searches fast. On PostgreSQL it does nothing. Without it
// the first search begins.
func (s *Store) IndexPeople() {
	if s.index != nil {
		s.index.begin()
	}
}

// tx is people.Reader and people.Writer on one transaction.
type tx struct {
	sqlengine.Session
	lock        bool // whether look-ups lock what they find
	dialect     sqlengine.Dialect
	limits      limits
	touches     *touches
	formatPhone func(string) string // nil for none
	erased      *[]Erasure          // those whom the transaction has erased; nil on a reader
	// emitted are the entries of the outbox that the transaction wrote; nil on a reader.
	emitted     *[]*workspace.OutboxEntry
	index       *peopleIndex // nil for none
	mayScan     bool         // whether all people may be read while an index is filled
	noted       int          // how many changes of people the index was told of
	args        []any        // of the last insert of a person, for the next one
	found       found
	definitions *definitionView               // nil where nothing is cached
	left        map[string]bool               // the backfills that are not done
	mayHaveKeys bool                          // whether search keys that are written may be there
	cache       *personCache                  // of a writer; nil for none
	cached      *rowcache.View[people.Person] // of a reader; nil for none
}

var (
	_ people.Writer    = (*tx)(nil)
	_ workspace.Writer = (*tx)(nil)
)

// Unlocked implements people.Writer.
func (t *tx) Unlocked() people.Reader {
	unlocked := *t
	unlocked.lock, unlocked.found = false, found{}
	return &unlocked
}
