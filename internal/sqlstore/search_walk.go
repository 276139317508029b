package sqlstore

import (
	"slices"
	"strconv"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// candidates returns the ids of the contacts on an access path, each once.
func (t *tx) candidates(ws workspace.ID, path accessPath) ([]string, error) {
	if len(path) == 0 {
		return nil, nil
	}
	sql := newSearchSQL(ws)
	ids, err := sqlengine.List(t, sql.pathIDs(path), sql.args, readID)
	slices.Sort(ids)
	return slices.Compact(ids), err
}

func readID(r sqlengine.Row) (string, error) { return r.Text(0), nil }

func (t *tx) countContacts(ws workspace.ID, c *search.Condition, path accessPath) (total int, err error) {
	sql := newSearchSQL(ws)
	count, err := sqlengine.Number(t, "SELECT count(*) "+sql.from(path)+" AND "+sql.condition(c), sql.args)
	return int(count), err
}

// matches returns the ids of all contacts that meet a condition.
func (t *tx) matches(ws workspace.ID, c *search.Condition, path accessPath) ([]string, error) {
	sql := newSearchSQL(ws)
	return sqlengine.List(t, "SELECT x.contact_id "+sql.from(path)+" AND "+sql.condition(c), sql.args, readID)
}

// walkContacts returns the ids of a page and one more. It reads keys in the order of the result.
func (t *tx) walkContacts(ws workspace.ID, s *search.Request, path accessPath) ([]string, error) {
	if s.Sort.Field == "" {
		return t.walkByID(ws, s, path)
	}
	limit := " LIMIT " + strconv.Itoa(s.Limit+1)
	given := &search.Condition{Field: s.Sort.Field, Test: search.Given}
	var ids []string
	if s.After == nil || s.After.Key != "" {
		sql := newSearchSQL(ws)
		query := "SELECT x.contact_id " + sql.from(accessPath{given}) + " AND " + sql.condition(s.Condition) + sql.pageClause("x.key, x.contact_id", s) + limit
		var err error
		if ids, err = sqlengine.List(t, query, sql.args, readID); err != nil || len(ids) > s.Limit {
			return ids, err
		}
	}
	// Contacts without a key come last, by id.
	rest := *s
	rest.Sort.Field, rest.Limit = "", s.Limit-len(ids)
	if s.After != nil && s.After.Key != "" {
		rest.After = nil
	}
	without := *given
	without.Not = true
	rest.Condition = &search.Condition{Combine: search.And, Parts: []*search.Condition{s.Condition, &without}}
	more, err := t.walkByID(ws, &rest, path)
	return append(ids, more...), err
}

// walkByID reads keys in the order of ids: those of a filter with one key, or the roles of all contacts. Several keys
// are walked one after the other and merged.
func (t *tx) walkByID(ws workspace.ID, s *search.Request, path accessPath) ([]string, error) {
	walks := roles
	if path != nil && path.walksByID() {
		walks = []*search.Condition{path[0]}
	}
	limit := " LIMIT " + strconv.Itoa(s.Limit+1)
	var ids []string
	for _, walk := range walks {
		sql := newSearchSQL(ws)
		query := "SELECT x.contact_id " + sql.from(accessPath{walk}) + " AND " + sql.condition(s.Condition) + sql.pageClause("x.contact_id", s) + limit
		some, err := sqlengine.List(t, query, sql.args, readID)
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	return firstIDs(s, ids), nil
}

// roles are filters that together let every contact through.
var roles = []*search.Condition{
	{Field: "role", Test: search.OneOf, Keys: []string{string(people.Lead)}},
	{Field: "role", Test: search.OneOf, Keys: []string{string(people.User)}},
}
