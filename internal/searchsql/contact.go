package searchsql

import (
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Contacts builds queries about contacts on their keys, in search_keys. Their first argument is the workspace.
type Contacts struct {
	Query
	// numeric are the columns of people that have whole numbers.
	numeric map[string]bool
	// passed is a filter that every row of x passes, so it needs no test.
	passed *search.Condition
}

// NewContacts returns a query about the contacts of a workspace. The columns of people that have whole numbers are numeric.
func NewContacts(ws workspace.ID, numeric map[string]bool) *Contacts {
	return &Contacts{Query: *New(ws), numeric: numeric}
}

// KeyRows selects the keys that pass a filter.
func (s *Contacts) KeyRows(what string, c *search.Condition) string {
	return "SELECT " + what + " FROM search_keys WHERE workspace = $1 AND field = " + s.Arg(c.Field) + " AND " + s.Predicate("key", c)
}

// TaggedRows selects the people that have a tag, each by the id of the contact that it is today. An id may come twice.
func (s *Contacts) TaggedRows(c *search.Condition) string {
	return `SELECT coalesce(m.merged_into, m.id) AS contact_id FROM person_tags t JOIN people m ON m.workspace = $1 AND m.id = t.person_id
		WHERE t.workspace = $1 AND ` + s.TagPredicate(c)
}

// PathIDs selects the ids of the contacts on an access path. An id may come twice.
func (s *Contacts) PathIDs(path AccessPath) string {
	var parts []string
	for _, c := range path {
		switch c.Field {
		case "id":
			parts = append(parts, "SELECT id AS contact_id FROM people WHERE workspace = $1 AND "+s.Predicate("id", c))
		case "tag_id":
			parts = append(parts, s.TaggedRows(c))
		default:
			parts = append(parts, s.KeyRows("contact_id", c))
		}
	}
	return strings.Join(parts, " UNION ")
}

// From begins a query with x, which has one row for each contact on the access path.
func (s *Contacts) From(path AccessPath) string {
	switch {
	case path.isOneField():
		s.passed = path[0]
		return "FROM search_keys x WHERE x.workspace = $1 AND x.field = " + s.Arg(path[0].Field) + " AND " + s.Predicate("x.key", path[0])
	case path == nil:
		return "FROM search_keys x WHERE x.workspace = $1 AND x.field = 'role' AND x.key IN ('lead', 'user')"
	case len(path) == 0:
		return "FROM search_keys x WHERE " + Never
	}
	// SQLite keeps the order of a CROSS JOIN.
	return "FROM (SELECT DISTINCT contact_id FROM (" + s.PathIDs(path) + ") AS several) AS d CROSS JOIN search_keys x" +
		" WHERE x.workspace = $1 AND x.field = 'role' AND x.key IN ('lead', 'user') AND x.contact_id = d.contact_id"
}

// KeyClause ends a query on x with the order of a search and the position where its page begins.
func (s *Contacts) KeyClause(search *search.Request) string {
	columns, position := []string{"x.created_at", "x.contact_id"}, []any{}
	if at := search.After; at != nil {
		position = []any{at.Created, at.ID}
	}
	if search.Sort.Field != "" {
		columns = append([]string{"x.key"}, columns...)
		if at := search.After; at != nil {
			position = append([]any{at.Key}, position...)
		}
	}
	return s.PageClause(columns, position, search.Sort.Ascending)
}

// ByAge is KeyClause for the rows themselves, in an order by the time of creation.
func (s *Contacts) ByAge(prefix string, request *search.Request) string {
	var position []any
	if at := request.After; at != nil {
		createdAt, _, _ := search.KeyNumber(at.Created)
		position = []any{createdAt, at.ID}
	}
	return s.PageClause([]string{prefix + "created_at", prefix + "id"}, position, request.Sort.Ascending)
}

// Condition returns the SQL of a condition on a contact x. It is never null.
func (s *Contacts) Condition(c *search.Condition) string {
	sql := ""
	switch {
	case c == s.passed:
		return Always
	case c.Combine == "":
		sql = s.filter(c)
	default:
		parts := make([]string, 0, len(c.Parts))
		for _, part := range c.Parts {
			parts = append(parts, s.Condition(part))
		}
		sql = strings.Join(parts, " "+string(c.Combine)+" ")
		if len(parts) == 0 {
			sql = map[search.Combination]string{search.And: Always, search.Or: Never}[c.Combine]
		}
	}
	if c.Not {
		return "NOT (" + sql + ")"
	}
	return "(" + sql + ")"
}

func (s *Contacts) filter(c *search.Condition) string {
	switch c.Field {
	case "id":
		return s.Predicate("x.contact_id", c)
	case "role", "created_at", "signed_up_at":
		return "x." + c.Field + " IS NOT NULL AND " + s.Predicate("x."+c.Field, c)
	case "tag_id":
		test := s.TagPredicate(c)
		return `EXISTS (SELECT 1 FROM person_tags t WHERE t.workspace = $1 AND t.person_id = x.contact_id AND ` + test + `)
			OR EXISTS (SELECT 1 FROM people m CROSS JOIN person_tags t
				WHERE m.workspace = $1 AND m.merged_into = x.contact_id AND t.workspace = $1 AND t.person_id = m.id AND ` + test + `)`
	}
	if c.Test == search.OneOf {
		if len(c.Keys) == 0 {
			return Never
		}
		// One look-up in the primary key for each contact.
		return "EXISTS (SELECT 1 FROM search_keys k WHERE k.workspace = $1 AND k.field = " + s.Arg(c.Field) +
			" AND " + s.Predicate("k.key", c) + " AND k.created_at = x.created_at AND k.contact_id = x.contact_id)"
	}
	if test, ok := s.Number("p."+c.Field, c); ok {
		return "EXISTS (SELECT 1 FROM people p WHERE p.workspace = $1 AND p.id = x.contact_id AND " + test + ")"
	}
	// The keys that pass are read once for all contacts.
	return "x.contact_id IN (" + s.KeyRows("contact_id", c) + ")"
}

// Number returns the predicate of a filter on a column of people, when the column has whole numbers that stand for its
// keys.
func (s *Contacts) Number(column string, c *search.Condition) (test string, ok bool) {
	_, field, _ := strings.Cut(column, ".")
	if field == "" {
		field = column
	}
	if !s.numeric[field] {
		return "", false
	}
	return s.WholeNumber(column, c)
}
