package personindex

import (
	"slices"
	"strings"
)

// roll gives each id an ordinal, in the order in which they come. Ids begin with the time of creation, so that nearly
// always the ordinals are in the order of the ids, too. The few that came late are kept aside.
type roll struct {
	ids    pages
	size   uint32   // of all ordinals
	last   string   // the greatest id that did not come late
	isLate set      // the ordinals of those that came after a greater id
	late   []uint32 // the same, in the order of their ids
}

func (r *roll) id(n uint32) string { return string(r.ids.get(n)) }

// find returns the ordinal of an id, and whether it has one.
func (r *roll) find(id string) (uint32, bool) {
	if n := r.first(id); n < r.size && r.id(n) == id {
		return n, true
	}
	if i, found := r.firstLate(id); found {
		return r.late[i], true
	}
	return 0, false
}

// add returns the ordinal of an id, which it gets unless it has one.
func (r *roll) add(id string) uint32 {
	if id <= r.last {
		if n, known := r.find(id); known {
			return n
		}
	}
	n := r.size
	r.size++
	r.ids.put(n, id)
	if n == 0 || id > r.last {
		r.last = id
		return n
	}
	at, _ := r.firstLate(id)
	r.late = slices.Insert(r.late, at, n)
	r.isLate.add(n)
	return n
}

// first returns the least ordinal, of those that did not come late, whose id is at least the given one. It is the number
// of ordinals when there is none.
func (r *roll) first(id string) uint32 {
	low, high := uint32(0), r.size // all below low have lesser ids, and none from high on
	for low < high {
		middle := low + (high-low)/2
		at := middle
		for at > low && r.isLate.has(at) {
			at--
		}
		switch {
		case r.isLate.has(at): // all from low to the middle came late
			low = middle + 1
		case string(r.ids.get(at)) < id:
			low = middle + 1
		default:
			high = at
		}
	}
	for low < r.size && r.isLate.has(low) {
		low++
	}
	return low
}

// firstLate returns where an id is among those that came late, or would be.
func (r *roll) firstLate(id string) (int, bool) {
	return slices.BinarySearchFunc(r.late, id, func(n uint32, id string) int { return strings.Compare(string(r.ids.get(n)), id) })
}
