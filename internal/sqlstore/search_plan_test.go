package sqlstore_test

import (
	"regexp"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
)

// scanned is what a plan says when it reads a table from end to end, or the keys of all fields.
var scanned = regexp.MustCompile(`SCAN (people|search_keys|x|k|p|t|m)\b|Seq Scan|SEARCH \w+ USING PRIMARY KEY \(workspace=\?\)`)

var isPro = is("custom_attributes.plan", "=", search.TextValue("pro"))

// selective are queries that have a filter which few contacts pass.
var selective = map[string]search.Query{
	"email":              is("email", "=", search.TextValue("person77@company77.example")),
	"beginning of email": is("email", "^", search.TextValue("PERSON77")),
	"external id":        is("external_id", "=", search.TextValue("customer-77")),
	"id":                 is("id", "=", search.TextValue(benchContact(77).ID)),
	"time":               is("updated_at", ">", search.IntValue(benchContact(3950).CreatedAt+990_000)),
	"number":             is("custom_attributes.seats", ">", search.IntValue(498)),
	"date":               is("custom_attributes.renews", "<", search.IntValue(benchContact(5).CreatedAt+31_536_000)),
	"one of a group":     and(is("role", "=", search.TextValue("user")), isPro, is("signed_up_at", ">", search.IntValue(benchContact(3900).CreatedAt))),
	"either of two":      {Combine: search.Or, Queries: []search.Query{is("name", "=", search.TextValue("Person 7")), is("email_domain", "=", search.TextValue("company77.example"))}},
	"with a pattern":     and(is("email_domain", "=", search.TextValue("company77.example")), is("name", "~", search.TextValue("7")), is("custom_attributes.seats", ">", search.IntValue(1))),
	"tag":                and(is("tag_id", "=", search.TextValue("7")), isPro),
}

func TestASearchWithASelectiveFilterScansNothing(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, store *sqlstore.Store) {
		err := store.Write(t.Context(), func(w people.Writer) error {
			for i := range 4000 {
				if err := w.InsertPerson(benchContact(i)); err != nil {
					return err
				}
			}
			return nil
		})
		for i := range 20 {
			if err == nil {
				err = store.Exec(t.Context(), `INSERT INTO person_tags (workspace, person_id, tag_id, applied_at) VALUES ($1, $2, 7, 1)`,
					string(benchSpace), benchContact(i*17).ID)
			}
		}
		if err == nil {
			err = store.Exec(t.Context(), "ANALYZE people")
		}
		if err == nil {
			err = store.Exec(t.Context(), "ANALYZE search_keys")
		}
		if err != nil {
			t.Fatal(err)
		}
		for name, query := range selective {
			condition, err := query.Check(people.ContactSearch, search.Rules{Exact: true, Attribute: benchAttribute})
			if err != nil {
				t.Fatal(err)
			}
			for _, limits := range []struct {
				candidates int64
				matches    int
				ids        int64
			}{{1000, 5000, 1000}, {5, 5000, 5}, {5, 5000, 1000}} {
				store.SetLimits(limits.candidates, limits.matches, limits.ids)
				for _, sort := range []string{"", "last_seen_at"} {
					plans, err := store.Explain(t.Context(), benchSpace, &search.Request{Condition: condition, Sort: search.Sort{Field: sort}, Limit: 50})
					if err != nil {
						t.Fatal(err)
					}
					for _, plan := range plans {
						if scanned.MatchString(plan) {
							t.Errorf("%s, limits %v, sorted by %q: the plan of a query:\n%s", name, limits, sort, plan)
						}
					}
				}
			}
		}
	})
}
