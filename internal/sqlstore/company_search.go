package sqlstore

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// SearchCompanies reads every company with users that no column rules out, and tests the condition in memory. There
// are few companies beside people, and search keys of them would change whenever a user comes or goes.
func (t *tx) SearchCompanies(ws workspace.ID, s *search.Request) (*search.Page[*people.Company], error) {
	s, err := t.placed("companies", ws, s)
	if err != nil {
		return nil, err
	}
	// After the first page the total is known. In the order of age, reading can end with the page.
	enough := s.After != nil && s.Sort.Field == ""
	sql, rest := newSearchSQL(ws), peopled
	if enough {
		rest += sql.ByAge("c.", s)
	}
	collector, seen := search.Collect[*people.Company](s), 0
	err = t.matchingCompanies(ws, s.Condition, sql, rest, func(c *people.Company) error {
		collector.Add(c)
		if seen++; enough && seen > s.Limit {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	page := collector.Page()
	if enough {
		page = collector.PageWith(s.After.Total)
	}
	return page, t.adorn(ws, page.Found)
}

// matchingCompanies calls each for every company that meets a condition, without its tags and notes. Argument rest is
// the end of the query.
func (t *tx) matchingCompanies(ws workspace.ID, c *search.Condition, sql searchSQL, rest string, each func(*people.Company) error) error {
	tags, err := t.companyTags(ws, c)
	if err != nil {
		return err
	}
	read := readCompany(ws)
	return t.Query(selectCompany+sql.prefilterCompanies(c)+rest, sql.Args, func(r sqlengine.Row) error {
		company, err := read(r)
		if err != nil || !c.Matches(search.KeysOf(company, tags[company.ID])) {
			return err
		}
		return each(company)
	})
}

// pageOfMatching returns one page of what matchingCompanies finds.
func (t *tx) pageOfMatching(ws workspace.ID, c *search.Condition, page workspace.Page, sql searchSQL, rest string) (all []*people.Company, err error) {
	before := page.Offset()
	err = t.matchingCompanies(ws, c, sql, rest, func(company *people.Company) error {
		if before--; before >= 0 {
			return nil
		}
		if all = append(all, company); len(all) == page.Size {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return all, t.adorn(ws, all)
}

// companyTags returns the ids of the tags of all companies when a condition uses tags.
func (t *tx) companyTags(ws workspace.ID, c *search.Condition) (map[string][]string, error) {
	tags := map[string][]string{}
	if !usesTags(c) {
		return tags, nil
	}
	return tags, t.Query(`SELECT company_id, tag_id FROM company_tags WHERE workspace = $1`, []any{string(ws)}, func(r sqlengine.Row) error {
		tags[r.Text(0)] = append(tags[r.Text(0)], strconv.FormatInt(r.Int(1), 10))
		return nil
	})
}

// maxNameKey is the length in bytes up to which a key certainly is the whole name.
const maxNameKey = 255

// prefilterCompanies is prefilter for companies.
func (s searchSQL) prefilterCompanies(c *search.Condition) string {
	if c.Combine == search.And && !c.Not {
		sql := ""
		for _, part := range c.Parts {
			sql += s.prefilterCompanies(part)
		}
		return sql
	}
	if c.Combine != "" || c.Not {
		return ""
	}
	if name, custom := strings.CutPrefix(c.Field, "."); custom {
		return s.prefilterAttribute(name) + " "
	}
	test := ""
	switch c.Field {
	case "company_id":
		if c.Test == search.OneOf {
			test = s.Predicate("c.company_id", c)
		}
	case "name":
		long := slices.ContainsFunc(c.Keys, func(key string) bool { return len(key) > maxNameKey })
		if c.Test == search.OneOf && !long {
			test = s.Predicate("c.name_key", c)
		}
	case "tag_id":
		test = "c.id IN (SELECT t.company_id FROM company_tags t WHERE t.workspace = $1 AND " + s.TagPredicate(c) + ")"
	case "created_at", "updated_at", "last_request_at", "user_count": // which are never null
		test, _ = s.WholeNumber("c."+c.Field, c)
	}
	if test == "" {
		return ""
	}
	return "AND " + test + " "
}
