package sqlstore_test

import (
	"fmt"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
)

// BenchmarkVisitor looks one of 10,000 visitors up by the id that its browser has.
func BenchmarkVisitor(b *testing.B) {
	const visitors = 10_000
	anonymousID := func(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", i*104729%visitors) }
	store := benchStore(b, visitors, func(w people.Writer, i int) error {
		at := int64(1_600_000_000 + i)
		return w.InsertPerson(&people.Person{
			Workspace: benchSpace, ID: fmt.Sprintf("%08x%016x", at, i), Role: people.Visitor, AnonymousID: anonymousID(i),
			Name: "Ada", Pseudonym: "Blue Anvil", CreatedAt: at, UpdatedAt: at, LastSeenAt: at, SessionCount: 3, SessionStartedAt: at,
			Browser: "Firefox", OS: "Linux", CustomAttributes: search.Attributes{"plan": search.TextValue("pro"), "seats": search.IntValue(7)},
		})
	})
	b.ReportAllocs()
	i, before := 0, cpu()
	for b.Loop() {
		i++
		err := store.Read(b.Context(), func(r people.Reader) error {
			p, err := r.PersonByAnonymousID(benchSpace, anonymousID(i%visitors))
			if err == nil && p == nil {
				err = people.ErrVisitorNotFound
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
}
