package sqlstore

import "context"

// Statements has a store count what it runs from now on.
func (s *Store) Statements() *Statements {
	counted := new(Statements)
	s.engine = countingEngine{s.engine, counted}
	return counted
}

// Statements is what a store ran: transactions that read, those that wrote, and the statements within them.
type Statements struct{ Reads, Writes, Statements int }

type countingEngine struct {
	engine
	counted *Statements
}

func (e countingEngine) read(ctx context.Context, fn func(session) error) error {
	e.counted.Reads++
	return e.engine.read(ctx, func(on session) error { return fn(countingSession{on, e.counted}) })
}

func (e countingEngine) write(ctx context.Context, fn func(session) error) error {
	e.counted.Writes++
	return e.engine.write(ctx, func(on session) error { return fn(countingSession{on, e.counted}) })
}

type countingSession struct {
	session
	counted *Statements
}

func (s countingSession) query(sql string, args []any, each func(row) error) error {
	s.counted.Statements++
	return s.session.query(sql, args, each)
}

func (s countingSession) exec(sql string, args []any) error {
	s.counted.Statements++
	return s.session.exec(sql, args)
}

func (s countingSession) insert(sql string, args []any) (bool, error) {
	s.counted.Statements++
	return s.session.insert(sql, args)
}
