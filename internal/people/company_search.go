package people

import (
	"context"
	"strconv"
	"strings"

	"lobby/internal/search"
	"lobby/internal/workspace"
)

// CompanySearch are the fields by which companies can be searched. Times are compared by the second, in every API version
// that has this search.
var CompanySearch = &search.Table{Model: string(CompanyModel), TimeOperators: []search.Operator{search.Equal, search.NotEqual, search.Less, search.Greater}, Fields: []search.Field{
	{Name: "company_id", Type: search.ID},
	{Name: "name"},
	{Name: "created_at", Type: search.Time},
	{Name: "updated_at", Type: search.Time},
	{Name: "remote_created_at", Type: search.Time},
	{Name: "last_request_at", Type: search.Time},
	{Name: "monthly_spend", Type: search.Decimal},
	{Name: "session_count", Type: search.Number},
	{Name: "user_count", Type: search.Number},
	{Name: "tag_id", Type: search.List},
}}

// SearchCompanies returns the companies with users that meet a query. It reads every company, unless ids, names, tags or
// times in the query narrow it. Errors: search.Error.
func (l *Lobby) SearchCompanies(ctx context.Context, c workspace.Caller, order SearchOrder) (*search.Page[*Company], error) {
	order.Rules.Exact = true
	return searchPage(ctx, l, c, CompanySearch, order, Reader.SearchCompanies, func(r Reader, found []*Company) error {
		return l.showCompanies(r, c, found...)
	})
}

// SearchID returns the id of the company.
func (c *Company) SearchID() string { return c.ID }

// SearchKey returns the key of c in a field of [CompanySearch]; see [search.Record]. A value shown as 0 has the key of 0.
func (c *Company) SearchKey(field string) string {
	if name, custom := strings.CutPrefix(field, "."); custom {
		return search.ValueKey(c.CustomAttributes[name])
	}
	switch field {
	case "company_id":
		return c.CompanyID
	case "name":
		return search.TextKey(CompanyNameKey(c.Name))
	case "created_at":
		return search.NumberKey(search.IntValue(c.CreatedAt))
	case "updated_at":
		return search.NumberKey(search.IntValue(c.UpdatedAt))
	case "remote_created_at":
		if c.RemoteCreatedAt == 0 {
			return search.NumberKey(search.IntValue(c.CreatedAt))
		}
		return search.NumberKey(search.IntValue(c.RemoteCreatedAt))
	case "last_request_at":
		if c.LastRequestAt != 0 {
			return search.NumberKey(search.IntValue(c.LastRequestAt))
		}
	case "monthly_spend":
		return search.NumberKey(search.IntValue(c.MonthlySpend))
	case "session_count":
		return search.NumberKey(search.IntValue(c.SessionCount))
	case "user_count":
		return search.NumberKey(search.IntValue(c.UserCount))
	}
	return ""
}

// tagIDs returns the ids of the company's tags.
func (c *Company) tagIDs() []string {
	ids := make([]string, 0, len(c.Tags))
	for _, tag := range c.Tags {
		ids = append(ids, strconv.FormatInt(tag.ID, 10))
	}
	return ids
}
