package sqlstore

import (
	"context"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// SetFew makes a store take other paths through a search than so few people would lead to.
func (s *Store) SetFew(candidates int64, matches int, ids int64) {
	s.few = few{candidates, matches, ids}
}

// Exec runs a statement.
func (s *Store) Exec(ctx context.Context, sql string, args ...any) error {
	return s.engine.write(ctx, func(on session) error { return on.exec(sql, args) })
}

// Rows counts the rows of a table.
func (s *Store) Rows(ctx context.Context, table string) (n int64, err error) {
	err = s.engine.read(ctx, func(on session) error {
		return on.query("SELECT count(*) FROM "+table, nil, func(r row) error {
			n = r.int(0)
			return nil
		})
	})
	return n, err
}

// DoChores does what migrations have left to do, as opening a database does.
func (s *Store) DoChores(ctx context.Context) error {
	return s.engine.write(ctx, func(on session) error { return chores(on, s.engine.dialect()) })
}

// recorder is a session that remembers its questions.
type recorder struct {
	session
	asked *[]question
}

type question struct {
	sql  string
	args []any
}

func (r recorder) query(sql string, args []any, each func(row) error) error {
	*r.asked = append(*r.asked, question{sql, args})
	return r.session.query(sql, args, each)
}

// Explain answers how the database goes about each question of a search, one text a question.
func (s *Store) Explain(ctx context.Context, ws workspace.ID, search *search.Request) (plans []string, err error) {
	err = s.engine.read(ctx, func(on session) error {
		var asked []question
		t := &tx{session: recorder{on, &asked}, dialect: s.engine.dialect(), few: s.few}
		if _, err := t.SearchContacts(ws, search); err != nil {
			return err
		}
		explain, column := "EXPLAIN ", 0
		if t.dialect.name == "sqlite" {
			explain, column = "EXPLAIN QUERY PLAN ", 3
		} else if err := on.exec("SET LOCAL enable_seqscan = off", nil); err != nil { // small tables are read whole otherwise
			return err
		}
		for _, q := range asked {
			plan := ""
			err := on.query(explain+q.sql, q.args, func(r row) error {
				plan += r.text(column) + "\n"
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
