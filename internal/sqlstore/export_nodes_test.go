package sqlstore

import (
	"context"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// FailWhere makes the writes of a workspace return err from now on, as when its node of a cluster is away.
func (s *Store) FailWhere(ws workspace.ID, err error) {
	if failing, ok := s.engine.(failingEngine); ok {
		s.engine = failing.Engine
	}
	s.engine = failingEngine{s.engine, string(ws), err}
}

type failingEngine struct {
	sqlengine.Engine
	workspace string
	err       error
}

func (e failingEngine) Write(ctx context.Context, fn func(sqlengine.Session) error) error {
	return e.Engine.Write(ctx, func(on sqlengine.Session) error { return fn(failingSession{on, e}) })
}

type failingSession struct {
	sqlengine.Session
	engine failingEngine
}

func (s failingSession) Exec(sql string, args []any) error {
	_, err := s.Insert(sql, args)
	return err
}

func (s failingSession) Insert(sql string, args []any) (bool, error) {
	if s.engine.err != nil && len(args) > 0 && args[0] == s.engine.workspace {
		return false, s.engine.err
	}
	return s.Session.Insert(sql, args)
}

// Tables returns the names of all tables.
func (s *Store) Tables(ctx context.Context) (all []string, err error) {
	err = s.read(ctx, func(on sqlengine.Session) (err error) {
		all, err = sqlengine.FirstColumn(on, sqlengine.TableLists[s.engine.Dialect().Name])
		return err
	})
	return all, err
}
