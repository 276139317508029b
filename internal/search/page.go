package search

import (
	"cmp"
	"slices"
)

// Order is a search as a caller requests it.
type Order struct {
	Query     Query
	Field     string // to sort by, as in a filter; empty for what the table is sorted by as a rule
	Ascending bool
	// AnyField sorts as a rule when Field cannot be sorted by, instead of refusing it.
	AnyField bool
	After    *Cursor
	Limit    int
	// Rules are completed by the use case: with the clock, the time zone and the definitions of custom attributes.
	Rules Rules
}

// Request asks for one page of the records that meet a condition.
type Request struct {
	Condition *Condition
	Sort      Sort
	// After is the end of the previous page; nil for the first page.
	After *Cursor
	Limit int // max records per page
}

// Sort is the order of the results: by the key of a field, then by the time of creation, then by id, all in the same
// direction. Records without a key come last in both directions. An empty Field sorts by the time of creation and id
// alone, so the order is newest first unless Ascending.
type Sort struct {
	Field     string
	Ascending bool
	// ByID leaves the time of creation out of the order, for records whose ids are given in turn.
	ByID bool
}

// Place is where a record stands in an order.
type Place struct {
	// Key is the record's key of the sort field; empty without a field, and for a record without a key.
	Key string
	// Created is the key of the time of creation; empty in an order that leaves it out. An id does not tell that, because
	// imported records keep their ids.
	Created string
	ID      string
}

// Cursor is a position in the results, just after a record. Later writes do not invalidate it.
type Cursor struct {
	// Place is that of the last record before the position. A store finds out an empty Created.
	Place
	// Page is the number of the page that begins here. Total is the number of all results, counted with the first page.
	Page, Total int
}

// Record is what a search finds: a person or a company.
type Record interface {
	// SearchID returns the id, which never changes.
	SearchID() string
	// SearchKey returns the record's key for a field, named by [Field.Key]; "" when the record has no value. Fields of
	// type [List] are not supported: [KeysOf] adds them.
	SearchKey(field string) string
}

// Page is one page of results.
type Page[T Record] struct {
	Found  []T
	Number int // from 1
	Total  int // results on all pages
	// Next is the position after this page; nil on the last page.
	Next *Cursor
}

// Compare returns a negative number when the first record comes before the other, a positive one when it comes after,
// and 0 when they are the same record.
func (s Sort) Compare(p, q Place) int {
	order := cmp.Or(cmp.Compare(p.Created, q.Created), cmp.Compare(p.ID, q.ID))
	switch {
	case p.Key == q.Key:
	case p.Key == "":
		return 1
	case q.Key == "":
		return -1
	default:
		order = cmp.Compare(p.Key, q.Key)
	}
	if s.Ascending {
		return order
	}
	return -order
}

// PlaceOf returns where a record stands.
func (s Sort) PlaceOf(r Record) Place {
	at := Place{ID: r.SearchID()}
	if !s.ByID {
		at.Created = r.SearchKey("created_at")
	}
	if s.Field != "" {
		at.Key = r.SearchKey(s.Field)
	}
	return at
}

// Collector makes a page from records that are added in any order, and counts them.
type Collector[T Record] struct {
	search *Request
	page   []T // sorted; at most one record more than the limit
	total  int
}

// Collect returns an empty collector for a request.
func Collect[T Record](s *Request) *Collector[T] { return &Collector[T]{search: s} }

// Add takes one more record. The caller has checked that it meets the condition.
func (c *Collector[T]) Add(found T) {
	c.total++
	sort := c.search.Sort
	place := sort.PlaceOf(found)
	if after := c.search.After; after != nil && sort.Compare(place, after.Place) <= 0 {
		return
	}
	at := len(c.page)
	for at > 0 && sort.Compare(place, sort.PlaceOf(c.page[at-1])) < 0 {
		at--
	}
	if at > c.search.Limit {
		return
	}
	c.page = slices.Insert(c.page, at, found)
	c.page = c.page[:min(len(c.page), c.search.Limit+1)]
}

// Page returns the page of all records added so far.
func (c *Collector[T]) Page() *Page[T] { return c.PageWith(c.total) }

// PageWith is Page with another total, where not all records were added.
func (c *Collector[T]) PageWith(total int) *Page[T] { return PageOf(c.search, c.page, total) }

// PageOf returns the page that begins with the first record of following. Following is sorted, and holds one record more
// than the limit unless there are no more.
func PageOf[T Record](s *Request, following []T, total int) *Page[T] {
	page := &Page[T]{Found: following[:min(len(following), s.Limit)], Number: 1, Total: total}
	if s.After != nil {
		page.Number = s.After.Page
	}
	if len(following) > s.Limit && s.Limit > 0 {
		last := page.Found[s.Limit-1]
		page.Next = &Cursor{s.Sort.PlaceOf(last), page.Number + 1, total}
	}
	return page
}
