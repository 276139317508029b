package sqlstore_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"lobby/internal/people"
)

// insertBenchCompany inserts company number i, with a user: one in ten spends something, they came one a minute.
func insertBenchCompany(w people.Writer, i int) error {
	at := int64(1_600_000_000 + 60*i)
	c := &people.Company{
		Workspace: benchSpace, ID: fmt.Sprintf("%08x%016x", at, i), CompanyID: "company-" + strconv.Itoa(i), Name: fmt.Sprintf("Company %d", i*7919%100_003),
		CreatedAt: at, UpdatedAt: at, LastRequestAt: at + int64(i*104729%1_000_000), Website: "https://example.com", Industry: "Anvils", UserCount: 1,
		CustomAttributes: people.Attributes{"plan": people.TextValue([]string{"free", "pro"}[i%2]), "seats": people.IntValue(int64(i * 17 % 500))},
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
	for name, query := range map[string]people.Query{
		"id":             is("company_id", "=", people.TextValue("company-77")),
		"name":           is("name", "=", people.TextValue("COMPANY 77")),
		"name contains":  is("name", "~", people.TextValue("ny 777")),
		"spend":          is("monthly_spend", ">", people.IntValue(500)),
		"seats":          is("custom_attributes.seats", ">", people.IntValue(400)),
		"of late":        is("last_request_at", ">", people.IntValue(int64(1_600_000_000+60*n))),
		"all":            is("user_count", ">", people.IntValue(0)),
		"all, last page": is("user_count", ">", people.IntValue(0)),
	} {
		define := func(string) (people.SearchType, bool, error) { return people.SearchNumber, true, nil }
		condition, err := query.Check(people.CompanySearch, people.SearchRules{Exact: true, Attribute: define})
		if err != nil {
			b.Fatal(err)
		}
		search := &people.Search{Condition: condition, Limit: 15}
		if name == "all, last page" {
			search.After = &people.SearchPlace{ID: "60000000", Page: 2}
		}
		b.Run(name, func(b *testing.B) {
			var page *people.SearchPage[*people.Company]
			before := cpu()
			for b.Loop() {
				err := store.Read(b.Context(), func(r people.Reader) (err error) {
					page, err = r.SearchCompanies(benchSpace, search)
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
