package personindex

import (
	"slices"

	"lobby/internal/search"
)

// created is the field that orders those whom nothing else orders.
const created = "created_at"

// firstOf returns the ids of the first members in the order of a search, behind its cursor, at most max.
func (s *space) firstOf(members set, r *search.Request, max int) (ids []string) {
	f, times := s.fields[r.Sort.Field], s.fields[created]
	by := f // what decides first
	switch {
	case r.Sort.ByID:
		times = nil
	case r.Sort.Field == "":
		by = times
	}
	if by != nil {
		some := borrow(len(members))
		defer giveBack(some)
		copy(*some, members)
		s.narrow(*some, by, r, max)
		members = *some
	}
	var first []search.Place // sorted
	members.each(func(n uint32) bool {
		at := search.Place{Key: f.key(n)}
		if isFull := len(first) == max; isFull {
			last := first[max-1]
			if r.Sort.Compare(search.Place{Key: at.Key}, search.Place{Key: last.Key}) > 0 {
				return true
			}
			if at.Created = times.key(n); r.Sort.Compare(at, search.Place{Key: last.Key, Created: last.Created}) > 0 && at.Created != last.Created {
				return true
			}
		}
		at.Created, at.ID = times.key(n), s.id(n)
		if r.After != nil && r.Sort.Compare(at, r.After.Place) <= 0 {
			return true
		}
		if i, _ := slices.BinarySearchFunc(first, at, r.Sort.Compare); i < max {
			first = slices.Insert(first[:min(len(first), max-1)], min(i, max-1), at)
		}
		return true
	})
	for _, at := range first {
		ids = append(ids, at.ID)
	}
	return ids
}

// narrow takes those members out of a set who cannot be among the first max behind the cursor, in an order that a field decides
// first. It looks at codes, so some stay who are not among them.
func (s *space) narrow(members set, by *field, r *search.Request, max int) {
	numbered, worded := borrow(len(members)), borrow(len(members))
	defer giveBack(numbered)
	defer giveBack(worded)
	copy(*numbered, members)
	numbered.and(by.numbers.given)
	copy(*worded, members)
	worded.and(by.texts.given)
	members.without(*numbered)
	members.without(*worded)
	isCut, isByField := false, r.Sort.Field != ""
	switch hasNumbers := numbered.count() > 0; {
	case hasNumbers && worded.count() > 0: // which are among each other
	case isByField && r.After != nil && r.After.Key == "": // where those without a key are, who come last
		clear(*numbered)
		clear(*worded)
		isCut = true
	case hasNumbers:
		if isCut = r.After == nil || s.behind(*numbered, by, r.Sort, r.After.Place); isCut {
			by.numbers.outermost(*numbered, max, r.Sort.Ascending)
		}
	default:
		isCut = s.narrowTexts(*worded, by.texts, r, max)
	}
	if isCut && isByField && len(by.numbers.odd) == 0 {
		if numbered.count()+worded.count() >= max {
			clear(members)
		}
		s.narrowKeyless(members, r, max)
	}
	members.or(*numbered)
	members.or(*worded)
}

// narrowKeyless is narrow for those without a key, who are in the order of their creation.
func (s *space) narrowKeyless(members set, r *search.Request, max int) {
	times := s.fields[created]
	if times == nil || r.Sort.ByID {
		return
	}
	timed := borrow(len(members))
	defer giveBack(timed)
	copy(*timed, members)
	timed.and(times.numbers.given)
	members.without(*timed)
	order := search.Sort{Ascending: r.Sort.Ascending}
	if r.After == nil || r.After.Key != "" || s.behind(*timed, times, order, search.Place{Created: r.After.Created, ID: r.After.ID}) {
		times.numbers.outermost(*timed, max, r.Sort.Ascending)
	}
	members.or(*timed)
}

// narrowTexts is narrow for those who have a text. It reports whether nobody is left who comes before the cursor.
func (s *space) narrowTexts(members set, c *texts, r *search.Request, max int) bool {
	if c.few != nil {
		return r.After == nil
	}
	if r.After != nil {
		same := borrow(len(members))
		defer giveBack(same)
		c.starts.behind(r.After.Key, r.Sort.Ascending, members, *same)
		same.each(func(n uint32) bool {
			place := search.Place{Key: string(c.many.get(n))}
			if place.Key == r.After.Key {
				place.ID = s.id(n)
				if !r.Sort.ByID {
					place.Created = s.fields[created].key(n)
				}
			}
			if r.Sort.Compare(place, r.After.Place) > 0 {
				members.add(n)
			}
			return true
		})
	}
	c.starts.outermost(members, max, r.Sort.Ascending)
	return true
}

// behind keeps those of a set of members who come after a place, in an order that a field decides first. It reports whether it
// could. All of them have a code.
func (s *space) behind(members set, by *field, order search.Sort, at search.Place) bool {
	key := at.Key
	if order.Field == "" {
		key = at.Created
	}
	code, ok := numberCode(key)
	if !ok || key == "" {
		return false
	}
	part, numbers := borrow(len(members)), &by.numbers
	defer giveBack(part)
	if order.Ascending {
		numbers.between(code, 0, *part)
	} else {
		numbers.between(0, code+1, *part)
	}
	members.and(*part)
	clear(*part)
	numbers.equal(code, *part)
	part.and(members)
	part.each(func(n uint32) bool {
		place := search.Place{Key: at.Key, Created: at.Created, ID: s.id(n)}
		if order.Field != "" && !order.ByID {
			place.Created = s.fields[created].key(n)
		}
		if order.Compare(place, at) <= 0 {
			members.remove(n)
		}
		return true
	})
	return true
}

// countUntil returns how many members of a set come down to a place, inclusive, in the order of a list: the newest first.
func (s *space) countUntil(members set, at search.Place) (count int) {
	times := s.fields[created]
	rest := borrow(s.words())
	defer giveBack(rest)
	copy(*rest, members)
	if times != nil {
		rest.and(times.numbers.given)
		all := rest.count()
		if s.behind(*rest, times, search.Sort{}, at) {
			count = all - rest.count()
			copy(*rest, members)
			rest.without(times.numbers.given)
		} else {
			copy(*rest, members)
		}
	}
	rest.each(func(n uint32) bool {
		if (search.Sort{}).Compare(search.Place{Created: times.key(n), ID: s.id(n)}, at) <= 0 {
			count++
		}
		return true
	})
	return count
}
