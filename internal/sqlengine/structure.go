package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// MustHaveStructure returns ErrAltered for a SQLite database whose tables and indexes are not those that the migrations
// make: without an index two records may share what only one may have, and a table or a column from elsewhere
// is unknown to erasures and exports.
func (s Schema) MustHaveStructure(ctx context.Context, e Engine) error {
	fresh, err := OpenMemory(ctx, s.Migrate, Options{})
	if err != nil {
		return err
	}
	want, err := structure(ctx, fresh)
	if err := errors.Join(err, fresh.Close()); err != nil {
		return err
	}
	has, err := structure(ctx, e)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch is, ok := has[name]; {
		case !ok:
			return fmt.Errorf("%w: it lacks the %s", ErrAltered, name)
		case is != want[name]:
			return fmt.Errorf("%w: its %s has other columns", ErrAltered, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(has)) {
		if _, ok := want[name]; !ok {
			return fmt.Errorf("%w: it has the %s", ErrAltered, name)
		}
	}
	return nil
}

// structure returns the columns of every table and index of a SQLite database. Statistics, which ANALYZE makes, are left out.
func structure(ctx context.Context, e Engine) (map[string]string, error) {
	columns := map[string]string{}
	err := e.Script(ctx, func(on Session) error {
		return on.Query(`
			SELECT m.type || ' ' || m.name, CASE m.type WHEN 'table' THEN
				(SELECT group_concat(concat_ws(' ', quote(c.name), c.type, c."notnull", quote(c.dflt_value), c.pk, c.hidden), ', ' ORDER BY c.cid)
				FROM pragma_table_xinfo(m.name) c)
			ELSE
				(SELECT concat_ws(' ', l."unique", l.partial) FROM pragma_index_list(m.tbl_name) l WHERE l.name = m.name)
				|| (SELECT group_concat(concat_ws(' ', quote(m.tbl_name), quote(c.name), c."desc", c.coll, c.key), ', ' ORDER BY c.seqno)
				FROM pragma_index_xinfo(m.name) c)
			END
			FROM sqlite_schema m WHERE m.name NOT LIKE 'sqlite\_stat%' ESCAPE '\'`, nil, func(r Row) error {
			columns[r.Text(0)] = r.Text(1)
			return nil
		})
	})
	return columns, err
}
