package sqlstore

import "context"

// SetFew makes a store take other paths through a search than so few people would lead to.
func (s *Store) SetFew(candidates int64, matches int) { s.few = few{candidates, matches} }

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
