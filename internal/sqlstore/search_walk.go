package sqlstore

import (
	"slices"
	"strconv"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/searchsql"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// candidates returns the ids of the contacts on an access path, each once.
func (t *tx) candidates(ws workspace.ID, path searchsql.AccessPath) ([]string, error) {
	if len(path) == 0 {
		return nil, nil
	}
	sql := newSearchSQL(ws)
	ids, err := sqlengine.List(t, sql.PathIDs(path), sql.Args, readID)
	slices.Sort(ids)
	return slices.Compact(ids), err
}

func readID(r sqlengine.Row) (string, error) { return r.Text(0), nil }

func (t *tx) countContacts(ws workspace.ID, c *search.Condition, path searchsql.AccessPath) (total int, err error) {
	sql := newSearchSQL(ws)
	count, err := sqlengine.Number(t, "SELECT count(*) "+sql.From(path)+" AND "+sql.Condition(c), sql.Args)
	return int(count), err
}

// whereFound are the columns of a place; the key of the sort field is left out.
const whereFound = "SELECT x.contact_id, x.created_at "

func readPlace(r sqlengine.Row) (search.Place, error) {
	return search.Place{ID: r.Text(0), Created: r.Text(1)}, nil
}

// matches returns the places of all contacts that meet a condition.
func (t *tx) matches(ws workspace.ID, c *search.Condition, path searchsql.AccessPath) ([]search.Place, error) {
	sql := newSearchSQL(ws)
	return sqlengine.List(t, whereFound+sql.From(path)+" AND "+sql.Condition(c), sql.Args, readPlace)
}

// walkContacts returns the places of a page and one more. It reads keys in the order of the result.
func (t *tx) walkContacts(ws workspace.ID, s *search.Request, path searchsql.AccessPath) ([]search.Place, error) {
	if s.Sort.Field == "" {
		return t.walkByAge(ws, s, path)
	}
	limit := " LIMIT " + strconv.Itoa(s.Limit+1)
	given := &search.Condition{Field: s.Sort.Field, Test: search.Given}
	var found []search.Place
	if s.After == nil || s.After.Key != "" {
		sql := newSearchSQL(ws)
		query := whereFound + sql.From(searchsql.AccessPath{given}) + " AND " + sql.Condition(s.Condition) + sql.KeyClause(s) + limit
		var err error
		if found, err = sqlengine.List(t, query, sql.Args, readPlace); err != nil || len(found) > s.Limit {
			return found, err
		}
	}
	// Contacts without a key come last, by age.
	rest := *s
	rest.Sort.Field, rest.Limit = "", s.Limit-len(found)
	if s.After != nil && s.After.Key != "" {
		rest.After = nil
	}
	without := *given
	without.Not = true
	rest.Condition = &search.Condition{Combine: search.And, Parts: []*search.Condition{s.Condition, &without}}
	more, err := t.walkByAge(ws, &rest, path)
	return append(found, more...), err
}

// walkByAge reads keys in the order of age: those of a filter with one key, or the roles of all contacts. Several keys
// are walked one after the other and merged.
func (t *tx) walkByAge(ws workspace.ID, s *search.Request, path searchsql.AccessPath) ([]search.Place, error) {
	walks := roles
	if path != nil && path.WalksByAge() {
		walks = []*search.Condition{path[0]}
	}
	limit := " LIMIT " + strconv.Itoa(s.Limit+1)
	var found []search.Place
	for _, walk := range walks {
		sql := newSearchSQL(ws)
		query := whereFound + sql.From(searchsql.AccessPath{walk}) + " AND " + sql.Condition(s.Condition) + sql.KeyClause(s) + limit
		some, err := sqlengine.List(t, query, sql.Args, readPlace)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	return firstPlaces(s, found), nil
}

// roles are filters that together let every contact through.
var roles = []*search.Condition{
	{Field: "role", Test: search.OneOf, Keys: []string{string(people.Lead)}},
	{Field: "role", Test: search.OneOf, Keys: []string{string(people.User)}},
}
