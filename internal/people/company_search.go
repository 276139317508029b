package people

import (
	"context"
	"strconv"
	"strings"
)

// CompanySearch is what can be searched of companies. Times are compared by the second, in every version that has it.
var CompanySearch = &SearchTable{Model: string(CompanyModel), TimeOperators: []Operator{Equal, NotEqual, Less, Greater}, Fields: []SearchField{
	{Name: "company_id", Type: SearchID},
	{Name: "name"},
	{Name: "created_at", Type: SearchTime},
	{Name: "updated_at", Type: SearchTime},
	{Name: "remote_created_at", Type: SearchTime},
	{Name: "last_request_at", Type: SearchTime},
	{Name: "monthly_spend", Type: SearchDecimal},
	{Name: "session_count", Type: SearchNumber},
	{Name: "user_count", Type: SearchNumber},
	{Name: "tag_id", Type: SearchList},
}}

// SearchCompanies returns the companies with users that a query finds; SearchError. It looks at every company, unless
// their ids, names, tags or times narrow it.
func (l *Lobby) SearchCompanies(ctx context.Context, c Caller, order SearchOrder) (*SearchPage[*Company], error) {
	order.Rules.Exact = true
	return search(ctx, l, c, CompanySearch, order, Reader.SearchCompanies, func(r Reader, found []*Company) error {
		return l.showCompanies(r, c, found...)
	})
}

// SearchID is the id of a company.
func (c *Company) SearchID() string { return c.ID }

// SearchKey returns the key that c has in a field of [CompanySearch]; see [Record]. What is shown as 0 is 0.
func (c *Company) SearchKey(field string) string {
	if name, custom := strings.CutPrefix(field, "."); custom {
		return ValueKey(c.CustomAttributes[name])
	}
	switch field {
	case "company_id":
		return c.CompanyID
	case "name":
		return TextKey(CompanyNameKey(c.Name))
	case "created_at":
		return NumberKey(IntValue(c.CreatedAt))
	case "updated_at":
		return NumberKey(IntValue(c.UpdatedAt))
	case "remote_created_at":
		if c.RemoteCreatedAt == 0 {
			return NumberKey(IntValue(c.CreatedAt))
		}
		return NumberKey(IntValue(c.RemoteCreatedAt))
	case "last_request_at":
		if c.LastRequestAt != 0 {
			return NumberKey(IntValue(c.LastRequestAt))
		}
	case "monthly_spend":
		return NumberKey(IntValue(c.MonthlySpend))
	case "session_count":
		return NumberKey(IntValue(c.SessionCount))
	case "user_count":
		return NumberKey(IntValue(c.UserCount))
	}
	return ""
}

// tagIDs returns the ids of the tags that a company carries.
func (c *Company) tagIDs() []string {
	ids := make([]string, 0, len(c.Tags))
	for _, tag := range c.Tags {
		ids = append(ids, strconv.FormatInt(tag.ID, 10))
	}
	return ids
}
