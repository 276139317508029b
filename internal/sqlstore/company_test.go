package sqlstore

import (
	"testing"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
)

func TestAPageOfCompaniesIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	e := setup(t)
	for _, order := range []string{" DESC", ""} {
		_, where := whereCompanies("w", people.CompanyFilter{})
		var plan []string
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			sql := "EXPLAIN QUERY PLAN " + selectCompany + where + "ORDER BY c.last_request_at" + order + ", c.created_at" + order + ", c.id" + order + " LIMIT 15"
			return on.Query(sql, []any{"w"}, func(r sqlengine.Row) error {
				plan = append(plan, r.Text(3))
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(plan) != 2 || plan[0] != "SEARCH c USING INDEX companies_peopled (workspace=?)" {
			t.Errorf("a page of companies is read by %q", plan)
		}
	}
}
