package sqlstore

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// searchSQL builds queries on search_keys. Their first argument is the workspace.
type searchSQL struct {
	args []any
	// passed is a filter that every row of x passes, so it needs no test.
	passed *search.Condition
}

func newSearchSQL(ws workspace.ID) *searchSQL { return &searchSQL{args: []any{string(ws)}} }

func (s *searchSQL) arg(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

func (s *searchSQL) argList(keys []string) string {
	marks := make([]string, len(keys))
	for i, key := range keys {
		marks[i] = s.arg(key)
	}
	return strings.Join(marks, ", ")
}

const (
	always = "1 = 1"
	never  = "1 = 0"
)

// predicate returns the SQL of a filter on a text column that is not null.
func (s *searchSQL) predicate(column string, c *search.Condition) string {
	switch c.Test {
	case search.OneOf:
		switch len(c.Keys) {
		case 0:
			return never
		case 1:
			return column + " = " + s.arg(c.Keys[0])
		}
		return column + " IN (" + s.argList(c.Keys) + ")"
	case search.Between:
		var bounds []string
		if c.Keys[0] != "" {
			bounds = append(bounds, column+" >= "+s.arg(c.Keys[0]))
		}
		if c.Keys[1] != "" {
			bounds = append(bounds, column+" < "+s.arg(c.Keys[1]))
		}
		if bounds == nil {
			return always
		}
		return strings.Join(bounds, " AND ")
	case search.Containing:
		// The databases have no common function that finds a text within another.
		return "replace(" + column + ", " + s.arg(c.Keys[0]) + ", '') <> " + column
	case search.EndingWith:
		n := strconv.Itoa(utf8.RuneCountInString(c.Keys[0]))
		return "length(" + column + ") >= " + n + " AND substr(" + column + ", length(" + column + ") - " + n + " + 1) = " + s.arg(c.Keys[0])
	}
	return always
}

// keyRows selects the keys that pass a filter.
func (s *searchSQL) keyRows(what string, c *search.Condition) string {
	return "SELECT " + what + " FROM search_keys WHERE workspace = $1 AND field = " + s.arg(c.Field) + " AND " + s.predicate("key", c)
}

// taggedRows selects the people that have a tag, each by the id of the contact that it is today. An id may come twice.
func (s *searchSQL) taggedRows(c *search.Condition) string {
	return `SELECT coalesce(m.merged_into, m.id) AS contact_id FROM person_tags t JOIN people m ON m.workspace = $1 AND m.id = t.person_id
		WHERE t.workspace = $1 AND ` + s.tagPredicate(c)
}

func (s *searchSQL) tagPredicate(c *search.Condition) string {
	if c.Test == search.Given {
		return always
	}
	var ids []string
	for _, key := range c.Keys {
		// A text that is no number is the id of no tag.
		if id, err := strconv.ParseInt(key, 10, 64); err == nil && strconv.FormatInt(id, 10) == key {
			ids = append(ids, s.arg(id))
		}
	}
	if ids == nil {
		return never
	}
	return "t.tag_id IN (" + strings.Join(ids, ", ") + ")"
}

// pathIDs selects the ids of the contacts on an access path. An id may come twice.
func (s *searchSQL) pathIDs(path accessPath) string {
	var parts []string
	for _, c := range path {
		switch c.Field {
		case "id":
			parts = append(parts, "SELECT id AS contact_id FROM people WHERE workspace = $1 AND "+s.predicate("id", c))
		case "tag_id":
			parts = append(parts, s.taggedRows(c))
		default:
			parts = append(parts, s.keyRows("contact_id", c))
		}
	}
	return strings.Join(parts, " UNION ")
}

// from begins a query with x, which has one row for each contact on the access path.
func (s *searchSQL) from(path accessPath) string {
	switch {
	case path.isOneField():
		s.passed = path[0]
		return "FROM search_keys x WHERE x.workspace = $1 AND x.field = " + s.arg(path[0].Field) + " AND " + s.predicate("x.key", path[0])
	case path == nil:
		return "FROM search_keys x WHERE x.workspace = $1 AND x.field = 'role' AND x.key IN ('lead', 'user')"
	case len(path) == 0:
		return "FROM search_keys x WHERE " + never
	}
	// SQLite keeps the order of a CROSS JOIN.
	return "FROM (SELECT DISTINCT contact_id FROM (" + s.pathIDs(path) + ") AS several) AS d CROSS JOIN search_keys x" +
		" WHERE x.workspace = $1 AND x.field = 'role' AND x.key IN ('lead', 'user') AND x.contact_id = d.contact_id"
}

// keyClause ends a query on x with the order of a search and the position where its page begins.
func (s *searchSQL) keyClause(search *search.Request) string {
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
	return s.pageClause(columns, position, search.Sort.Ascending)
}

// byAge is keyClause for the rows themselves, in an order by the time of creation.
func (s *searchSQL) byAge(prefix string, request *search.Request) string {
	var position []any
	if at := request.After; at != nil {
		createdAt, _, _ := search.KeyNumber(at.Created)
		position = []any{createdAt, at.ID}
	}
	return s.pageClause([]string{prefix + "created_at", prefix + "id"}, position, request.Sort.Ascending)
}

// pageClause ends a query with an order by columns, behind a position unless there is none.
func (s *searchSQL) pageClause(columns []string, position []any, ascending bool) string {
	direction, beyond := " DESC", " < "
	if ascending {
		direction, beyond = "", " > "
	}
	sql := ""
	if len(position) > 0 {
		marks := make([]string, len(position))
		for i, v := range position {
			marks[i] = s.arg(v)
		}
		sql = " AND (" + strings.Join(columns, ", ") + ")" + beyond + "(" + strings.Join(marks, ", ") + ")"
	}
	return sql + " ORDER BY " + strings.Join(columns, direction+", ") + direction
}

// condition returns the SQL of a condition on a contact x. It is never null.
func (s *searchSQL) condition(c *search.Condition) string {
	sql := ""
	switch {
	case c == s.passed:
		return always
	case c.Combine == "":
		sql = s.filter(c)
	default:
		parts := make([]string, 0, len(c.Parts))
		for _, part := range c.Parts {
			parts = append(parts, s.condition(part))
		}
		sql = strings.Join(parts, " "+string(c.Combine)+" ")
		if len(parts) == 0 {
			sql = map[search.Combination]string{search.And: always, search.Or: never}[c.Combine]
		}
	}
	if c.Not {
		return "NOT (" + sql + ")"
	}
	return "(" + sql + ")"
}

func (s *searchSQL) filter(c *search.Condition) string {
	switch c.Field {
	case "id":
		return s.predicate("x.contact_id", c)
	case "role", "created_at", "signed_up_at":
		return "x." + c.Field + " IS NOT NULL AND " + s.predicate("x."+c.Field, c)
	case "tag_id":
		test := s.tagPredicate(c)
		return `EXISTS (SELECT 1 FROM person_tags t WHERE t.workspace = $1 AND t.person_id = x.contact_id AND ` + test + `)
			OR EXISTS (SELECT 1 FROM people m CROSS JOIN person_tags t
				WHERE m.workspace = $1 AND m.merged_into = x.contact_id AND t.workspace = $1 AND t.person_id = m.id AND ` + test + `)`
	}
	if c.Test == search.OneOf {
		if len(c.Keys) == 0 {
			return never
		}
		// One look-up in the primary key for each contact.
		return "EXISTS (SELECT 1 FROM search_keys k WHERE k.workspace = $1 AND k.field = " + s.arg(c.Field) +
			" AND " + s.predicate("k.key", c) + " AND k.created_at = x.created_at AND k.contact_id = x.contact_id)"
	}
	if test, ok := s.number("p."+c.Field, c); ok {
		return "EXISTS (SELECT 1 FROM people p WHERE p.workspace = $1 AND p.id = x.contact_id AND " + test + ")"
	}
	// The keys that pass are read once for all contacts.
	return "x.contact_id IN (" + s.keyRows("contact_id", c) + ")"
}

// number returns the predicate of a filter on a column of people, when the column has whole numbers that stand for its
// keys.
func (s *searchSQL) number(column string, c *search.Condition) (test string, ok bool) {
	_, field, _ := strings.Cut(column, ".")
	if field == "" {
		field = column
	}
	if !numeric[field] {
		return "", false
	}
	return s.wholeNumber(column, c)
}

// wholeNumber is number for a column that is known to have whole numbers.
func (s *searchSQL) wholeNumber(column string, c *search.Condition) (test string, ok bool) {
	switch c.Test {
	case search.Given:
		return column + " IS NOT NULL", true
	case search.OneOf:
		numbers := make([]string, 0, len(c.Keys))
		for _, key := range c.Keys {
			n, _, exact := search.KeyNumber(key)
			if !exact {
				return "", false
			}
			numbers = append(numbers, strconv.FormatInt(n, 10))
		}
		if len(numbers) == 0 {
			return never, true
		}
		return column + " IN (" + strings.Join(numbers, ", ") + ")", true
	case search.Between:
		test = column + " IS NOT NULL"
		for i, op := range []string{" >= ", " < "} {
			if c.Keys[i] == "" {
				continue
			}
			n, just, exact := search.KeyNumber(c.Keys[i])
			if !exact {
				return "", false
			}
			if just {
				n++
			}
			test += " AND " + column + op + s.arg(n)
		}
		return test, true
	}
	return "", false
}

// numeric are the columns of people that have whole numbers.
var numeric = func() map[string]bool {
	all := map[string]bool{}
	for i := range people.Fields {
		if people.Fields[i].Kind == search.KindInt {
			all[people.Fields[i].Name] = true
		}
	}
	return all
}()

// errEnough ends a query early.
var errEnough = errors.New("enough")

// prefilter returns the part of a condition on people that columns can test. It lets everyone through who meets the
// condition.
func (s *searchSQL) prefilter(c *search.Condition) string {
	if c.Combine == search.And && !c.Not {
		sql := ""
		for _, part := range c.Parts {
			sql += s.prefilter(part)
		}
		return sql
	}
	if c.Combine != "" || c.Not {
		return ""
	}
	name, custom := strings.CutPrefix(c.Field, ".")
	switch {
	case custom:
		return s.prefilterAttribute(name)
	case c.Test == search.OneOf && (c.Field == "id" || c.Field == "anonymous_id" || c.Field == "external_id"):
		return " AND " + s.predicate(c.Field, c)
	case c.Test == search.OneOf && c.Field == "email":
		// One part for each of the two indexes.
		return " AND id IN (SELECT id FROM people WHERE workspace = $1 AND " + s.predicate("email_key", c) + aloneWithEmail +
			" UNION ALL SELECT id FROM people WHERE workspace = $1 AND " + s.predicate("email_key", c) + othersWithEmail + ")"
	}
	if test, ok := s.number(c.Field, c); ok {
		return " AND " + test
	}
	return ""
}

// prefilterAttribute is prefilter for a custom attribute.
func (s *searchSQL) prefilterAttribute(name string) string {
	// The attributes are a JSON object, which has the name followed by a colon.
	written := string(append(jsonio.AppendText(nil, name), ':'))
	return " AND custom_attributes LIKE " + s.arg("%"+likePattern.Replace(written)+"%") + ` ESCAPE '~'`
}

// likePattern escapes a text for the pattern of a LIKE whose escape character is ~.
var likePattern = strings.NewReplacer("~", "~~", "%", "~%", "_", "~_")
