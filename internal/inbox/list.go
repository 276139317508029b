package inbox

import (
	"context"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// Position is a place in the list of conversations, which begins with the latest update. The zero Position is the beginning.
type Position struct {
	UpdatedAt int64
	ID        int64
}

// sortFields are the fields that conversations can be sorted by.
var sortFields = []string{"id", "created_at", "updated_at", "waiting_since", "snoozed_until"}

// Search returns the conversations that meet a query, without their parts: those of one contact, or of all when it is blank.
// A blank query lists them. By default the latest update comes first. Errors: search.Error, and those of [Contacts.Find].
func (in *Inbox) Search(ctx context.Context, c workspace.Caller, of ContactRef, order search.Order) (*search.Page[*Conversation], error) {
	return read(ctx, in, func(r Reader) (*search.Page[*Conversation], error) {
		request, err := in.request(r, c, of, &order)
		if err != nil {
			return nil, err
		}
		page, err := r.SearchConversations(c.Workspace, request, in.Unix())
		if err != nil {
			return nil, err
		}
		return page, Show(r, c.Workspace, in.Unix(), page.Found...)
	})
}

// request turns an order into a request.
func (in *Inbox) request(r Reader, c workspace.Caller, of ContactRef, order *search.Order) (*search.Request, error) {
	sort, err := sortOf(order)
	if err != nil {
		return nil, err
	}
	request := &search.Request{Condition: &search.Condition{Combine: search.And}, Sort: sort, After: order.After, Limit: min(order.Limit, maxPage)}
	isSearch := order.Query.Combine != "" || order.Query.Field != ""
	if isSearch {
		rules := order.Rules
		rules.Exact, rules.Now, rules.Attribute = true, in.Unix(), comparisons(r, c.Workspace)
		if request.Condition, err = order.Query.Check(ConversationSearch, rules); err != nil {
			return nil, err
		}
	}
	if !of.IsZero() {
		contact, err := in.Contacts.Find(r, c, of)
		if err != nil {
			return nil, err
		}
		request.Condition = both(request.Condition, &search.Condition{Field: "contact_ids", Test: search.OneOf, Keys: []string{contact.ID}})
	}
	if isSearch && c.SearchLag != 0 {
		// Records updated within the search lag are not found yet, as if an index lagged behind.
		last := search.JustAfter(search.NumberKey(search.IntValue(in.Unix() - c.SearchLag)))
		request.Condition = both(request.Condition, &search.Condition{Field: "updated_at", Test: search.Between, Keys: []string{"", last}})
	}
	return request, nil
}

func both(a, b *search.Condition) *search.Condition {
	return &search.Condition{Combine: search.And, Parts: []*search.Condition{a, b}}
}

// maxPage is the max number of conversations on a page.
const maxPage = 150

func sortOf(o *search.Order) (search.Sort, error) {
	s := search.Sort{Field: "updated_at", Ascending: o.Ascending, ByID: true}
	for _, field := range sortFields {
		if field == o.Field {
			s.Field = field
			if field == "id" {
				s.Field = ""
			}
			return s, nil
		}
	}
	if o.Field != "" && !o.AnyField {
		return s, &search.Error{Path: "sort.field", Reason: o.Field + " is not a field to sort by", Unknown: true}
	}
	return s, nil
}
