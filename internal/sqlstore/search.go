package sqlstore

import (
	"slices"
	"strconv"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// limits is what counts as few in a search.
type limits struct {
	// candidates is how many contacts are read and asked one by one rather than by SQL.
	candidates int64
	// matches is how many are put in order rather than met on a walk in that order.
	matches int
	// ids is of how many it is better to remember who matches than to count them and ask again.
	ids int64
}

var usualLimits = limits{candidates: 1000, matches: 5000, ids: 100_000}

// SearchContacts looks for the filter that the fewest contacts can pass, by counting no further than it must. When these
// are few, they are read and asked one by one, unless SQL can tell by their keys whom the page needs. Otherwise SQL
// finds or counts those who match, driven by that filter, and the page, when many match, on a walk in the order of the
// answer that ends with the page.
func (t *tx) SearchContacts(ws workspace.ID, s *search.Request) (*search.Page[*people.Person], error) {
	// On later pages of many, any walk will do.
	far := s.After == nil || s.After.Total <= t.limits.matches
	driver, size, err := t.planAccess(ws, s.Condition, far)
	if err != nil {
		return nil, err
	}
	if driver != nil && size <= t.limits.candidates && (size <= int64(s.Limit) || s.Sort.Field != "" || !driver.restIsCheap(s.Condition)) {
		ids, err := t.candidates(ws, driver)
		if err != nil {
			return nil, err
		}
		return t.filterInMemory(ws, s, ids)
	}
	// A plan for any values knows nothing of how many keys pass a filter, and can take a square of them.
	if t.dialect.ReplanSQL != "" {
		if err := t.Exec(t.dialect.ReplanSQL, nil); err != nil {
			return nil, err
		}
	}
	var ids []string
	total := 0
	switch {
	case s.After != nil:
		total = s.After.Total
	case driver != nil && size <= t.limits.ids:
		ids, err = t.matches(ws, s.Condition, driver)
		total = len(ids)
	default:
		total, err = t.countContacts(ws, s.Condition, driver)
	}
	switch {
	case err != nil:
		return nil, err
	case s.Limit == 0 || total == 0:
		return search.PageOf[*people.Person](s, nil, total), nil
	case ids != nil && s.Sort.Field == "":
	case total > t.limits.matches || s.Sort.Field == "" && driver.walksByID():
		ids, err = t.walkContacts(ws, s, driver)
	case ids == nil:
		ids, err = t.matches(ws, s.Condition, driver)
	}
	if err != nil {
		return nil, err
	}
	if s.Sort.Field != "" && total <= t.limits.matches {
		return t.filterInMemory(ws, s, ids)
	}
	all, err := t.peopleByID(ws, firstIDs(s, ids))
	return search.PageOf(s, all, total), err
}

// filterInMemory asks contacts one by one.
func (t *tx) filterInMemory(ws workspace.ID, s *search.Request, ids []string) (*search.Page[*people.Person], error) {
	collector := search.Collect[*people.Person](s)
	for part := range slices.Chunk(ids, batch) {
		all, err := t.peopleByID(ws, part)
		if err != nil {
			return nil, err
		}
		tags, err := t.tagsFor(ws, s.Condition, part)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if p.IsLiveContact() && s.Condition.Matches(search.KeysOf(p, tags[p.ID])) {
				collector.Add(p)
			}
		}
	}
	return collector.Page(), nil
}

// firstIDs answers what a page begins with, and one more, of ids that come in any order unless a field orders them.
func firstIDs(s *search.Request, ids []string) []string {
	if s.Sort.Field == "" {
		if s.After != nil {
			ids = slices.DeleteFunc(ids, func(id string) bool { return s.Sort.Compare("", id, "", s.After.ID) <= 0 })
		}
		slices.SortFunc(ids, func(a, b string) int { return s.Sort.Compare("", a, "", b) })
	}
	return ids[:min(len(ids), s.Limit+1)]
}

// tagsFor answers the ids of the tags of persons, when a condition asks for them.
func (t *tx) tagsFor(ws workspace.ID, c *search.Condition, ids []string) (map[string][]string, error) {
	if !usesTags(c) {
		return nil, nil
	}
	applied, err := t.PersonTags(ws, ids)
	tags := make(map[string][]string, len(applied))
	for id, all := range applied {
		for _, tag := range all {
			tags[id] = append(tags[id], strconv.FormatInt(tag.Tag.ID, 10))
		}
	}
	return tags, err
}

func usesTags(c *search.Condition) (asks bool) {
	c.Fields(func(field string) { asks = asks || field == "tag_id" })
	return asks
}

// visitorTags answers the ids of the tags of all live visitors, who have absorbed nobody, when a condition asks for them.
func (t *tx) visitorTags(ws workspace.ID, c *search.Condition) (map[string][]string, error) {
	tags := map[string][]string{}
	if !usesTags(c) {
		return tags, nil
	}
	err := t.Query(`SELECT t.person_id, t.tag_id FROM person_tags t JOIN people p ON p.workspace = $1 AND p.id = t.person_id
		WHERE t.workspace = $1 AND p.role = 'visitor' AND p.state IS NULL`, []any{string(ws)}, func(r sqlengine.Row) error {
		tags[r.Text(0)] = append(tags[r.Text(0)], strconv.FormatInt(r.Int(1), 10))
		return nil
	})
	return tags, err
}

// peopleByID answers persons in the order of their ids in the list.
func (t *tx) peopleByID(ws workspace.ID, ids []string) ([]*people.Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	found, err := sqlengine.List(t, selectPerson+"AND id "+in, args, t.readPerson(ws))
	place := make(map[string]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	slices.SortFunc(found, func(p, q *people.Person) int { return place[p.ID] - place[q.ID] })
	return found, err
}

// SearchVisitors asks every live visitor who is not ruled out by a column that filters can be asked of.
func (t *tx) SearchVisitors(ws workspace.ID, s *search.Request) (*search.Page[*people.Person], error) {
	// Whoever asks for a page after the first knows the total, and in this order nobody is of interest after the page.
	enough := s.After != nil && s.Sort.Field == ""
	sql := newSearchSQL(ws)
	question := selectPerson + "AND role = 'visitor' AND state IS NULL" + sql.prefilter(s.Condition)
	if enough {
		question += sql.pageClause("id", s)
	}
	tags, err := t.visitorTags(ws, s.Condition)
	if err != nil {
		return nil, err
	}
	collector, seen := search.Collect[*people.Person](s), 0
	read := t.readPerson(ws)
	err = t.Query(question, sql.args, func(r sqlengine.Row) error {
		p, err := read(r)
		if err != nil {
			return err
		}
		if s.Condition.Matches(search.KeysOf(p, tags[p.ID])) {
			collector.Add(p)
			if seen++; enough && seen > s.Limit {
				return errEnough
			}
		}
		return nil
	})
	if enough && (err == nil || err == errEnough) {
		page := collector.Page()
		page.Total = s.After.Total
		if page.Next != nil {
			page.Next.Total = s.After.Total
		}
		return page, nil
	}
	if err != nil {
		return nil, err
	}
	return collector.Page(), nil
}
