package searchsql

import (
	"regexp"
	"strings"

	"lobby/internal/search"
)

// sourceColumns are the columns that have the texts of the source of a conversation: its message m, and who wrote it. That is
// the record p of a contact, or the person o into whom it was merged, or the admin a.
var sourceColumns = map[string][]string{
	"source.body": {"m.body"}, "source.body.text": {"m.body"}, "source.subject": {"m.subject"},
	"source.author.name": {"p.name", "o.name", "a.name"}, "source.author.email": {"p.email", "o.email", "a.email"},
}

// maxSourceArgs is how many arguments a query may have that looks for texts. Databases limit how many there are, and how deep
// an expression is. Beyond that it is cheaper to read the texts.
const maxSourceArgs = 500

// bySource narrows conversations to those whose source can meet a condition. It returns "" where no part of the condition
// tells, or too many do.
func (s *Conversations) bySource(c *search.Condition) string {
	before := len(s.Args)
	test := s.sourceTest(c)
	if test == "" || len(s.Args) > maxSourceArgs {
		s.Args = s.Args[:before]
		return ""
	}
	return ` AND EXISTS (SELECT 1 FROM messages m
		LEFT JOIN people p ON p.workspace = $1 AND p.id = m.contact_id LEFT JOIN people o ON o.workspace = $1 AND o.id = p.merged_into
		LEFT JOIN admins a ON a.workspace = $1 AND a.id = m.admin_id WHERE m.workspace = $1 AND m.id = c.message_id AND ` + test + `)`
}

// sourceTest returns SQL that is true for all sources that can meet a condition; "" where it would be true for any.
func (s *Conversations) sourceTest(c *search.Condition) string {
	if c.Not {
		return ""
	}
	if c.Combine == "" {
		return s.textTest(c)
	}
	var parts []string
	for _, part := range c.Parts {
		test := s.sourceTest(part)
		if test == "" && c.Combine == search.Or {
			return ""
		}
		if test != "" {
			parts = append(parts, test)
		}
	}
	return joined(parts, string(c.Combine))
}

// textTest is sourceTest for a filter.
func (s *Conversations) textTest(c *search.Condition) string {
	columns := sourceColumns[c.Field]
	if len(columns) == 0 || c.Test != search.OneOf && c.Test != search.Containing && c.Test != search.EndingWith {
		return ""
	}
	var either []string
	for _, key := range c.Keys {
		runs := plainRun.FindAllString(key, maxRuns)
		if len(runs) == 0 {
			return ""
		}
		for _, column := range columns {
			var all []string
			for _, run := range runs {
				all = append(all, "lower("+column+") LIKE "+s.Arg("%"+run+"%"))
			}
			test := joined(all, "AND")
			if column == "m.body" {
				test = joined([]string{test, hasEntity}, "OR")
			}
			either = append(either, test)
		}
	}
	return joined(either, "OR")
}

// plainRun finds what stands in a text as it does in its key, but for capital letters that every database knows. The letters
// i and k are made of others, too: of those of Turkish and of the sign of the unit kelvin.
var plainRun = regexp.MustCompile(`[a-hjl-z0-9]+`)

// maxRuns is how many runs of a key are looked for.
const maxRuns = 4

// hasEntity is the test of a body that may write letters in another way: it has an ampersand, and not only in the entities that
// safe HTML needs.
const hasEntity = `m.body LIKE '%&%' AND
	replace(replace(replace(replace(replace(m.body, '&amp;', ''), '&lt;', ''), '&gt;', ''), '&#39;', ''), '&#34;', '') LIKE '%&%'`

func joined(tests []string, by string) string {
	if len(tests) == 0 {
		return ""
	}
	return "(" + strings.Join(tests, " "+by+" ") + ")"
}
