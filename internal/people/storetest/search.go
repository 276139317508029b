package storetest

import (
	"context"
	"testing"

	"lobby/internal/people"
	"lobby/internal/search"
)

func searches(s suite) {
	s.test("a search finds contacts by what they are now", func(t *testing.T, w *world) {
		find := func(field, value string) []string {
			t.Helper()
			return w.found(t, is(field, value), nil, 50).ids
		}
		ada := w.has(t, people.Lead, func(p *people.Person) {
			p.Email, p.Name = "Ada@Example.com", "Ada"
			p.CustomAttributes = search.Attributes{"plan": search.TextValue("Pro")}
		})
		eve := w.has(t, people.User, func(p *people.Person) { p.ExternalID = "eve-1" })
		w.has(t, people.Visitor, func(p *people.Person) { p.Name = "Ada" })
		w.insert(t, &people.Person{Workspace: rival, ID: ada.ID, Role: people.User, Name: "Ada", CreatedAt: begin, UpdatedAt: begin})
		expect(t, "by email", []string{ada.ID}, find("email", "ada@example.com"))
		expect(t, "by name", []string{ada.ID}, find("name", "ada"))
		expect(t, "by an attribute", []string{ada.ID}, find(".plan", "pro"))

		after := ada.Clone()
		after.Role, after.Name, after.SignedUpAt = people.User, "Ada Lovelace", begin
		after.CustomAttributes = search.Attributes{"plan": search.TextValue("Team")}
		w.update(t, ada, after)
		expect(t, "by the name she had", []string{}, find("name", "ada"))
		expect(t, "by the attribute she had", []string{}, find(".plan", "pro"))
		expect(t, "by the role she had", []string{}, find("role", "lead"))
		expect(t, "by her role", []string{eve.ID, after.ID}, find("role", "user"))

		hidden := after.Clone()
		hidden.State = people.Archived
		w.update(t, after, hidden)
		expect(t, "archived", []string{eve.ID}, find("role", "user"))
		w.update(t, hidden, after)
		gone := after.Clone()
		gone.State, gone.MergedInto = people.Merged, eve.ID
		w.update(t, after, gone)
		expect(t, "merged", []string{eve.ID}, find("role", "user"))
		w.write(t, func(tx people.Writer) error { return tx.DeletePerson(acme, eve.ID) })
		expect(t, "deleted", []string{}, find("role", "user"))
	})
	s.test("a search has pages, and a total of all of them", func(t *testing.T, w *world) {
		want := make([]string, 7)
		for i := range want {
			want[6-i] = w.has(t, people.User).ID
		}
		var got []string
		for after, number := (*search.Cursor)(nil), 1; ; number++ {
			page := w.found(t, is("role", "user"), after, 3)
			expect(t, "number and total", []int{number, 7}, []int{page.Number, page.Total})
			got = append(got, page.ids...)
			if after = page.Next; after == nil {
				break
			}
		}
		expect(t, "all pages", want, got)
		only := w.found(t, is("role", "user"), nil, 0)
		expect(t, "total alone", 7, only.Total)
		expect(t, "people alone", 0, len(only.ids))
	})
	s.test("a search of visitors finds visitors only", func(t *testing.T, w *world) {
		w.has(t, people.Lead, func(p *people.Person) { p.Name = "Ada" })
		ada := w.has(t, people.Visitor, func(p *people.Person) { p.Name = "ADA" })
		w.has(t, people.Visitor, func(p *people.Person) { p.Name = "Eve" })
		page := get(t, w, func(r people.Reader) (*search.Page[*people.Person], error) {
			return r.SearchVisitors(acme, &search.Request{Condition: is("name", "ada"), Limit: 50})
		})
		expect(t, "found", []string{ada.ID}, ids(page.Found))
	})
	s.test("what was written is found by the next search", func(t *testing.T, w *world) {
		for range 20 {
			contact, err := w.CreateContact(context.Background(), w.caller, people.ContactFields{Email: new("a@example.com")})
			if err != nil {
				t.Fatal(err)
			}
			expect(t, "found", []string{contact.ID}, w.found(t, is("email", "a@example.com"), nil, 50).ids)
			if _, err := w.DeleteContact(context.Background(), w.caller, contact.ID); err != nil {
				t.Fatal(err)
			}
			expect(t, "found when deleted", []string{}, w.found(t, is("email", "a@example.com"), nil, 50).ids)
		}
	})
}

// is tests a field for one key.
func is(field, key string) *search.Condition {
	return &search.Condition{Field: field, Test: search.OneOf, Keys: []string{key}}
}

func (w *world) update(t *testing.T, before, after *people.Person) {
	t.Helper()
	w.write(t, func(tx people.Writer) error { return tx.UpdatePerson(before, after) })
}

// foundPage is a page with the ids of those on it.
type foundPage struct {
	*search.Page[*people.Person]
	ids []string
}

func (w *world) found(t *testing.T, c *search.Condition, after *search.Cursor, limit int) foundPage {
	t.Helper()
	page := get(t, w, func(r people.Reader) (*search.Page[*people.Person], error) {
		return r.SearchContacts(acme, &search.Request{Condition: c, After: after, Limit: limit})
	})
	return foundPage{page, ids(page.Found)}
}
