package sqlstore

import (
	"math"
	"slices"
	"strconv"

	"lobby/internal/search"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// accessPath is filters of which every match passes one. Nil stands for all contacts.
type accessPath []*search.Condition

// walksByID reports whether the keys of the driver lie in the order of ids.
func (d accessPath) walksByID() bool {
	return d == nil || len(d) == 1 && d[0].Test == search.OneOf && len(d[0].Keys) == 1 && d.isOneField()
}

// isOneField reports whether the driver is one filter on the keys of one field.
func (d accessPath) isOneField() bool {
	return len(d) == 1 && d[0].Field != "id" && d[0].Field != "tag_id"
}

// restIsCheap reports whether SQL can ask what a condition demands beyond the driver of each contact by itself, with at
// most one look into the keys for every filter.
func (d accessPath) restIsCheap(c *search.Condition) bool {
	switch {
	case !d.isOneField():
		return false
	case c == d[0]:
		return true
	case c.Combine != "":
		return !slices.ContainsFunc(c.Parts, func(part *search.Condition) bool { return !d.restIsCheap(part) })
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

// planAccess finds the cheapest driver of a condition, and how many keys it has to read: math.MaxInt64 when that is not known.
// It counts the filters side by side, each time four times further, so that it reads little more than the cheapest has,
// and hardly further than to few unless far.
func (t *tx) planAccess(ws workspace.ID, c *search.Condition, far bool) (accessPath, int64, error) {
	for bound := min(firstProbe, t.limits.candidates+1); ; bound *= 4 {
		p := prober{tx: t, ws: ws, bound: bound}
		best, size, err := p.cheapest(c)
		switch {
		case err != nil || size < bound:
			return best, size, err
		case bound > t.limits.candidates && (!far || p.asked < 2 || bound > maxProbe):
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
func (p *prober) cheapest(c *search.Condition) (best accessPath, size int64, err error) {
	if c.Not {
		return nil, 0, nil
	}
	switch c.Combine {
	case "":
		size, ok, err := p.probe(c)
		if !ok {
			return nil, 0, err
		}
		return accessPath{c}, size, err
	case search.Or:
		best = accessPath{}
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
