package sqlstore

import (
	"context"

	"lobby/internal/sqlengine"
)

// Statements has a store count what it runs from now on.
func (s *Store) Statements() *Statements {
	counted := new(Statements)
	s.engine = countingEngine{s.engine, counted}
	return counted
}

// Statements is what a store ran: transactions that read, those that wrote, and the statements within them.
type Statements struct{ Reads, Writes, Statements int }

type countingEngine struct {
	sqlengine.Engine
	counted *Statements
}

func (e countingEngine) Read(ctx context.Context, fn func(sqlengine.Session) error) error {
	e.counted.Reads++
	return e.Engine.Read(ctx, func(on sqlengine.Session) error { return fn(countingSession{on, e.counted}) })
}

func (e countingEngine) Write(ctx context.Context, fn func(sqlengine.Session) error) error {
	e.counted.Writes++
	return e.Engine.Write(ctx, func(on sqlengine.Session) error { return fn(countingSession{on, e.counted}) })
}

type countingSession struct {
	sqlengine.Session
	counted *Statements
}

func (s countingSession) Query(sql string, args []any, each func(sqlengine.Row) error) error {
	s.counted.Statements++
	return s.Session.Query(sql, args, each)
}

func (s countingSession) Exec(sql string, args []any) error {
	s.counted.Statements++
	return s.Session.Exec(sql, args)
}

func (s countingSession) Insert(sql string, args []any) (bool, error) {
	s.counted.Statements++
	return s.Session.Insert(sql, args)
}
