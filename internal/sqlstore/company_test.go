package sqlstore

import (
	"testing"

	"lobby/internal/people"
)

func TestAPageOfCompaniesIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	e := setup(t)
	for _, order := range []string{" DESC", ""} {
		_, where := narrowed("w", people.CompanyFilter{})
		var plan []string
		err := e.read(t.Context(), func(on session) error {
			sql := "EXPLAIN QUERY PLAN " + selectCompany + where + "ORDER BY c.last_request_at" + order + ", c.id" + order + " LIMIT 15"
			return on.query(sql, []any{"w"}, func(r row) error {
				plan = append(plan, r.text(3))
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
