package messenger

import (
	"context"
	"encoding/json"

	"lobby/internal/people"
)

// mostCompanies is how many companies one ping may tell of.
const mostCompanies = 20

// companyFields are the names in a company that are no custom attributes.
var companyFields = set(`
	id company_id name created_at remote_created_at plan monthly_spend user_count size website industry`)

// companies answers the companies that a page says its user belongs to: the list, and the one that is active.
func (s settings) companies() []settings {
	list, _ := s["companies"].([]any)
	if active, given := s["company"]; given {
		list = append([]any{active}, list...)
	}
	var all []settings
	known := map[string]bool{}
	for _, one := range list {
		object, _ := one.(map[string]any)
		if id := settings(object).companyID(); id != "" && !known[id] && len(all) < mostCompanies {
			known[id] = true
			all = append(all, object)
		}
	}
	return all
}

func (s settings) companyID() string {
	if id := s.text("id"); id != "" {
		return clean(id)
	}
	return clean(s.text("company_id"))
}

// companyUpdate answers what a page says of a company.
func (s settings) companyUpdate() people.CompanyUpdate {
	created := s.whole("remote_created_at")
	if created == nil {
		created = s.whole("created_at")
	}
	custom := settings{}
	for name, v := range s {
		if !companyFields[name] {
			custom[name] = v
		}
	}
	return people.CompanyUpdate{
		Name: s.change("name"), Website: s.change("website"), Industry: s.change("industry"), Plan: s.change("plan"),
		Size: s.whole("size"), MonthlySpend: s.whole("monthly_spend"), RemoteCreatedAt: created,
		CustomAttributes: custom.attributes(),
	}
}

// whole answers a whole number; nil for what is none, or too large for any client.
func (s settings) whole(name string) *int64 {
	number, _ := s[name].(json.Number)
	if f, err := number.Float64(); err == nil && f > -1<<31 && f < 1<<31 {
		n := int64(f)
		return &n
	}
	return nil
}

// visitCompanies stores the companies of a proven user. Nobody else is attached to any by a page.
func (m *messenger) visitCompanies(ctx context.Context, c *call, g *guest, note func(error) error) error {
	if g.userID == "" || g.isUnproven {
		return nil
	}
	for _, company := range c.settings.companies() {
		err := m.lobby.VisitCompany(ctx, c.caller, g.userID, people.CompanyVisit{
			CompanyID: company.companyID(), Update: company.companyUpdate(), NewSession: g.told.NewSession,
			DefinesNothing: people.BrowserAttributes.Of(c.workspace) == "nobody",
		})
		if err := note(err); err != nil {
			return err
		}
	}
	return nil
}
