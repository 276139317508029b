package search

import (
	"cmp"
	"slices"
)

// Request is a question for records of a kind, page by page.
type Request struct {
	Condition *Condition
	Sort      Sort
	// After is where the page before ended; nil for the first page.
	After *Cursor
	Limit int
}

// Sort is the order of an answer: by the key of a field, then by id, both in the same direction. What has no key comes
// last. By id, which begins with the time of creation, when Field is empty; newest first unless Ascending.
type Sort struct {
	Field     string
	Ascending bool
}

// Cursor is a place in an answer: just after a record. It stays valid whatever is written.
type Cursor struct {
	Key, ID string // of the last record before; Key is empty when the order is by id, or when the record has none
	// Page counts from 1, and Total is how many met the condition when the first page was asked for.
	Page, Total int
}

// Record is what searches find: persons or companies.
type Record interface {
	// SearchID is the id, which never changes and begins with the time of creation.
	SearchID() string
	// SearchKey answers the key in a field of the record's [Table], by the field's Key; empty for nothing. It knows
	// nothing of lists.
	SearchKey(field string) string
}

// Page is one page of an answer.
type Page[T Record] struct {
	Found  []T
	Number int // from 1
	Total  int
	// Next is where the next page begins; nil on the last one.
	Next *Cursor
}

// Compare tells in which order two records stand, by their keys of the order's field and their ids.
func (s Sort) Compare(key, id, otherKey, otherID string) int {
	order := cmp.Compare(id, otherID)
	switch {
	case key == otherKey:
	case key == "":
		return 1
	case otherKey == "":
		return -1
	default:
		order = cmp.Compare(key, otherKey)
	}
	if s.Ascending {
		return order
	}
	return -order
}

// KeyOf is the key by which the order places a record.
func (s Sort) KeyOf(r Record) string {
	if s.Field == "" {
		return ""
	}
	return r.SearchKey(s.Field)
}

// Collector gathers a page out of records that come in any order, and counts them.
type Collector[T Record] struct {
	search *Request
	page   []T // at most one more than the page has, in order
	total  int
}

// Collect begins a page.
func Collect[T Record](s *Request) *Collector[T] { return &Collector[T]{search: s} }

// Add offers one record more that meets the condition.
func (c *Collector[T]) Add(found T) {
	c.total++
	sort := c.search.Sort
	key, id := sort.KeyOf(found), found.SearchID()
	if after := c.search.After; after != nil && sort.Compare(key, id, after.Key, after.ID) <= 0 {
		return
	}
	at := len(c.page)
	for at > 0 && sort.Compare(key, id, sort.KeyOf(c.page[at-1]), c.page[at-1].SearchID()) < 0 {
		at--
	}
	if at > c.search.Limit {
		return
	}
	c.page = slices.Insert(c.page, at, found)
	c.page = c.page[:min(len(c.page), c.search.Limit+1)]
}

// Page answers the page.
func (c *Collector[T]) Page() *Page[T] { return PageOf(c.search, c.page, c.total) }

// PageOf makes a page of the records that follow its beginning: all of them, or at least one more than fit.
func PageOf[T Record](s *Request, following []T, total int) *Page[T] {
	page := &Page[T]{Found: following[:min(len(following), s.Limit)], Number: 1, Total: total}
	if s.After != nil {
		page.Number = s.After.Page
	}
	if len(following) > s.Limit && s.Limit > 0 {
		last := page.Found[s.Limit-1]
		page.Next = &Cursor{s.Sort.KeyOf(last), last.SearchID(), page.Number + 1, total}
	}
	return page
}
