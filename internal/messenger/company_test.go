package messenger_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func (l *lobby) company(companyID string) *people.Company {
	l.t.Helper()
	c, err := l.FindCompanyByCompanyID(l.t.Context(), workspace.Caller{Workspace: app}, companyID)
	if errors.Is(err, people.ErrCompanyNotFound) {
		return nil
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

func TestAProvenUserBelongsToTheCompaniesOfItsPage(t *testing.T) {
	t.Parallel()
	l := setup(t)
	acme := map[string]any{
		"id": 6, "name": "Acme", "plan": "gold", "monthly_spend": 12.5, "size": 80, "website": "https://acme.example",
		"industry": "Anvils", "created_at": begin - 100, "user_count": 7, "tier": "one", "nested": map[string]any{},
	}
	data := map[string]any{
		"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42"), "company": acme,
		"companies": []any{map[string]any{"company_id": "7", "name": "Bolt"}, acme, "junk", map[string]any{"name": "nobody's"}},
	}
	for range 2 {
		l.tellsOf(data, "company.nested", "company.user_count", "companies[2]", "companies[3].id")
	}
	c := l.company("6")
	if c == nil || c.Name != "Acme" || c.Plan == nil || c.Plan.Name != "gold" || c.MonthlySpend != 12 || c.Size != 80 || c.Industry != "Anvils" ||
		c.RemoteCreatedAt != begin-100 || c.UserCount != 1 || c.SessionCount != 1 || c.LastRequestAt != begin || len(c.CustomAttributes) != 1 {
		t.Errorf("the company is %+v", c)
	}
	all, total, err := l.CompaniesOf(t.Context(), workspace.Caller{Workspace: app}, people.Target{ContactID: l.user("42").ID}, workspace.Page{Number: 1, Size: 10})
	if err != nil || total != 2 {
		t.Errorf("the user has %d companies %v, %v", total, all, err)
	}
	l.clock.Add(3600)
	l.pings(http.StatusOK, data)
	if c := l.company("6"); c.SessionCount != 2 || c.LastRequestAt != begin+3600 {
		t.Errorf("in the next session the company is %+v", c)
	}
}

func TestNobodyElseIsAttachedToACompanyByAPage(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	company := map[string]any{"id": "6", "name": "Acme"}
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "company": company})
	l.pings(http.StatusOK, map[string]any{"anonymous_id": first, "user_id": "42", "company": company})
	if c := l.company("6"); c != nil {
		t.Errorf("the company is %+v", c)
	}
	a := l.pings(http.StatusOK, map[string]any{
		"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42"), "company": map[string]any{"id": "undefined"},
		"companies": []any{map[string]any{"id": "6", "size": -1}},
	})
	if len(a.Errors) != 2 || l.company("6") != nil || a.User.Role != "user" {
		t.Errorf("junk was answered %+v", a)
	}
}

func TestAProvenUserLeavesTheCompaniesThatItsPageSays(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"identity_web": "accept"})
	proven := func(more map[string]any) map[string]any {
		data := map[string]any{"anonymous_id": first, "user_id": "42", "user_hash": l.proof("42")}
		for name, v := range more {
			data[name] = v
		}
		return data
	}
	has := func(want ...string) {
		t.Helper()
		all, _, err := l.CompaniesOf(t.Context(), workspace.Caller{Workspace: app}, people.Target{ContactID: l.user("42").ID}, workspace.Page{Number: 1, Size: 10})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range all {
			got = append(got, c.CompanyID)
			if len(c.CustomAttributes) != 0 {
				t.Errorf("the company %s has %v", c.CompanyID, c.CustomAttributes)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("the user has the companies %v, want %v", got, want)
		}
	}
	l.pings(http.StatusOK, proven(map[string]any{"companies": []any{
		map[string]any{"id": "a"}, map[string]any{"id": "b"}, map[string]any{"id": "c", "remove": false}, map[string]any{"id": "d"},
	}}))
	has("a", "b", "c", "d")

	// Nobody without a proof takes anybody out.
	a := l.pings(http.StatusOK, map[string]any{"anonymous_id": second, "user_id": "42", "company": map[string]any{"id": "a", "remove": true}})
	if len(a.Errors) != 1 {
		t.Errorf("the page is told %+v", a.Errors)
	}
	has("a", "b", "c", "d")

	l.clock.Add(60)
	l.pings(http.StatusOK, proven(map[string]any{"company": map[string]any{"id": "a", "remove": true}}))
	has("b", "c", "d")
	if at := l.user("42").UpdatedAt; at != begin+60 {
		t.Errorf("the user was updated at %d", at-begin)
	}
	l.pings(http.StatusOK, proven(map[string]any{"companies": []any{
		map[string]any{"company_id": "b", "remove": "true"}, map[string]any{"id": "d", "remove": 1}, map[string]any{"id": "nobody's", "remove": true},
	}}))
	has("c")
	if l.company("nobody's") != nil {
		t.Error("to leave a company made it")
	}
	l.tellsOf(proven(map[string]any{"company": map[string]any{"id": "c", "remove": "maybe"}}), "company.remove")
	has("c")
}
