package sqlstore

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// ExportOptions say what leaves a store.
type ExportOptions struct {
	// Workspaces are those that leave, in this order; none means all, oldest first.
	Workspaces []workspace.ID
	// Secrets adds the records that have hashes of tokens, or secrets.
	Secrets bool
}

// Export calls each for every record: its name, and its row as a JSON object without line breaks, which is valid until
// each returns. All come from one consistent view of a database that may be in use, and are equal for equal contents of
// different databases. Visits that are only noted in memory are not among them; see [Store.Flush].
//
// Errors: workspace.ErrWorkspaceNotFound, those of the database, and those of each.
func (s *Store) Export(ctx context.Context, o ExportOptions, each func(name string, row []byte) error) error {
	if s.left.Names()[statisticsLeft] {
		return errUpgrading
	}
	begun := false
	return translated(s.engine.ReadLong(ctx, func(on sqlengine.Session) error {
		if begun { // what was handed to each cannot be taken back
			return fmt.Errorf("%w: the database ended the export's view", workspace.ErrUnavailable)
		}
		begun = true
		spaces, err := exportedWorkspaces(on, o.Workspaces)
		if err != nil {
			return err
		}
		for _, ws := range spaces {
			for i := range records {
				if r := &records[i]; !r.secret || o.Secrets {
					if err := r.export(on, s.engine.Dialect(), ws, func(row []byte) error { return each(r.name, row) }); err != nil {
						return fmt.Errorf("%s: %w", r.table, err)
					}
				}
			}
		}
		return nil
	}))
}

// exportedWorkspaces returns the workspaces that are asked for, each of which must exist, or all.
func exportedWorkspaces(on sqlengine.Session, asked []workspace.ID) ([]workspace.ID, error) {
	all, err := sqlengine.List(on, `SELECT id FROM workspaces ORDER BY created_at, id`, nil, func(r sqlengine.Row) (workspace.ID, error) {
		return workspace.ID(r.Text(0)), nil
	})
	if err != nil || len(asked) == 0 {
		return all, err
	}
	for _, ws := range asked {
		if !slices.Contains(all, ws) {
			return nil, fmt.Errorf("%w: %s", workspace.ErrWorkspaceNotFound, ws)
		}
	}
	return asked, nil
}

// export calls each for every row that a workspace has in the table of a record.
func (r *record) export(on sqlengine.Session, d sqlengine.Dialect, ws workspace.ID, each func([]byte) error) error {
	buf := make([]byte, 0, 512)
	return on.Query(r.selectRows(d), []any{string(ws)}, func(row sqlengine.Row) (err error) {
		if buf, err = r.appendRow(buf[:0], row); err != nil {
			return err
		}
		return each(buf)
	})
}

// selectRows is the query for all rows of a workspace.
func (r *record) selectRows(d sqlengine.Dialect) string {
	names := make([]string, len(r.columns))
	texts := map[string]bool{}
	for i, c := range r.columns {
		names[i] = c.name
		texts[c.name] = c.kind == textKind
	}
	order := strings.Split(r.order, ", ")
	for i, name := range order {
		if texts[name] {
			order[i] += d.ByteOrder
		}
	}
	return "SELECT " + strings.Join(names, ", ") + " FROM " + r.table + " WHERE " + r.condition() + " ORDER BY " + strings.Join(order, ", ")
}

// condition says which rows the workspace $1 has.
func (r *record) condition() string {
	if r.member != "" {
		return r.member
	}
	return r.scope() + " = $1"
}

// scope is the column that holds the workspace; "" for none.
func (r *record) scope() string {
	switch {
	case r.member != "":
		return ""
	case r.table == workspaceRecords[0].table:
		return "id"
	}
	return "workspace"
}

// appendRow appends a row as a JSON object, without the columns that have no value.
func (r *record) appendRow(buf []byte, row sqlengine.Row) ([]byte, error) {
	buf = append(buf, '{')
	for i := range r.columns {
		c := &r.columns[i]
		begin := len(buf)
		if begin > 1 {
			buf = append(buf, ',')
		}
		buf = append(buf, '"')
		buf = append(buf, c.name...)
		buf = append(buf, '"', ':')
		value := len(buf)
		var err error
		if buf, err = c.appendValue(buf, row, i); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		if len(buf) == value {
			buf = buf[:begin]
		}
	}
	return append(buf, '}'), nil
}

// appendValue appends the value of the i-th column of a row, or nothing for one that is left out.
func (c *recordColumn) appendValue(buf []byte, row sqlengine.Row, i int) ([]byte, error) {
	switch c.kind {
	case numberKind:
		if n := row.Int(i); n != 0 || c.needed {
			return strconv.AppendInt(buf, n, 10), nil
		}
	case flagKind:
		if is := row.Bool(i); is || c.shown {
			return strconv.AppendBool(buf, is), nil
		}
	case maybeKind:
		if m := people.Maybe(row.Int(i)); m != people.Unknown {
			return strconv.AppendBool(buf, m == people.Yes), nil
		}
	case jsonKind:
		return appendLine(buf, row.Text(i))
	default:
		if text := row.Text(i); text != "" || c.needed {
			return jsonio.AppendText(buf, text), nil
		}
	}
	return buf, nil
}

// appendLine appends JSON without the line breaks that it may have; nothing for the empty text.
func appendLine(buf []byte, text string) ([]byte, error) {
	if !strings.ContainsAny(text, "\r\n") {
		return append(buf, text...), nil
	}
	var line bytes.Buffer
	err := json.Compact(&line, []byte(text))
	return append(buf, line.Bytes()...), err
}
