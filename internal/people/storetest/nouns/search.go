package nouns

import (
	"context"
	"testing"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
)

func Searches(s fixtures.Suite) {
	s.Test("a search finds contacts by what they are now", func(t *testing.T, w *fixtures.Fixtures) {
		find := func(field, value string) []string {
			t.Helper()
			return w.Found(t, is(field, value), nil, 50).IDs
		}
		ada := w.Has(t, people.Lead, func(p *people.Person) {
			p.Email, p.Name = "Ada@Example.com", "Ada"
			p.CustomAttributes = search.Attributes{"plan": search.TextValue("Pro")}
		})
		eve := w.Has(t, people.User, func(p *people.Person) { p.ExternalID = "eve-1" })
		w.Has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
		w.Insert(t, &people.Person{Workspace: fixtures.Rival, ID: ada.ID, Role: people.User, Name: "Ada", CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin})
		fixtures.Expect(t, "by email", []string{ada.ID}, find("email", "ada@example.com"))
		fixtures.Expect(t, "by name", []string{ada.ID}, find("name", "ada"))
		fixtures.Expect(t, "by an attribute", []string{ada.ID}, find(".plan", "pro"))

		after := ada.Clone()
		after.Role, after.Name, after.SignedUpAt = people.User, "Ada Lovelace", fixtures.Begin
		after.CustomAttributes = search.Attributes{"plan": search.TextValue("Team")}
		w.Update(t, ada, after)
		fixtures.Expect(t, "by the name she had", []string{}, find("name", "ada"))
		fixtures.Expect(t, "by the attribute she had", []string{}, find(".plan", "pro"))
		fixtures.Expect(t, "by the role she had", []string{}, find("role", "lead"))
		fixtures.Expect(t, "by her role", []string{eve.ID, after.ID}, find("role", "user"))

		hidden := after.Clone()
		hidden.State = people.Archived
		w.Update(t, after, hidden)
		fixtures.Expect(t, "archived", []string{eve.ID}, find("role", "user"))
		w.Update(t, hidden, after)
		gone := after.Clone()
		gone.State, gone.MergedInto = people.Merged, eve.ID
		w.Update(t, after, gone)
		fixtures.Expect(t, "merged", []string{eve.ID}, find("role", "user"))
		w.Write(t, func(tx people.Writer) error { return tx.DeletePerson(fixtures.Acme, eve.ID, 0) })
		fixtures.Expect(t, "deleted", []string{}, find("role", "user"))
	})
	s.Test("a search has pages, and a total of all of them", func(t *testing.T, w *fixtures.Fixtures) {
		want := make([]string, 7)
		for i := range want {
			want[6-i] = w.Has(t, people.User).ID
		}
		var got []string
		for after, number := (*search.Cursor)(nil), 1; ; number++ {
			page := w.Found(t, is("role", "user"), after, 3)
			fixtures.Expect(t, "number and total", []int{number, 7}, []int{page.Number, page.Total})
			got = append(got, page.IDs...)
			if after = page.Next; after == nil {
				break
			}
		}
		fixtures.Expect(t, "all pages", want, got)
		only := w.Found(t, is("role", "user"), nil, 0)
		fixtures.Expect(t, "total alone", 7, only.Total)
		fixtures.Expect(t, "people alone", 0, len(only.IDs))
	})
	s.Test("a search of visitors finds visitors only", func(t *testing.T, w *fixtures.Fixtures) {
		w.Has(t, people.Lead, func(p *people.Person) { p.Name = "Ada" })
		ada := w.Has(t, people.Visitor, func(p *people.Person) { p.Name = "ADA" })
		w.Has(t, people.Visitor, func(p *people.Person) { p.Name = "Eve" })
		page := fixtures.Get(t, w, func(r people.Reader) (*search.Page[*people.Person], error) {
			return r.SearchVisitors(fixtures.Acme, &search.Request{Condition: is("name", "ada"), Limit: 50})
		})
		fixtures.Expect(t, "found", []string{ada.ID}, fixtures.IDs(page.Found))
	})
	s.Test("what was written is found by the next search", func(t *testing.T, w *fixtures.Fixtures) {
		for range 20 {
			contact, err := w.CreateContact(context.Background(), w.Caller, people.ContactFields{Email: new("a@example.com")})
			if err != nil {
				t.Fatal(err)
			}
			fixtures.Expect(t, "found", []string{contact.ID}, w.Found(t, is("email", "a@example.com"), nil, 50).IDs)
			if _, err := w.DeleteContact(context.Background(), w.Caller, contact.ID); err != nil {
				t.Fatal(err)
			}
			fixtures.Expect(t, "found when deleted", []string{}, w.Found(t, is("email", "a@example.com"), nil, 50).IDs)
		}
	})
}

// is tests a field for one key.
func is(field, key string) *search.Condition {
	return &search.Condition{Field: field, Test: search.OneOf, Keys: []string{key}}
}
