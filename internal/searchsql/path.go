package searchsql

import (
	"math"
	"slices"
	"strconv"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// AccessPath is a list of filters, such that each match passes at least one. Nil stands for all contacts.
type AccessPath []*search.Condition

// WalksByAge reports whether the keys of the path lie in the order of age.
func (p AccessPath) WalksByAge() bool {
	return p == nil || len(p) == 1 && p[0].Test == search.OneOf && len(p[0].Keys) == 1 && p.isOneField()
}

// isOneField reports whether the path is one filter on the keys of one field.
func (p AccessPath) isOneField() bool {
	return len(p) == 1 && p[0].Field != "id" && p[0].Field != "tag_id"
}

// RestIsCheap reports whether SQL can test the rest of a condition for each contact alone, with at most one look-up in
// the keys for each filter.
func (p AccessPath) RestIsCheap(c *search.Condition) bool {
	switch {
	case !p.isOneField():
		return false
	case c == p[0]:
		return true
	case c.Combine != "":
		return !slices.ContainsFunc(c.Parts, func(part *search.Condition) bool { return !p.RestIsCheap(part) })
	}
	switch c.Field {
	case "role", "created_at", "signed_up_at": // columns of every key
		return true
	case "id", "tag_id":
		return false
	}
	return c.Test == search.OneOf
}

// IsNarrow reports whether an index of the database finds all that a condition can meet.
func IsNarrow(c *search.Condition) bool {
	if c.Not || c.Combine == search.Or {
		return false
	}
	if c.Combine == search.And {
		return slices.ContainsFunc(c.Parts, IsNarrow)
	}
	return c.Test == search.OneOf && (c.Field == "id" || c.Field == "email" || c.Field == "anonymous_id" || c.Field == "external_id")
}

// maxProbe is the number at which counting the keys of a filter ends.
const maxProbe = 1_000_000

// firstProbe is the number at which counting ends at first. Most searches have a filter that few contacts pass.
const firstProbe = 64

// Planner finds access paths.
type Planner struct {
	Workspace workspace.ID
	// Candidates is how many keys a path may have whose contacts are all read.
	Candidates int64
	// Count runs a query that counts.
	Count func(sql string, args []any) (int64, error)

	bound  int64 // at which counting ends
	probes int   // so far, with this bound
}

// Plan returns the cheapest access path of a condition and how many keys it reads, or math.MaxInt64 when that is
// not known. It counts the keys of all filters in rounds, each to four times the bound of the round before. So it
// reads little more than the cheapest filter has, and hardly more than p.Candidates unless probeFar.
func (p *Planner) Plan(c *search.Condition, probeFar bool) (AccessPath, int64, error) {
	for p.bound = min(firstProbe, p.Candidates+1); ; p.bound *= 4 {
		p.probes = 0
		best, size, err := p.cheapest(c)
		switch {
		case err != nil || size < p.bound:
			return best, size, err
		case p.bound > p.Candidates && (!probeFar || p.probes < 2 || p.bound > maxProbe):
			return best, math.MaxInt64, err
		}
	}
}

// cheapest is Plan with one bound. It returns no path for a condition that has none.
func (p *Planner) cheapest(c *search.Condition) (best AccessPath, size int64, err error) {
	if c.Not {
		return nil, 0, nil
	}
	switch c.Combine {
	case "":
		size, ok, err := p.probe(c)
		if !ok {
			return nil, 0, err
		}
		return AccessPath{c}, size, err
	case search.Or:
		best = AccessPath{}
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
		if one != nil && (best == nil || n < size || n == size && !best.WalksByAge() && one.WalksByAge()) {
			best, size = one, n
		}
	}
	return best, size, nil
}

// probe counts the rows that have to be read to find all that pass a filter.
func (p *Planner) probe(c *search.Condition) (size int64, ok bool, err error) {
	p.probes++
	sql := NewContacts(p.Workspace, nil)
	var rows string
	switch {
	case c.Field == "id":
		return int64(len(c.Keys)), c.Test == search.OneOf, nil
	case c.Test == search.OneOf && len(c.Keys) == 0:
		return 0, true, nil
	case c.Field == "tag_id":
		rows = sql.TaggedRows(c)
	default:
		read := *c
		if c.Test == search.Containing || c.Test == search.EndingWith {
			read.Test, read.Keys = search.Given, nil // all keys of the field have to be read
		}
		// With a small limit, PostgreSQL would read another index than the primary key if there were no order.
		rows = sql.KeyRows("1", &read) + " ORDER BY workspace, field, key"
	}
	size, err = p.Count("SELECT count(*) FROM ("+rows+" LIMIT "+strconv.FormatInt(p.bound, 10)+") AS bounded", sql.Args)
	return size, true, err
}
