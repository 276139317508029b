package sqlstore

import (
	"errors"
	"strings"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/searchsql"
	"lobby/internal/workspace"
)

// searchSQL builds the queries of a search of contacts, or of a walk through the rows of people or companies.
type searchSQL struct{ *searchsql.Contacts }

func newSearchSQL(ws workspace.ID) searchSQL { return searchSQL{searchsql.NewContacts(ws, numeric)} }

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
func (s searchSQL) prefilter(c *search.Condition) string {
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
		return " AND " + s.Predicate(c.Field, c)
	case c.Test == search.OneOf && c.Field == "email":
		// One part for each of the two indexes.
		return " AND id IN (SELECT id FROM people WHERE workspace = $1 AND " + s.Predicate("email_key", c) + aloneWithEmail +
			" UNION ALL SELECT id FROM people WHERE workspace = $1 AND " + s.Predicate("email_key", c) + othersWithEmail + ")"
	}
	if test, ok := s.Number(c.Field, c); ok {
		return " AND " + test
	}
	return ""
}

// prefilterAttribute is prefilter for a custom attribute.
func (s searchSQL) prefilterAttribute(name string) string {
	// The attributes are a JSON object, which has the name followed by a colon.
	written := string(append(jsonio.AppendText(nil, name), ':'))
	return " AND custom_attributes LIKE " + s.Arg("%"+likePattern.Replace(written)+"%") + ` ESCAPE '~'`
}

// likePattern escapes a text for the pattern of a LIKE whose escape character is ~.
var likePattern = strings.NewReplacer("~", "~~", "%", "~%", "_", "~_")
