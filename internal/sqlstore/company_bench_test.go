package sqlstore_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
)

// insertBenchCompany inserts company number i, with a user: one in ten spends something, they came one a minute.
func insertBenchCompany(w people.Writer, i int) error {
	at := int64(1_600_000_000 + 60*i)
	c := &people.Company{
		Workspace: benchSpace, ID: fmt.Sprintf("%08x%016x", at, i), CompanyID: "company-" + strconv.Itoa(i), Name: fmt.Sprintf("Company %d", i*7919%100_003),
		CreatedAt: at, UpdatedAt: at, LastRequestAt: at + int64(i*104729%1_000_000), Website: "https://example.com", Industry: "Anvils", UserCount: 1,
		CustomAttributes: search.Attributes{"plan": search.TextValue([]string{"free", "pro"}[i%2]), "seats": search.IntValue(int64(i * 17 % 500))},
	}
	if i%10 == 0 {
		c.MonthlySpend = int64(i % 1000)
	}
	return w.InsertCompany(c)
}

// BenchmarkCompanySearch asks for the first page, 15 of however many companies there are, with the exact total.
// LOBBY_BENCH_COMPANIES says how many there are.
func BenchmarkCompanySearch(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("LOBBY_BENCH_COMPANIES"))
	if err != nil {
		n = 10_000
	}
	store := benchStore(b, n, insertBenchCompany)
	for name, query := range map[string]search.Query{
		"id":             is("company_id", "=", search.TextValue("company-77")),
		"name":           is("name", "=", search.TextValue("COMPANY 77")),
		"name contains":  is("name", "~", search.TextValue("ny 777")),
		"spend":          is("monthly_spend", ">", search.IntValue(500)),
		"seats":          is("custom_attributes.seats", ">", search.IntValue(400)),
		"of late":        is("last_request_at", ">", search.IntValue(int64(1_600_000_000+60*n))),
		"all":            is("user_count", ">", search.IntValue(0)),
		"all, last page": is("user_count", ">", search.IntValue(0)),
	} {
		define := func(string) (search.FieldType, bool, error) { return search.Number, true, nil }
		condition, err := query.Check(people.CompanySearch, search.Rules{Exact: true, Attribute: define})
		if err != nil {
			b.Fatal(err)
		}
		request := &search.Request{Condition: condition, Limit: 15}
		if name == "all, last page" {
			request.After = &search.Cursor{Place: search.Place{ID: "60000000"}, Page: 2}
		}
		b.Run(name, func(b *testing.B) {
			var page *search.Page[*people.Company]
			before := cpu()
			for b.Loop() {
				err := store.Read(b.Context(), func(r people.Reader) (err error) {
					page, err = r.SearchCompanies(benchSpace, request)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
			b.ReportMetric(float64(page.Total), "found")
		})
	}
}
