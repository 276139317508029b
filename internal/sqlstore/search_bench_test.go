package sqlstore_test

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

const benchSpace workspace.ID = "bench"

// benchContact is contact number i of n: nine in ten are users, one in five has the plan pro, they came one a minute.
func benchContact(i int) *people.Person {
	at := int64(1_600_000_000 + 60*i)
	p := &people.Person{
		Workspace: benchSpace, ID: fmt.Sprintf("%08x%016x", at, i), Role: people.User, CreatedAt: at, UpdatedAt: at + int64(i*7919%1_000_000),
		ExternalID: "customer-" + strconv.Itoa(i), Email: fmt.Sprintf("person%d@company%d.example", i, i%5000), Name: fmt.Sprintf("Person %d", i*7919%100_003),
		SignedUpAt: at, LastSeenAt: at + int64(i*104729%1_000_000),
		CustomAttributes: search.Attributes{
			"plan":  search.TextValue([]string{"free", "pro", "team", "trial", "business"}[i*31%5]),
			"seats": search.IntValue(int64(i * 17 % 500)), "score": search.FloatValue(float64(i*13%1000) / 8),
			"beta": search.BoolValue(i%50 == 0), "renews": search.IntValue(at + 31_536_000),
		},
	}
	if i%10 == 0 {
		p.Role, p.SignedUpAt = people.Lead, 0
	}
	return p
}

func insertBenchContact(w people.Writer, i int) error { return w.InsertPerson(benchContact(i)) }

// benchStore is a store with so many records on the database that LOBBY_BENCH names, sqlite unless it says postgres.
func benchStore(b *testing.B, n int, insert func(w people.Writer, i int) error) *sqlstore.Store {
	b.Helper()
	open := func() (*sqlstore.Store, error) { return sqlstore.OpenSQLite(b.Context(), b.TempDir()) }
	if os.Getenv("LOBBY_BENCH") == "postgres" {
		open = func() (*sqlstore.Store, error) { return sqlstore.OpenPostgres(b.Context(), testkit.Postgres(b)) }
	}
	store, err := open()
	if err == nil {
		err = store.Write(b.Context(), func(w people.Writer) error {
			return w.(workspace.Writer).InsertWorkspace(&workspace.Workspace{ID: benchSpace, Name: "bench", CreatedAt: 1})
		})
	}
	for from := 0; from < n && err == nil; from += 5000 {
		err = store.Write(b.Context(), func(w people.Writer) error {
			for i := from; i < min(n, from+5000); i++ {
				if err := insert(w, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err == nil && os.Getenv("LOBBY_BENCH") == "postgres" {
		err = store.Exec(b.Context(), "ANALYZE")
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() }) //nolint:errcheck // nobody reads it again
	return store
}

// benchAttribute defines what every contact of the benchmark has.
func benchAttribute(name string) (search.FieldType, bool, error) {
	typ := map[string]people.AttributeType{
		"plan": people.StringAttribute, "seats": people.IntegerAttribute, "renews": people.DatetimeAttribute,
	}[name]
	return typ.SearchType(), true, nil
}

func and(parts ...search.Query) search.Query {
	return search.Query{Combine: search.And, Queries: parts}
}

func is(field string, op search.Operator, v search.Value) search.Query {
	return search.Query{Field: field, Operator: op, Values: []search.Value{v}}
}

// BenchmarkSearch asks for the first page, 50 of however many there are, with the exact total. LOBBY_BENCH_PEOPLE says how
// many contacts there are.
func BenchmarkSearch(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("LOBBY_BENCH_PEOPLE"))
	if err != nil {
		n = 10_000
	}
	store := benchStore(b, n, insertBenchContact)
	since := func(last int) search.Value { return search.IntValue(int64(1_600_000_000 + 60*(n-last))) }
	role, plan := is("role", "=", search.TextValue("user")), is("custom_attributes.plan", "=", search.TextValue("pro"))
	for _, c := range []struct {
		name  string
		query search.Query
		sort  string
	}{
		{"role, plan, signed up of the last 1000", and(role, plan, is("signed_up_at", ">", since(1000))), ""},
		{"role, plan, signed up of the last hundredth", and(role, plan, is("signed_up_at", ">", since(n/100))), ""},
		{"role, plan, signed up of the last half", and(role, plan, is("signed_up_at", ">", since(n/2))), ""},
		{"email", is("email", "=", search.TextValue("PERSON77@company77.example")), ""},
		{"domain", is("email_domain", "=", search.TextValue("company77.example")), ""},
		{"updated, of the last half", is("updated_at", ">", since(n/2)), ""},
		{"role", role, ""},
		{"role by last seen", role, "last_seen_at"},
		{"name contains", is("name", "~", search.TextValue("on 777")), ""},
		{"seats and plan", and(plan, is("custom_attributes.seats", ">", search.IntValue(400))), ""},
		{"domain and seats", and(is("email_domain", "=", search.TextValue("company77.example")), is("custom_attributes.seats", ">", search.IntValue(100))), ""},
	} {
		condition, err := c.query.Check(people.ContactSearch, search.Rules{Exact: true, Attribute: benchAttribute})
		if err != nil {
			b.Fatal(err)
		}
		for _, later := range []bool{false, true} {
			name := c.name
			request := &search.Request{Condition: condition, Sort: search.Sort{Field: c.sort}, Limit: 50}
			var page *search.Page[*people.Person]
			ask := func() {
				err := store.Read(b.Context(), func(r people.Reader) (err error) {
					page, err = r.SearchContacts(benchSpace, request)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			if ask(); later {
				if name, request.After = name+", second page", page.Next; page.Next == nil {
					continue
				}
			}
			b.Run(name, func(b *testing.B) {
				before := cpu()
				for b.Loop() {
					ask()
				}
				b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
				b.ReportMetric(float64(page.Total), "found")
			})
		}
	}
}

// cpu is what the process has used of its processors, which other processes do not change.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkContactWrite inserts and updates contacts, and updates visitors, a hundred in a transaction, where 20,000
// contacts are.
func BenchmarkContactWrite(b *testing.B) {
	store := benchStore(b, 20_000, insertBenchContact)
	i := 1_000_000
	each := func(b *testing.B, do func(people.Writer) error) {
		for left := b.N; left > 0; left -= 100 {
			err := store.Write(b.Context(), func(w people.Writer) error {
				for range min(left, 100) {
					if err := do(w); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("insert", func(b *testing.B) {
		before := cpu()
		defer func() { b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op") }()
		each(b, func(w people.Writer) error {
			i++
			p := benchContact(i)
			p.UpdatedAt, p.LastSeenAt = p.CreatedAt, p.CreatedAt
			return w.InsertPerson(p)
		})
	})
	visitor := &people.Person{Workspace: benchSpace, ID: "ffffffffffffffffffffffff", Role: people.Visitor, CreatedAt: 1, UpdatedAt: 1}
	contact := benchContact(7)
	err := store.Write(b.Context(), func(w people.Writer) error { return w.InsertPerson(visitor) })
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		p    *people.Person
	}{{"update of a visitor", visitor}, {"update of a contact", contact}} {
		b.Run(c.name, func(b *testing.B) {
			before := cpu()
			defer func() { b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op") }()
			each(b, func(w people.Writer) error {
				before := c.p
				c.p = before.Clone()
				i++
				c.p.UpdatedAt++
				c.p.CustomAttributes = search.Attributes{"seats": search.IntValue(int64(i))}
				return w.UpdatePerson(before, c.p)
			})
		})
	}
}
