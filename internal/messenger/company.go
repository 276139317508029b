package messenger

import (
	"fmt"
	"reflect"

	"lobby/internal/people"
	"lobby/internal/visit"
)

// maxCompanies is how many companies one ping may name.
const maxCompanies = 20

// companies returns what a page says of the companies that its user belongs to, or no longer does: the active one, then
// the list.
func (s statement) companies() []visit.CompanyVisit {
	var all []visit.CompanyVisit
	read := map[string]map[string]any{}
	take := func(path string, v any) {
		object, ok := v.(map[string]any)
		company := statement{object, s.path + path + ".", s.told}
		id := company.companyID()
		before, isKnown := read[id]
		switch {
		case v == nil:
		case !ok:
			s.leaveOut(path, "must be an object with an id")
		case id == "":
			company.leaveOut("id", "must be given")
		case isKnown && !reflect.DeepEqual(before, object):
			s.leaveOut(path, "is said otherwise before")
		case isKnown:
		case len(all) == maxCompanies:
			s.leaveOut(path, "is beyond the 20 companies that fit")
		default:
			read[id] = object
			all = append(all, company.companyVisit(id))
		}
	}
	for _, name := range []string{"company", "companies"} {
		list, isList := s.settings[name].([]any)
		if !isList {
			take(name, s.settings[name])
		}
		for i, one := range list {
			take(fmt.Sprintf("%s[%d]", name, i), one)
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

// companyVisit returns what a page says of one company.
func (s statement) companyVisit(id string) visit.CompanyVisit {
	return visit.CompanyVisit{
		CompanyID: id,
		Remove:    s.flag("remove") == people.Yes,
		Update: people.CompanyUpdate{
			Name: s.change("name"), Website: s.change("website"), Industry: s.change("industry"), Plan: s.change("plan"),
			Size: s.whole("size"), MonthlySpend: s.whole("monthly_spend"),
			RemoteCreatedAt:  s.firstTime("remote_created_at", "created_at"),
			CustomAttributes: s.attributes(companyWords),
		},
	}
}
