package api

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// POST /contacts/search
func (a *API) searchContacts(c *call) (encoder, error) {
	extra, err := c.merges()
	if err != nil {
		return nil, err
	}
	page, err := searchPage(c, defaultPage, func(ctx context.Context, by workspace.Caller, order search.Order) (*search.Page[*people.Person], error) {
		return a.lobby.SearchContacts(ctx, by, order, extra...)
	})
	if err != nil {
		return nil, err
	}
	return wire.ContactSearch{SearchPages: *page, Version: c.version}, nil
}

// POST /lobby/v1/visitors/search
func (a *API) searchVisitors(c *call) (encoder, error) {
	page, err := searchPage(c, defaultPage, a.lobby.SearchVisitors)
	if err != nil {
		return nil, err
	}
	return wire.VisitorSearch{SearchPages: *page, Base: a.base(c)}, nil
}

// POST /companies/search, POST /lobby/v1/companies/search
func (a *API) searchCompanies(c *call) (encoder, error) {
	page, err := searchPage(c, companiesPage, a.lobby.SearchCompanies)
	if err != nil {
		return nil, err
	}
	return wire.CompanySearch{SearchPages: *page, Version: c.version}, nil
}

// POST /conversations/search
func (a *API) searchConversations(c *call) (encoder, error) {
	page, err := searchPage(c, conversationsPage, func(ctx context.Context, by workspace.Caller, order search.Order) (*search.Page[*inbox.Conversation], error) {
		return a.inbox.Search(ctx, by, inbox.ContactRef{}, order)
	})
	if err != nil {
		return nil, err
	}
	return wire.ConversationList{SearchPages: *page, Words: wire.Words{Base: a.base(c)}, Version: c.version}, nil
}

// searchPage reads a search, which stands in the body as a whole: parameters of the URL do not count.
func searchPage[T search.Record](c *call, usualSize int,
	find func(context.Context, workspace.Caller, search.Order) (*search.Page[T], error),
) (*wire.SearchPages[T], error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	exact := c.version.AtLeast(apiversion.Preview)
	order := search.Order{
		Query: in.Query("query"),
		Limit: usualSize,
		Rules: search.Rules{
			Exact:          exact,
			OwnerText:      c.version.AtLeast(apiversion.V2_16) && !exact,
			FormattedPhone: c.version.AtLeast(apiversion.V2_16),
		},
	}
	pagination := in.Object("pagination")
	if n := pagination.Int("per_page").Or(0); n > 0 {
		order.Limit = int(min(n, people.MaxPage))
	}
	cursor := pagination.Text("starting_after").Or("")
	sorted := c.sort(in, &order)
	if err := in.Err(); err != nil {
		return nil, err
	}
	if sorted != nil {
		return nil, sorted
	}
	return pageOf(c, &order, cursor, find)
}

// pageOf returns the page of an order that begins at a cursor; "" is the beginning.
func pageOf[T search.Record](c *call, order *search.Order, cursor string,
	find func(context.Context, workspace.Caller, search.Order) (*search.Page[T], error),
) (*wire.SearchPages[T], error) {
	if cursor != "" {
		if order.After = readCursor(order, cursor); order.After == nil {
			return nil, errCursor
		}
	}
	page, err := find(c.r.Context(), c.caller(), *order)
	if err != nil {
		return nil, err
	}
	shown := &wire.SearchPages[T]{Page: page, PerPage: order.Limit}
	if page.Next != nil {
		shown.Next = writeCursor(order, page.Next)
	}
	return shown, nil
}

// sortOrderError: the answer cannot be put in that order.
type sortOrderError struct{ order string }

func (e *sortOrderError) Error() string { return "no such order: " + e.order }

// sort reads the order of the answer. The description has it from 2.16 on; clients send it in every version, under
// either name, and before 2.16 nobody is told of what cannot be understood.
func (c *call) sort(in *jsonio.Object, order *search.Order) error {
	strict := c.version.AtLeast(apiversion.V2_16)
	field, direction := "", ""
	for _, from := range []struct {
		in               *jsonio.Object
		field, direction string
	}{
		{in, "sort_field", "sort_order"},
		{in.Object("sort"), "sort_field", "sort_order"},
		{in.Object("sort"), "field", "order"},
	} {
		field = from.in.Text(from.field).Or(field)
		direction = from.in.Text(from.direction).Or(direction)
	}
	switch direction {
	case "ascending":
		order.Ascending = true
	case "", "descending":
	default:
		if strict {
			return &sortOrderError{direction}
		}
	}
	order.Field = field
	order.AnyField = !strict
	return nil
}

// writeCursor makes a cursor of a place and the order in which it is one. It needs no escaping in a URL.
func writeCursor(order *search.Order, at *search.Cursor) string {
	text := strings.Join([]string{
		order.Field, strconv.FormatBool(order.Ascending), strconv.Itoa(at.Page), strconv.Itoa(at.Total), placeOf(at), at.Key,
	}, "\n")
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// readCursor reads what writeCursor wrote for the same order; nil when the cursor is none of ours.
func readCursor(order *search.Order, cursor string) *search.Cursor {
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	parts := strings.SplitN(string(text), "\n", 6)
	if err != nil || len(parts) != 6 || !workspace.IsText(string(text)) ||
		parts[0] != order.Field || parts[1] != strconv.FormatBool(order.Ascending) || !workspace.IsListPlace(parts[4]) {
		return nil
	}
	page, pageErr := strconv.Atoi(parts[2])
	total, totalErr := strconv.Atoi(parts[3])
	if pageErr != nil || totalErr != nil || page < 2 || total < 0 || page > search.MaxWhole || total > search.MaxWhole {
		return nil
	}
	found := &search.Cursor{Page: page, Total: total}
	id, createdAt, told := workspace.ReadListPlace(parts[4])
	if found.ID, found.Key = id, parts[5]; told {
		found.Created = search.NumberKey(search.IntValue(createdAt))
	}
	return found
}

// placeOf returns the place at which a cursor is.
func placeOf(at *search.Cursor) string {
	if at.Created == "" {
		return at.ID
	}
	createdAt, _, _ := search.KeyNumber(at.Created)
	return workspace.ListPlace(at.ID, createdAt)
}
