package personindex

import (
	"slices"

	"lobby/internal/search"
)

// Index has the keys of all live persons of all workspaces.
type Index struct {
	spaces map[string]*space
	// isWorn is whether the space of any workspace ever was. An index that is filled anew is not.
	isWorn bool
}

// New returns an empty index.
func New() *Index { return &Index{spaces: map[string]*space{}} }

// Apply makes the index tell what is so after a change. Changes of one person must come in their order.
func (x *Index) Apply(workspace string, c *Change) {
	s := x.spaces[workspace]
	if s == nil {
		if c.Kind == Hidden {
			return
		}
		s = newSpace()
		x.spaces[workspace] = s
	}
	s.apply(c)
	x.isWorn = x.isWorn || s.isWorn()
}

// IsWorn reports whether an index that is filled anew would be much smaller or faster.
func (x *Index) IsWorn() bool { return x.isWorn }

// OutsidePrefix is the prefix of the fields that are not in the index, besides tag_id.
const OutsidePrefix = "@"

// Outside returns the ids of those who meet a condition, before its negation. It is a filter on tag_id, or has only fields that
// are not in the index.
type Outside = func(filter *search.Condition) ([]string, error)

// Search returns the ids on a page of the persons of a kind that meet a condition, and one more when there is a next
// page. The total is the number of all that meet it, whatever the cursor says. Nobody of those without is found.
func (x *Index) Search(workspace string, kind Kind, r *search.Request, ask Outside, without []string) (ids []string, total int, err error) {
	err = x.Match(workspace, kind, r.Condition, ask, without, func(m *Matches) error {
		total = m.Total
		if r.Limit > 0 {
			ids = m.First(r)
		}
		return nil
	})
	return ids, total, err
}

// Matches are those who meet a condition.
type Matches struct {
	Total   int
	space   *space
	members set
}

// First returns the ids on a page, and one more when there is a next page. Unless the order is that of ids, it reads the keys
// of all matches.
func (m *Matches) First(r *search.Request) []string { return m.space.firstOf(m.members, r, r.Limit+1) }

// Has reports whether the one with an id is among them.
func (m *Matches) Has(id string) bool {
	n, known := m.space.find(id)
	return known && m.members.has(n)
}

// Match calls use with those of a kind who meet a condition, but for those without, unless the workspace has nobody. They are
// valid until it returns.
func (x *Index) Match(workspace string, kind Kind, c *search.Condition, ask Outside, without []string, use func(*Matches) error) error {
	s := x.spaces[workspace]
	if s == nil {
		return nil
	}
	found := borrow(s.words())
	defer giveBack(found)
	if err := s.meet(c, ask, *found); err != nil {
		return err
	}
	found.and(s.kinds[kind])
	for _, id := range without {
		if n, known := s.find(id); known {
			found.remove(n)
		}
	}
	return use(&Matches{Total: found.count(), space: s, members: *found})
}

// Count returns the number of persons of a kind, and how many of them a list that begins with the newest shows down to a
// place, inclusive.
func (x *Index) Count(workspace string, kind Kind, until search.Place) (all, shown int) {
	s := x.spaces[workspace]
	if s == nil {
		return 0, 0
	}
	return s.kinds[kind].count(), s.countUntil(s.kinds[kind], until)
}

// Size returns the bytes of the texts that the index holds, and those that it takes beside.
func (x *Index) Size() (texts, rest int) {
	add := func(t, r int) { texts, rest = texts+t, rest+r }
	for _, s := range x.spaces {
		add(s.ids.size())
		for _, f := range s.fields {
			add(f.texts.size())
			add(0, f.numbers.size())
		}
		for _, members := range slices.Concat(s.kinds[:], []set{s.isLate}) {
			rest += 8 * cap(members)
		}
		rest += 4 * cap(s.late)
	}
	return texts, rest
}
