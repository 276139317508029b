package sqlstore

import (
	"math"
	"slices"
	"strconv"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// driver is filters of which every match passes one. Nil stands for all contacts.
type driver []*search.Condition

// walksByID reports whether the keys of the driver lie in the order of ids.
func (d driver) walksByID() bool {
	return d == nil || len(d) == 1 && d[0].Test == search.OneOf && len(d[0].Keys) == 1 && d.isOneField()
}

// isOneField reports whether the driver is one filter on the keys of one field.
func (d driver) isOneField() bool {
	return len(d) == 1 && d[0].Field != "id" && d[0].Field != "tag_id"
}

// leavesLittle reports whether SQL can ask what a condition demands beyond the driver of each contact by itself, with at
// most one look into the keys for every filter.
func (d driver) leavesLittle(c *search.Condition) bool {
	switch {
	case !d.isOneField():
		return false
	case c == d[0]:
		return true
	case c.Combine != "":
		return !slices.ContainsFunc(c.Parts, func(part *search.Condition) bool { return !d.leavesLittle(part) })
	}
	switch c.Field {
	case "role", "created_at", "signed_up_at": // they ride along with every key
		return true
	case "id", "tag_id":
		return false
	}
	return c.Test == search.OneOf
}

// maxProbe is where counting what a filter lets through ends.
const maxProbe = 1_000_000

// firstProbe is where counting ends at first: most searches have a filter that hardly anybody passes.
const firstProbe = 64

// drive finds the cheapest driver of a condition, and how many keys it has to read: math.MaxInt64 when that is not known.
// It counts the filters side by side, each time four times further, so that it reads little more than the cheapest has,
// and hardly further than to few unless far.
func (t *tx) drive(ws workspace.ID, c *search.Condition, far bool) (driver, int64, error) {
	for bound := min(firstProbe, t.few.candidates+1); ; bound *= 4 {
		p := prober{tx: t, ws: ws, bound: bound}
		best, size, err := p.cheapest(c)
		switch {
		case err != nil || size < bound:
			return best, size, err
		case bound > t.few.candidates && (!far || p.asked < 2 || bound > maxProbe):
			return best, math.MaxInt64, err
		}
	}
}

// prober counts what filters let through, up to a bound.
type prober struct {
	*tx
	ws    workspace.ID
	bound int64
	asked int // filters
}

// cheapest is drive with counts that end at the bound. It answers no driver for a condition that has none.
func (p *prober) cheapest(c *search.Condition) (best driver, size int64, err error) {
	if c.Not {
		return nil, 0, nil
	}
	switch c.Combine {
	case "":
		size, ok, err := p.probe(c)
		if !ok {
			return nil, 0, err
		}
		return driver{c}, size, err
	case search.Or:
		best = driver{}
		for _, part := range c.Parts {
			one, n, err := p.cheapest(part)
			if err != nil || one == nil {
				return nil, 0, err
			}
			best, size = append(best, one...), size+n
		}
		return best, size, nil
	}
	for _, part := range c.Parts {
		one, n, err := p.cheapest(part)
		if err != nil {
			return nil, 0, err
		}
		if one != nil && (best == nil || n < size || n == size && !best.walksByID() && one.walksByID()) {
			best, size = one, n
		}
	}
	return best, size, nil
}

// probe counts what has to be read for those who may pass a filter.
func (p *prober) probe(c *search.Condition) (size int64, ok bool, err error) {
	p.asked++
	sql := newSearchSQL(p.ws)
	var rows string
	switch {
	case c.Field == "id":
		return int64(len(c.Keys)), c.Test == search.OneOf, nil
	case c.Test == search.OneOf && len(c.Keys) == 0:
		return 0, true, nil
	case c.Field == "tag_id":
		rows = sql.taggedRows(c)
	default:
		read := *c
		if c.Test == search.Containing || c.Test == search.EndingWith {
			read.Test, read.Keys = search.Given, nil // all of the field's keys have to be read
		}
		// The order keeps PostgreSQL from looking for so few rows anywhere but in the primary key.
		rows = sql.keyRows("1", &read) + " ORDER BY workspace, field, key"
	}
	err = p.Query("SELECT count(*) FROM ("+rows+" LIMIT "+strconv.FormatInt(p.bound, 10)+") AS bounded", sql.args, func(r sqlengine.Row) error {
		size = r.Int(0)
		return nil
	})
	return size, true, err
}

// candidates answers the ids of those who may pass a driver, each once.
func (t *tx) candidates(ws workspace.ID, d driver) ([]string, error) {
	if len(d) == 0 {
		return nil, nil
	}
	sql := newSearchSQL(ws)
	ids, err := sqlengine.List(t, sql.driven(d), sql.args, readID)
	slices.Sort(ids)
	return slices.Compact(ids), err
}

func readID(r sqlengine.Row) (string, error) { return r.Text(0), nil }

func (t *tx) countContacts(ws workspace.ID, c *search.Condition, d driver) (total int, err error) {
	sql := newSearchSQL(ws)
	err = t.Query("SELECT count(*) "+sql.from(d)+" AND "+sql.condition(c), sql.args, func(r sqlengine.Row) error {
		total = int(r.Int(0))
		return nil
	})
	return total, err
}

// matches answers the ids of all who meet a condition.
func (t *tx) matches(ws workspace.ID, c *search.Condition, d driver) ([]string, error) {
	sql := newSearchSQL(ws)
	return sqlengine.List(t, "SELECT x.contact_id "+sql.from(d)+" AND "+sql.condition(c), sql.args, readID)
}

// walkContacts answers the ids of a page, and of one more, reading keys in the order of the answer.
func (t *tx) walkContacts(ws workspace.ID, s *search.Request, d driver) ([]string, error) {
	if s.Sort.Field == "" {
		return t.walkByID(ws, s, d)
	}
	limit := " LIMIT " + strconv.Itoa(s.Limit+1)
	given := &search.Condition{Field: s.Sort.Field, Test: search.Given}
	var ids []string
	if s.After == nil || s.After.Key != "" {
		sql := newSearchSQL(ws)
		question := "SELECT x.contact_id " + sql.from(driver{given}) + " AND " + sql.condition(s.Condition) + sql.following("x.key, x.contact_id", s) + limit
		var err error
		if ids, err = sqlengine.List(t, question, sql.args, readID); err != nil || len(ids) > s.Limit {
			return ids, err
		}
	}
	// Those without a key come last, by id.
	rest := *s
	rest.Sort.Field, rest.Limit = "", s.Limit-len(ids)
	if s.After != nil && s.After.Key != "" {
		rest.After = nil
	}
	without := *given
	without.Not = true
	rest.Condition = &search.Condition{Combine: search.And, Parts: []*search.Condition{s.Condition, &without}}
	more, err := t.walkByID(ws, &rest, d)
	return append(ids, more...), err
}

// walkByID reads the keys of one of the filters with one key each, or the roles of everybody: both lie in the order of
// ids. Several keys are walked side by side.
func (t *tx) walkByID(ws workspace.ID, s *search.Request, d driver) ([]string, error) {
	walks := roles
	if d != nil && d.walksByID() {
		walks = []*search.Condition{d[0]}
	}
	limit := " LIMIT " + strconv.Itoa(s.Limit+1)
	var ids []string
	for _, walk := range walks {
		sql := newSearchSQL(ws)
		question := "SELECT x.contact_id " + sql.from(driver{walk}) + " AND " + sql.condition(s.Condition) + sql.following("x.contact_id", s) + limit
		some, err := sqlengine.List(t, question, sql.args, readID)
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
