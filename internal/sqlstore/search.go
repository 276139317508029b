package sqlstore

import (
	"errors"
	"slices"
	"strconv"

	"lobby/internal/people"
	"lobby/internal/personindex"
	"lobby/internal/search"
	"lobby/internal/searchsql"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// limits are the sizes at which a search changes its strategy.
type limits struct {
	// candidates is the largest number of contacts that are read and tested in memory rather than by SQL.
	candidates int64
	// matches is the largest number of matches that are sorted. More are found by a walk in the order of the result.
	matches int
	// ids is the largest number of candidates whose matching ids are collected at once. Of more, matches are counted
	// first and read by a second query.
	ids int64
}

// maxNarrow is how many persons a search reads at once when the database finds them by an index of its own.
const maxNarrow = 50

var usualLimits = limits{candidates: 1000, matches: 5000, ids: 100_000}

// SearchContacts implements people.SearchReader.
func (t *tx) SearchContacts(ws workspace.ID, s *search.Request) (*search.Page[*people.Person], error) {
	return t.searchPeople(ws, personindex.Contacts, s)
}

// SearchVisitors implements people.SearchReader.
func (t *tx) SearchVisitors(ws workspace.ID, s *search.Request) (*search.Page[*people.Person], error) {
	return t.searchPeople(ws, personindex.Visitors, s)
}

// searchPeople asks the index; without one it reads the rows. Those whom the database finds by an index of its own are read at
// once if they are few: what the index of people takes grows with their number.
func (t *tx) searchPeople(ws workspace.ID, kind personindex.Kind, s *search.Request) (*search.Page[*people.Person], error) {
	s, err := t.placed(personTable, ws, s)
	switch {
	case err != nil:
		return nil, err
	case kind == personindex.Contacts && t.hasKeys():
		return t.searchKeys(ws, s)
	}
	isNarrow := searchsql.IsNarrow(s.Condition) && !t.left[emailKeysLeft]
	if isNarrow {
		sql := newSearchSQL(ws)
		query := "SELECT id FROM people WHERE workspace = $1 " + areLive[kind] + sql.prefilter(s.Condition) + " LIMIT "
		ids, err := sqlengine.List(t, query+strconv.Itoa(maxNarrow+1), sql.Args, readID)
		if err != nil {
			return nil, err
		}
		if len(ids) <= maxNarrow {
			return t.filterInMemory(ws, kind, s, ids)
		}
	}
	if page, has, err := t.searchIndex(ws, kind, s); has || err != nil {
		return page, err
	}
	if t.mustAwait() && !isNarrow {
		return nil, errAwaitIndex
	}
	return t.searchRows(ws, kind, s)
}

// searchKeys plans the cheapest access path: the filters that the fewest contacts can pass, counted no further
// than needed. A few candidates are read and tested in memory, unless SQL can tell cheaply which of them the page
// needs. Otherwise SQL finds or counts the matches along the path. A page of many matches comes from a walk in the
// order of the result, which ends with the page.
func (t *tx) searchKeys(ws workspace.ID, s *search.Request) (*search.Page[*people.Person], error) {
	// On later pages of many matches, any walk will do.
	probeFar := s.After == nil || s.After.Total <= t.limits.matches
	plan := searchsql.Planner{Workspace: ws, Candidates: t.limits.candidates, Count: func(sql string, args []any) (int64, error) {
		return sqlengine.Number(t, sql, args)
	}}
	path, size, err := plan.Plan(s.Condition, probeFar)
	if err != nil {
		return nil, err
	}
	if path != nil && size <= t.limits.candidates && (size <= int64(s.Limit) || s.Sort.Field != "" || !path.RestIsCheap(s.Condition)) {
		ids, err := t.candidates(ws, path)
		if err != nil {
			return nil, err
		}
		return t.filterInMemory(ws, personindex.Contacts, s, ids)
	}
	// A plan for any values does not know how many keys pass a filter, and can take quadratic time.
	if t.dialect.ReplanSQL != "" {
		if err := t.Exec(t.dialect.ReplanSQL, nil); err != nil {
			return nil, err
		}
	}
	var found []search.Place
	total := 0
	switch {
	case s.After != nil:
		total = s.After.Total
	case path != nil && size <= t.limits.ids:
		found, err = t.matches(ws, s.Condition, path)
		total = len(found)
	default:
		total, err = t.countContacts(ws, s.Condition, path)
	}
	switch {
	case err != nil:
		return nil, err
	case s.Limit == 0 || total == 0:
		return search.PageOf[*people.Person](s, nil, total), nil
	case found != nil && s.Sort.Field == "":
	case total > t.limits.matches || s.Sort.Field == "" && path.WalksByAge():
		found, err = t.walkContacts(ws, s, path)
	case found == nil:
		found, err = t.matches(ws, s.Condition, path)
	}
	if err != nil {
		return nil, err
	}
	if s.Sort.Field != "" && total <= t.limits.matches {
		return t.filterInMemory(ws, personindex.Contacts, s, idsOf(found))
	}
	all, err := t.peopleByID(ws, idsOf(firstPlaces(s, found)))
	return search.PageOf(s, all, total), err
}

// filterInMemory reads persons by their ids and returns a page of those of a kind that meet the condition.
func (t *tx) filterInMemory(ws workspace.ID, kind personindex.Kind, s *search.Request, ids []string) (*search.Page[*people.Person], error) {
	collector := search.Collect[*people.Person](s)
	for part := range slices.Chunk(ids, batch) {
		if err := t.eachMatch(ws, kind, s.Condition, part, collector.Add); err != nil {
			return nil, err
		}
	}
	return collector.Page(), nil
}

// eachMatch reads persons by their ids and calls do for those of a kind that meet the condition.
func (t *tx) eachMatch(ws workspace.ID, kind personindex.Kind, c *search.Condition, ids []string, do func(*people.Person)) error {
	all, err := t.peopleByID(ws, ids)
	if err != nil {
		return err
	}
	tags, err := t.tagsFor(ws, c, ids)
	if err != nil {
		return err
	}
	for _, p := range all {
		if listOf(p) == kind && c.Matches(search.KeysOf(p, tags[p.ID])) {
			do(p)
		}
	}
	return nil
}

// firstPlaces returns the first places of a page and one more. They come in any order, unless a field orders them.
func firstPlaces(s *search.Request, found []search.Place) []search.Place {
	if s.Sort.Field == "" {
		if s.After != nil {
			found = slices.DeleteFunc(found, func(p search.Place) bool { return s.Sort.Compare(p, s.After.Place) <= 0 })
		}
		slices.SortFunc(found, s.Sort.Compare)
	}
	return found[:min(len(found), s.Limit+1)]
}

func idsOf(places []search.Place) []string {
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	return ids
}

// tagsFor returns the ids of the tags of persons when a condition uses tags, and nothing otherwise.
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

func usesTags(c *search.Condition) (uses bool) {
	c.Fields(func(field string) { uses = uses || field == "tag_id" })
	return uses
}

// allTags returns the ids of the tags of all persons when a condition uses tags. Those of the people whom a person
// absorbed are among its own.
func (t *tx) allTags(ws workspace.ID, c *search.Condition) (map[string][]string, error) {
	tags := map[string][]string{}
	if !usesTags(c) {
		return tags, nil
	}
	err := t.Query(`SELECT coalesce(p.merged_into, p.id), t.tag_id FROM person_tags t JOIN people p ON p.workspace = $1 AND p.id = t.person_id
		WHERE t.workspace = $1`, []any{string(ws)}, func(r sqlengine.Row) error {
		tags[r.Text(0)] = append(tags[r.Text(0)], strconv.FormatInt(r.Int(1), 10))
		return nil
	})
	return tags, err
}

// peopleByID returns persons in the order of their ids in the list.
func (t *tx) peopleByID(ws workspace.ID, ids []string) ([]*people.Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	found, err := sqlengine.List(t, selectPerson+"AND id "+in, args, t.readPerson(ws))
	position := make(map[string]int, len(ids))
	for i, id := range ids {
		position[id] = i
	}
	slices.SortFunc(found, func(p, q *people.Person) int { return position[p.ID] - position[q.ID] })
	return found, err
}

// areLive are the conditions of those that a list shows.
var areLive = map[personindex.Kind]string{
	personindex.Visitors: "AND role = 'visitor' AND state IS NULL", personindex.Contacts: liveContacts,
}

// searchRows reads every person of a list that no column rules out, and tests the condition in memory.
func (t *tx) searchRows(ws workspace.ID, kind personindex.Kind, s *search.Request) (*search.Page[*people.Person], error) {
	// After the first page the total is known. In the order of age, reading can end with the page.
	enough := s.After != nil && s.Sort.Field == ""
	sql := newSearchSQL(ws)
	query := selectPerson + areLive[kind]
	if !t.left[emailKeysLeft] {
		query += sql.prefilter(s.Condition)
	}
	if enough {
		query += sql.ByAge("", s)
	}
	tags, err := t.allTags(ws, s.Condition)
	if err != nil {
		return nil, err
	}
	collector, seen := search.Collect[*people.Person](s), 0
	read := t.readPerson(ws)
	err = t.Query(query, sql.Args, func(r sqlengine.Row) error {
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
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return nil, err
	case enough:
		return collector.PageWith(s.After.Total), nil
	}
	return collector.Page(), nil
}
