package people

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Search is a question for records of a kind, page by page.
type Search struct {
	Condition *Condition
	Sort      Sort
	// After is where the page before ended; nil for the first page.
	After *SearchPlace
	Limit int
}

// Sort is the order of an answer: by the key of a field, then by id, both in the same direction. What has no key comes
// last. By id, which begins with the time of creation, when Field is empty; newest first unless Ascending.
type Sort struct {
	Field     string
	Ascending bool
}

// SearchPlace is a place in an answer: just after a record. It stays valid whatever is written.
type SearchPlace struct {
	Key, ID string // of the last record before; Key is empty when the order is by id, or when the record has none
	// Page counts from 1, and Total is how many met the condition when the first page was asked for.
	Page, Total int
}

// Record is what searches find: persons or companies.
type Record interface {
	// SearchID is the id, which never changes and begins with the time of creation.
	SearchID() string
	// SearchKey answers the key in a field of the record's [SearchTable], by the field's Key; empty for nothing. It knows
	// nothing of lists.
	SearchKey(field string) string
}

// SearchPage is one page of an answer.
type SearchPage[T Record] struct {
	Found  []T
	Number int // from 1
	Total  int
	// Next is where the next page begins; nil on the last one.
	Next *SearchPlace
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

// SearchOrder is a search as a caller asks for it.
type SearchOrder struct {
	Query     Query
	Field     string // to sort by, as in a filter; empty for created_at
	Ascending bool
	// AnyField takes a field that cannot be sorted by for created_at, instead of refusing it.
	AnyField bool
	After    *SearchPlace
	Limit    int
	// Rules are completed with the workspace's time zone, the clock and the definitions of custom attributes.
	Rules SearchRules
}

// SearchContacts returns the live contacts that a query finds; SearchError.
func (l *Lobby) SearchContacts(ctx context.Context, c Caller, order SearchOrder, extra ...Extra) (*SearchPage[*Person], error) {
	return search(ctx, l, c, ContactSearch, order, Reader.SearchContacts, func(r Reader, found []*Person) error {
		return showContacts(r, extra, found...)
	})
}

// SearchVisitors returns the live visitors that a query finds; SearchError. It looks at every visitor, unless ids, email
// addresses or numbers narrow it.
func (l *Lobby) SearchVisitors(ctx context.Context, c Caller, order SearchOrder) (*SearchPage[*Person], error) {
	if err := l.Store.Flush(ctx); err != nil {
		return nil, err
	}
	return search(ctx, l, c, VisitorSearch, order, Reader.SearchVisitors, func(r Reader, found []*Person) error {
		return l.showVisitors(r, c, found...)
	})
}

// search asks for a page of records, and gives them what their view shows.
func search[T Record](ctx context.Context, l *Lobby, c Caller, table *SearchTable, order SearchOrder,
	ask func(Reader, WorkspaceID, *Search) (*SearchPage[T], error), show func(Reader, []T) error,
) (*SearchPage[T], error) {
	return read(ctx, l, func(r Reader) (page *SearchPage[T], err error) {
		condition, err := l.understand(r, c, table, &order)
		if err != nil {
			return nil, err
		}
		sort, err := order.sort(table)
		if err != nil {
			return nil, err
		}
		page, err = ask(r, c.Workspace, &Search{Condition: condition, Sort: sort, After: order.After, Limit: min(order.Limit, MaxPage)})
		if err != nil {
			return nil, err
		}
		return page, show(r, page.Found)
	})
}

// understand checks the query of an order by the rules of its workspace.
func (l *Lobby) understand(r Reader, c Caller, table *SearchTable, order *SearchOrder) (*Condition, error) {
	rules := order.Rules
	rules.Now, rules.Attribute = l.now(), l.comparisons(r, c.Workspace, AttributeModel(table.Model))
	rules.Segment = segmentQueries(r, c.Workspace)
	var err error
	if rules.Zone, err = time.LoadLocation(c.Timezone); err != nil { // "" is UTC
		return nil, err
	}
	condition, err := order.Query.Check(table, rules)
	if err != nil || c.SearchLag == 0 {
		return condition, err
	}
	// Who was written since then is not found yet, as if an index lagged behind.
	settled := &Condition{Field: "updated_at", Test: Between, Keys: []string{"", justAfter(NumberKey(IntValue(rules.Now - c.SearchLag)))}}
	return &Condition{Combine: And, Parts: []*Condition{condition, settled}}, nil
}

// sort answers the order in which a table's records are wanted.
func (o *SearchOrder) sort(table *SearchTable) (Sort, error) {
	s := Sort{Ascending: o.Ascending}
	switch o.Field {
	case "", "id", "created_at": // an id begins with the time of creation
		return s, nil
	}
	f, ok := table.find(o.Field)
	switch {
	case ok && f.Type != SearchList:
		s.Field = f.Key
	case !o.AnyField:
		return s, &SearchError{Path: "sort.field", Reason: o.Field + " is not a field to sort by", Unknown: true}
	}
	return s, nil
}

// Collector gathers a page out of records that come in any order, and counts them.
type Collector[T Record] struct {
	search *Search
	page   []T // at most one more than the page has, in order
	total  int
}

// Collect begins a page.
func Collect[T Record](s *Search) *Collector[T] { return &Collector[T]{search: s} }

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
func (c *Collector[T]) Page() *SearchPage[T] { return PageOf(c.search, c.page, c.total) }

// PageOf makes a page of the records that follow its beginning: all of them, or at least one more than fit.
func PageOf[T Record](s *Search, following []T, total int) *SearchPage[T] {
	page := &SearchPage[T]{Found: following[:min(len(following), s.Limit)], Number: 1, Total: total}
	if s.After != nil {
		page.Number = s.After.Page
	}
	if len(following) > s.Limit && s.Limit > 0 {
		last := page.Found[s.Limit-1]
		page.Next = &SearchPlace{s.Sort.KeyOf(last), last.SearchID(), page.Number + 1, total}
	}
	return page
}
