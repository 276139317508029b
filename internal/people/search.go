package people

import (
	"context"
	"time"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// SearchOrder is a search as a caller requests it, by default sorted by created_at.
type SearchOrder = search.Order

// SearchContacts returns the live contacts that meet a query. Errors: search.Error.
func (l *Lobby) SearchContacts(ctx context.Context, c workspace.Caller, order SearchOrder, extra ...Extra) (*search.Page[*Person], error) {
	return searchPage(ctx, l, c, ContactSearch, order, Reader.SearchContacts, func(r Reader, found []*Person) error {
		return showContacts(r, extra, found...)
	})
}

// SearchVisitors returns the live visitors that meet a query. It reads every visitor, unless ids, email addresses or
// numbers in the query narrow it. Errors: search.Error.
func (l *Lobby) SearchVisitors(ctx context.Context, c workspace.Caller, order SearchOrder) (*search.Page[*Person], error) {
	if err := l.Store.Flush(ctx); err != nil {
		return nil, err
	}
	return searchPage(ctx, l, c, VisitorSearch, order, Reader.SearchVisitors, func(r Reader, found []*Person) error {
		return l.showVisitors(r, c, found...)
	})
}

// searchPage reads one page of records, and calls show to set what their view shows.
func searchPage[T search.Record](ctx context.Context, l *Lobby, c workspace.Caller, table *search.Table, order SearchOrder,
	ask func(Reader, workspace.ID, *search.Request) (*search.Page[T], error), show func(Reader, []T) error,
) (*search.Page[T], error) {
	return read(ctx, l, func(r Reader) (page *search.Page[T], err error) {
		condition, err := l.understand(r, c, table, &order)
		if err != nil {
			return nil, err
		}
		sort, err := sortOf(&order, table)
		if err != nil {
			return nil, err
		}
		page, err = ask(r, c.Workspace, &search.Request{Condition: condition, Sort: sort, After: order.After, Limit: min(order.Limit, MaxPage)})
		if err != nil {
			return nil, err
		}
		return page, show(r, page.Found)
	})
}

// understand checks the query of a search by the rules of its workspace, and returns its condition.
func (l *Lobby) understand(r Reader, c workspace.Caller, table *search.Table, order *SearchOrder) (*search.Condition, error) {
	rules := order.Rules
	rules.Now, rules.Attribute = l.Unix(), l.comparisons(r, c.Workspace, AttributeModel(table.Model))
	rules.Segment, rules.E164 = segmentQueries(r, c.Workspace), l.Store.E164
	var err error
	if rules.Zone, err = time.LoadLocation(c.Timezone); err != nil { // "" is UTC
		return nil, err
	}
	condition, err := order.Query.Check(table, rules)
	if err != nil || c.SearchLag == 0 {
		return condition, err
	}
	// Records updated within the search lag are not found yet, as if an index lagged behind.
	settled := &search.Condition{Field: "updated_at", Test: search.Between, Keys: []string{"", search.JustAfter(search.NumberKey(search.IntValue(rules.Now - c.SearchLag)))}}
	return &search.Condition{Combine: search.And, Parts: []*search.Condition{condition, settled}}, nil
}

// sortOf returns the order in which a table's records are requested.
func sortOf(o *SearchOrder, table *search.Table) (search.Sort, error) {
	s := search.Sort{Ascending: o.Ascending}
	switch o.Field {
	case "", "id", "created_at": // an id alone orders nothing: imported ones do not tell the age
		return s, nil
	}
	f, ok := table.Field(o.Field)
	switch {
	case ok && f.Type != search.List:
		s.Field = f.Key
	case !o.AnyField:
		return s, &search.Error{Path: "sort.field", Reason: o.Field + " is not a field to sort by", Unknown: true}
	}
	return s, nil
}
