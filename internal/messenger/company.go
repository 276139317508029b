package messenger

import (
	"encoding/json"

	"lobby/internal/people"
)

// maxCompanies is how many companies one ping may name.
const maxCompanies = 20

// companyFields are the members of a company that are no custom attributes.
var companyFields = set(`
	id company_id name created_at remote_created_at plan monthly_spend user_count size website industry`)

// companies returns the companies that a page says its user belongs to: the active one, then the list.
func (s settings) companies() []settings {
	list, _ := s["companies"].([]any)
	if active, given := s["company"]; given {
		list = append([]any{active}, list...)
	}
	var all []settings
	isKnown := map[string]bool{}
	for _, one := range list {
		object, _ := one.(map[string]any)
		if id := settings(object).companyID(); id != "" && !isKnown[id] && len(all) < maxCompanies {
			isKnown[id] = true
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

// companyUpdate returns what a page says of a company.
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

// whole returns a whole number, or nil for anything else and for what is too large for any client.
func (s settings) whole(name string) *int64 {
	number, _ := s[name].(json.Number)
	if f, err := number.Float64(); err == nil && f > -1<<31 && f < 1<<31 {
		n := int64(f)
		return &n
	}
	return nil
}
