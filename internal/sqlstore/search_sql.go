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

// searchSQL writes questions about search_keys. Its first argument is the workspace.
type searchSQL struct {
	args []any
	// passed is a filter that every x passes.
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

// test is what a filter asks of a text column that is not null.
func (s *searchSQL) test(column string, c *search.Condition) string {
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
		// The databases have no function in common that finds a text in another.
		return "replace(" + column + ", " + s.arg(c.Keys[0]) + ", '') <> " + column
	case search.EndingWith:
		n := strconv.Itoa(utf8.RuneCountInString(c.Keys[0]))
		return "length(" + column + ") >= " + n + " AND substr(" + column + ", length(" + column + ") - " + n + " + 1) = " + s.arg(c.Keys[0])
	}
	return always
}

// keyRows asks for the keys that pass a filter.
func (s *searchSQL) keyRows(what string, c *search.Condition) string {
	return "SELECT " + what + " FROM search_keys WHERE workspace = $1 AND field = " + s.arg(c.Field) + " AND " + s.test("key", c)
}

// taggedRows asks for the people who have a tag, each by the address where it is found today. A person may come twice.
func (s *searchSQL) taggedRows(c *search.Condition) string {
	return `SELECT coalesce(m.merged_into, m.id) AS contact_id FROM person_tags t JOIN people m ON m.workspace = $1 AND m.id = t.person_id
		WHERE t.workspace = $1 AND ` + s.tagTest(c)
}

func (s *searchSQL) tagTest(c *search.Condition) string {
	if c.Test == search.Given {
		return always
	}
	var ids []string
	for _, key := range c.Keys {
		// What is no number is no tag's id.
		if id, err := strconv.ParseInt(key, 10, 64); err == nil && strconv.FormatInt(id, 10) == key {
			ids = append(ids, s.arg(id))
		}
	}
	if ids == nil {
		return never
	}
	return "t.tag_id IN (" + strings.Join(ids, ", ") + ")"
}

// driven asks for the ids of all who pass one of the filters of a driver. A person may come twice.
func (s *searchSQL) driven(d driver) string {
	var parts []string
	for _, c := range d {
		switch c.Field {
		case "id":
			parts = append(parts, "SELECT id AS contact_id FROM people WHERE workspace = $1 AND "+s.test("id", c))
		case "tag_id":
			parts = append(parts, s.taggedRows(c))
		default:
			parts = append(parts, s.keyRows("contact_id", c))
		}
	}
	return strings.Join(parts, " UNION ")
}

// from begins a question with x: one row for each contact that passes the driver.
func (s *searchSQL) from(d driver) string {
	switch {
	case d.isOneField():
		s.passed = d[0]
		return "FROM search_keys x WHERE x.workspace = $1 AND x.field = " + s.arg(d[0].Field) + " AND " + s.test("x.key", d[0])
	case d == nil:
		return "FROM search_keys x WHERE x.workspace = $1 AND x.field = 'role' AND x.key IN ('lead', 'user')"
	case len(d) == 0:
		return "FROM search_keys x WHERE " + never
	}
	// SQLite keeps the order of a CROSS JOIN.
	return "FROM (SELECT DISTINCT contact_id FROM (" + s.driven(d) + ") AS several) AS d CROSS JOIN search_keys x" +
		" WHERE x.workspace = $1 AND x.field = 'role' AND x.key IN ('lead', 'user') AND x.contact_id = d.contact_id"
}

// following ends a question with the order of a search and the place where its page begins.
func (s *searchSQL) following(columns string, search *search.Request) string {
	direction, beyond := " DESC", " < "
	if search.Sort.Ascending {
		direction, beyond = "", " > "
	}
	sql := ""
	if at := search.After; at != nil {
		place := s.arg(at.ID)
		if search.Sort.Field != "" {
			place = s.arg(at.Key) + ", " + place
		}
		sql = " AND (" + columns + ")" + beyond + "(" + place + ")"
	}
	return sql + " ORDER BY " + strings.ReplaceAll(columns, ", ", direction+", ") + direction
}

// condition is what a contact x has to meet. It is never null.
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
		return s.test("x.contact_id", c)
	case "role", "created_at", "signed_up_at":
		return "x." + c.Field + " IS NOT NULL AND " + s.test("x."+c.Field, c)
	case "tag_id":
		test := s.tagTest(c)
		return `EXISTS (SELECT 1 FROM person_tags t WHERE t.workspace = $1 AND t.person_id = x.contact_id AND ` + test + `)
			OR EXISTS (SELECT 1 FROM people m CROSS JOIN person_tags t
				WHERE m.workspace = $1 AND m.merged_into = x.contact_id AND t.workspace = $1 AND t.person_id = m.id AND ` + test + `)`
	}
	if c.Test == search.OneOf {
		if len(c.Keys) == 0 {
			return never
		}
		// One look into the primary key for each contact.
		return "EXISTS (SELECT 1 FROM search_keys k WHERE k.workspace = $1 AND k.field = " + s.arg(c.Field) +
			" AND " + s.test("k.key", c) + " AND k.contact_id = x.contact_id)"
	}
	if test, ok := s.number("p."+c.Field, c); ok {
		return "EXISTS (SELECT 1 FROM people p WHERE p.workspace = $1 AND p.id = x.contact_id AND " + test + ")"
	}
	// All keys that pass, once for all contacts.
	return "x.contact_id IN (" + s.keyRows("contact_id", c) + ")"
}

// number is what a filter asks of a column of people, when that has whole numbers which stand for its keys.
func (s *searchSQL) number(column string, c *search.Condition) (test string, ok bool) {
	_, field, _ := strings.Cut(column, ".")
	if field == "" {
		field = column
	}
	if !numeric[field] {
		return "", false
	}
	return s.whole(column, c)
}

// whole is number for a column of which that is known.
func (s *searchSQL) whole(column string, c *search.Condition) (test string, ok bool) {
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

// errEnough ends a question early.
var errEnough = errors.New("enough")

// narrowed is as much of a condition on people as columns can answer; it lets everybody through who meets the condition.
func (s *searchSQL) narrowed(c *search.Condition) string {
	if c.Combine == search.And && !c.Not {
		sql := ""
		for _, part := range c.Parts {
			sql += s.narrowed(part)
		}
		return sql
	}
	if c.Combine != "" || c.Not {
		return ""
	}
	name, custom := strings.CutPrefix(c.Field, ".")
	switch {
	case custom:
		return s.attribute(name)
	case c.Test == search.OneOf && (c.Field == "id" || c.Field == "anonymous_id"):
		return " AND " + s.test(c.Field, c)
	case c.Test == search.OneOf && c.Field == "email":
		return " AND " + s.test("email_key", c) + " AND (role <> 'user' OR state IS NOT NULL)" // the condition of its index
	}
	if test, ok := s.number(c.Field, c); ok {
		return " AND " + test
	}
	return ""
}

// attribute is narrowed for a custom attribute.
func (s *searchSQL) attribute(name string) string {
	// The attributes are an object in JSON, and have the name with a colon behind.
	written := string(append(jsonio.AppendText(nil, name), ':'))
	return " AND custom_attributes LIKE " + s.arg("%"+likely.Replace(written)+"%") + ` ESCAPE '~'`
}

// likely writes a text as it stands in the pattern of a LIKE whose escape is ~.
var likely = strings.NewReplacer("~", "~~", "%", "~%", "_", "~_")
