package sqlstore

import (
	"context"
	"errors"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// Store is people.Store over one database.
type Store struct {
	engine  engine
	few     few
	touches touches
	// observer learns of the background failures that no caller sees.
	observer observer
	census   census
	kind     string
}

var _ people.Store = (*Store)(nil)

// Read implements people.Store.
func (s *Store) Read(ctx context.Context, fn func(people.Reader) error) error {
	return s.read(ctx, func(on session) error {
		return fn(&tx{session: on, dialect: s.engine.dialect(), few: s.few, touches: &s.touches})
	})
}

// Write implements people.Store.
func (s *Store) Write(ctx context.Context, fn func(people.Writer) error) error {
	d := s.engine.dialect()
	return s.write(ctx, func(on session) error {
		return fn(&tx{session: on, lock: d.locks, dialect: d, few: s.few, touches: &s.touches})
	})
}

// read runs fn on one consistent view.
func (s *Store) read(ctx context.Context, fn func(session) error) error {
	return translated(s.engine.read(ctx, fn))
}

// write runs fn in a durable transaction, perhaps more than once.
func (s *Store) write(ctx context.Context, fn func(session) error) error {
	return translated(s.engine.write(ctx, fn))
}

// translations are the errors of the engine and what they mean to the use cases.
var translations = []struct{ from, to error }{
	{errUnknownOutcome, workspace.ErrUnknownOutcome},
	{errUnavailable, workspace.ErrUnavailable},
	{errTaken, workspace.ErrTaken},
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

// Ready implements people.Store.
func (s *Store) Ready(ctx context.Context) error { return translated(s.engine.ready(ctx)) }

// Failed is closed when a commit has failed in a way that leaves what is on disk unknown. The process should then end: a
// new one reads from the file what is true.
func (s *Store) Failed() <-chan struct{} { return s.engine.failed() }

// Close writes what was touched, waits for the writes under way and lets go of the database.
func (s *Store) Close() error { return errors.Join(s.stopFlushing(), s.engine.close()) }

// tx is people.Reader and people.Writer on one transaction.
type tx struct {
	session
	lock    bool // whether look-ups lock what they find
	dialect dialect
	few     few
	touches *touches
}

var (
	_ people.Writer    = (*tx)(nil)
	_ workspace.Writer = (*tx)(nil)
)

// Unlocked implements people.Writer.
func (t *tx) Unlocked() people.Reader {
	unlocked := *t
	unlocked.lock = false
	return &unlocked
}

