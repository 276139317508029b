package sqlstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// Remain is a value that still tells of a person who was erased.
type Remain struct {
	Table, Column string
	Row           string // what finds the row: the columns with ids
	Refers        bool   // whether the value has the id of the person's record
}

func (r Remain) String() string {
	what := "has something of the person"
	if r.Refers {
		what = "refers to the person"
	}
	return fmt.Sprintf("%s of table %s, row %s, %s", r.Column, r.Table, r.Row, what)
}

// keepsIDs are the columns in which the id of an erased person stays, so that nobody brings the person back, others are
// told, the team knows what it did, and a conversation still says that two texts were by one author.
var keepsIDs = []string{"activities.subject", "erasures.id", "outbox.person_id", "outbox.subject_id", "messages.contact_id", "conversation_parts.contact_id"}

// copies are the tables that repeat what other tables have. What stands only in one of these belongs to nobody who is there.
var copies = []string{"changes", "outbox", "webhook_deliveries", "search_keys", "browser_sessions"}

// Remains looks for what is left of an erased person of a workspace in all values of the database. ids are those of the
// person's records. textsIn returns which of the person's texts, by number, stand in a value. Texts that stand in the data
// of others, or are ids that stay, are returned as common; all else is found.
func (s *Store) Remains(ctx context.Context, ws workspace.ID, ids []string, textsIn func(string) []int) (common map[int]bool, found []Remain, err error) {
	common = map[int]bool{}
	type suspect struct {
		Remain
		texts []int
	}
	var suspects []suspect
	err = s.engine.ReadLong(ctx, func(on sqlengine.Session) error {
		clear(common) // it may run again
		suspects, found = nil, nil
		return eachRow(on, s.engine.Dialect(), func(table string, columns, values []string) {
			owner := slices.Index(columns, ownerColumn(table))
			isOther := owner < 0 || values[owner] != string(ws)
			for i, value := range values {
				texts := textsIn(value)
				at := Remain{Table: table, Column: columns[i]}
				at.Refers = !isOther && slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(value, id) })
				isKept := at.Refers && slices.Contains(ids, strings.TrimPrefix(value, "person/")) && slices.Contains(keepsIDs, table+"."+columns[i])
				switch {
				case at.Refers && !isKept:
					at.Row = rowName(columns, values)
					found = append(found, at)
				case len(texts) == 0:
				case !isOther && !isKept && slices.Contains(copies, table):
					at.Row = rowName(columns, values)
					suspects = append(suspects, suspect{at, texts})
				default:
					for _, text := range texts {
						common[text] = true
					}
				}
			}
		})
	})
	for _, s := range suspects {
		if slices.ContainsFunc(s.texts, func(text int) bool { return !common[text] }) {
			found = append(found, s.Remain)
		}
	}
	return common, found, err
}

// eachRow calls fn for every row of every table, with its values as texts, "" for null. They are valid until fn returns.
func eachRow(on sqlengine.Session, d sqlengine.Dialect, fn func(table string, columns, values []string)) error {
	return sqlengine.EachTable(on, d, func(table string, columns []string) error {
		texts, values := make([]string, len(columns)), make([]string, len(columns))
		for i, c := range columns {
			texts[i] = fmt.Sprintf(`CAST("%s" AS TEXT)`, c)
		}
		return on.Query(fmt.Sprintf(`SELECT %s FROM "%s"`, strings.Join(texts, ", "), table), nil, func(r sqlengine.Row) error {
			for i := range values {
				values[i] = r.Text(i)
			}
			fn(table, columns, values)
			return nil
		})
	})
}

// rowName returns the columns of a row by which it can be found. They hold ids, never what somebody wrote.
func rowName(columns, values []string) string {
	var parts []string
	for i, c := range columns {
		if (c == "id" || strings.HasSuffix(c, "_id") && c != "external_id" && c != "anonymous_id") && values[i] != "" {
			parts = append(parts, c+"="+values[i])
		}
	}
	return strings.Join(parts, " ")
}
