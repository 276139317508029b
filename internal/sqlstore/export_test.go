package sqlstore

import (
	"cmp"
	"context"
	"time"

	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// SetLimits makes a store search as if there were more people than there are.
func (s *Store) SetLimits(candidates int64, matches int, ids int64) {
	s.limits = limits{candidates, matches, ids}
}

// Exec runs a statement.
func (s *Store) Exec(ctx context.Context, sql string, args ...any) error {
	return s.write(ctx, func(on sqlengine.Session) error { return on.Exec(sql, args) })
}

// Rows counts the rows of a table.
func (s *Store) Rows(ctx context.Context, table string) (n int64, err error) {
	err = s.read(ctx, func(on sqlengine.Session) error {
		return on.Query("SELECT count(*) FROM "+table, nil, func(r sqlengine.Row) error {
			n = r.Int(0)
			return nil
		})
	})
	return n, err
}

// FindBackfill has a store look for what is left to be done, as opening a database does.
func (s *Store) FindBackfill(ctx context.Context) error { return s.schema.MustBeCurrent(ctx, s.engine) }

// StepBackfill does one step, and reports whether more is left.
func (s *Store) StepBackfill(ctx context.Context) (more bool, err error) {
	err = s.schema.Step(ctx, s.engine)
	return len(s.left.Names()) > 0, err
}

// RunBackfill does what migrations have left to do.
func (s *Store) RunBackfill(ctx context.Context) error {
	if err := s.FindBackfill(ctx); err != nil {
		return err
	}
	return s.Backfill(ctx, func(string, int64, int64) {})
}

// RefillIndex fills the index of people anew, where there is one.
func (s *Store) RefillIndex(ctx context.Context) error {
	s.IndexPeople()
	return s.index.settle(ctx)
}

// WaitForIndex waits until the index of people is filled, where there is one.
func (s *Store) WaitForIndex(ctx context.Context) error {
	for has := s.index == nil; !has; {
		var err error
		has, err = s.IsIndexed(ctx)
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

// IsIndexed reports whether there is an index of people at this moment.
func (s *Store) IsIndexed(ctx context.Context) (has bool, err error) {
	err = s.read(ctx, func(on sqlengine.Session) (err error) {
		has, err = (&tx{Session: on, index: s.index}).askIndex("", func(*personindex.Index, []string) error { return nil })
		return err
	})
	return has, err
}

// pretendToFill makes a store behave as if its index were being filled, until the function is called that it returns.
func (s *Store) pretendToFill() (filled func()) {
	x := s.index
	for { // until the last one is done
		x.mu.Lock()
		if x.begun == nil {
			break
		}
		x.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	defer x.mu.Unlock()
	x.begun, x.ready = make(chan struct{}), nil
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		close(x.begun)
		x.begun = nil
	}
}

// ReadRows is Read without the index of people.
func (s *Store) ReadRows(ctx context.Context, fn func(people.Reader) error) error {
	return s.read(ctx, func(on sqlengine.Session) error {
		return fn(&tx{Session: on, dialect: s.engine.Dialect(), touches: s.touches, formatPhone: s.formatPhone})
	})
}

// recorder is a session that remembers its queries.
type recorder struct {
	sqlengine.Session
	queries *[]recordedQuery
}

type recordedQuery struct {
	sql  string
	args []any
}

func (r recorder) Query(sql string, args []any, each func(sqlengine.Row) error) error {
	*r.queries = append(*r.queries, recordedQuery{sql, args})
	return r.Session.Query(sql, args, each)
}

// Explain returns the plan of the database for each query of a search.
func (s *Store) Explain(ctx context.Context, ws workspace.ID, search *search.Request) (plans []string, err error) {
	err = s.read(ctx, func(on sqlengine.Session) error {
		var queries []recordedQuery
		t := &tx{Session: recorder{on, &queries}, dialect: s.engine.Dialect(), limits: s.limits}
		if _, err := t.SearchContacts(ws, search); err != nil {
			return err
		}
		explain, column := "EXPLAIN ", 0
		if t.dialect.Name == "sqlite" {
			explain, column = "EXPLAIN QUERY PLAN ", 3
		} else if err := on.Exec("SET LOCAL enable_seqscan = off", nil); err != nil { // small tables are read whole otherwise
			return err
		}
		for _, q := range queries {
			plan := ""
			err := on.Query(explain+q.sql, q.args, func(r sqlengine.Row) error {
				plan += r.Text(column) + "\n"
				return nil
			})
			if err != nil {
				return err
			}
			plans = append(plans, plan)
		}
		return nil
	})
	return plans, err
}

// WhileLocked runs fn while nobody can write the lists of migrations and of what they leave to be done.
func (s *Store) WhileLocked(ctx context.Context, fn func() error) error {
	return s.engine.Write(ctx, func(on sqlengine.Session) error {
		if err := on.Exec(`LOCK TABLE migrations, chores IN SHARE MODE`, nil); err != nil {
			return err
		}
		return fn()
	})
}

// WorkspaceTables returns the statements that empty the tables of a workspace.
func (s *Store) WorkspaceTables(ctx context.Context) (statements []string, err error) {
	all, err := s.tableDeletions(ctx, deleteSome)
	for _, d := range all {
		statements = append(statements, d.sql)
	}
	return statements, err
}

// IsCached reports whether the row of a person is in the cache.
func (s *Store) IsCached(ws workspace.ID, id string) bool {
	return s.people.Get(cacheKey(ws, id)) != nil
}
