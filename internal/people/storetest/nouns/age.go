package nouns

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func Ages(s fixtures.Suite) {
	s.Test("imported people are listed by their age", agedPeople)
	s.Test("imported visitors are swept by their age", agedVisitors)
	s.Test("imported companies are listed by their age", agedCompanies)
}

// aged are how many records there are of a kind. Two of them were created in each second but the first.
const aged = 9

// agedAt returns an id and a time of creation. The ids run against the times, as those of an import may.
func agedAt(i int) (id string, createdAt int64) {
	return fmt.Sprintf("%08x%016x", fixtures.Begin-int64(i)*1000, fixtures.Made.Add(1)), fixtures.Begin - 5000 + int64(i+1)/2
}

// hasAged stores people whose ids run against their times, and returns their ids, the newest first.
func hasAged(t *testing.T, w *fixtures.Fixtures, role people.Role) (ids []string) {
	t.Helper()
	var all []*people.Person
	for i := range aged {
		all = append(all, w.Has(t, role, func(p *people.Person) {
			p.ID, p.CreatedAt = agedAt(i)
			p.UpdatedAt = p.CreatedAt
		}))
	}
	slices.SortFunc(all, func(p, q *people.Person) int { return -comparePlaces(p.CreatedAt, p.ID, q.CreatedAt, q.ID) })
	return fixtures.IDs(all)
}

func comparePlaces(at int64, id string, otherAt int64, otherID string) int {
	return search.Sort{Ascending: true}.Compare(placeOf(at, id), placeOf(otherAt, otherID))
}

func placeOf(at int64, id string) search.Place {
	return search.Place{Created: search.NumberKey(search.IntValue(at)), ID: id}
}

// byTwo reads a list in pages of two, each behind the place of the last record of the page before, with and without its time.
func byTwo(t *testing.T, what string, want []string, page func(before string) []*people.Person) {
	t.Helper()
	for _, withTime := range []bool{true, false} {
		var got []string
		for before := ""; ; {
			found := page(before)
			if len(found) == 0 {
				break
			}
			got = append(got, fixtures.IDs(found)...)
			last := found[len(found)-1]
			if before = last.ID; withTime {
				before = workspace.ListPlace(last.ID, last.CreatedAt)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s (with times: %v) are\n%v, not\n%v", what, withTime, got, want)
		}
	}
}

func agedPeople(t *testing.T, w *fixtures.Fixtures) {
	contacts, visitors := hasAged(t, w, people.User), hasAged(t, w, people.Visitor)
	company := w.HasCompany(t, "c")
	for _, id := range contacts {
		w.Attach(t, w.Stored(t, id), company)
	}
	byTwo(t, "contacts", contacts, func(before string) []*people.Person {
		page := w.ListContacts(t, before, 2)
		if shown := slices.IndexFunc(contacts, func(id string) bool { return len(page.Contacts) > 0 && id == page.Contacts[0].ID }); shown >= 0 &&
			(page.Newer != shown || page.Total != aged) {
			t.Errorf("the page behind %q has %d before it, of %d", before, page.Newer, page.Total)
		}
		return page.Contacts
	})
	byTwo(t, "contacts of a company", contacts, func(before string) []*people.Person {
		page, err := w.ContactsOfCompany(t.Context(), w.Caller, company.ID, before, 2)
		if err != nil {
			t.Fatal(err)
		}
		return page.Contacts
	})
	byTwo(t, "visitors", visitors, func(before string) []*people.Person {
		return fixtures.Get(t, w, func(r people.Reader) ([]*people.Person, error) {
			return r.Visitors(fixtures.Acme, people.VisitorFilter{Before: before}, 2)
		})
	})
	oldest := slices.Clone(contacts)
	slices.Reverse(oldest)
	for _, sort := range []search.Sort{{}, {Ascending: true}, {Field: "name"}, {Field: "name", Ascending: true}} { // they have no name
		want := contacts
		if sort.Ascending {
			want = oldest
		}
		expectSearch(t, w, want, &search.Request{Condition: is("role", "user"), Sort: sort, Limit: 2})
		expectSearch(t, w, want, &search.Request{Condition: &search.Condition{Combine: search.And}, Sort: sort, Limit: 2})
	}
}

// expectSearch searches contacts page by page, with cursors that have times, and with those that have only ids.
func expectSearch(t *testing.T, w *fixtures.Fixtures, want []string, r *search.Request) {
	t.Helper()
	for _, withTime := range []bool{true, false} {
		var got []string
		for r.After = nil; ; {
			page := fixtures.Get(t, w, func(from people.Reader) (*search.Page[*people.Person], error) {
				return from.SearchContacts(fixtures.Acme, r)
			})
			if got = append(got, fixtures.IDs(page.Found)...); page.Total != aged {
				t.Errorf("%+v: a total of %d", r.Sort, page.Total)
			}
			if page.Next == nil {
				break
			}
			if r.After = page.Next; !withTime {
				r.After.Created = ""
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v (with times: %v) finds\n%v, not\n%v", r.Sort, withTime, got, want)
		}
	}
}

func agedVisitors(t *testing.T, w *fixtures.Fixtures) {
	ws := w.StoredWorkspace(t, fixtures.Acme)
	var stay []*people.Person
	for i := range 250 { // more than a batch
		id, _ := agedAt(i)
		p := w.Person(people.Visitor, func(p *people.Person) {
			p.ID, p.CreatedAt = id, fixtures.Begin-int64(12*30*24*time.Hour/time.Second)+int64(i/3)
			p.UpdatedAt, p.LastSeenAt = p.CreatedAt, 0
			if i%5 == 0 {
				p.LastSeenAt = fixtures.Begin
				stay = append(stay, p)
			}
		})
		w.Insert(t, p)
	}
	w.Sweep(t, ws, 200)
	for _, p := range stay {
		if w.Stored(t, p.ID) == nil {
			t.Errorf("%s is gone", p.ID)
		}
	}
}

func agedCompanies(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	var all []*people.Company
	w.Write(t, func(tx people.Writer) (err error) {
		all = nil
		for i := range 250 { // more than a page
			c := &people.Company{Workspace: fixtures.Acme, CompanyID: fmt.Sprint("c-", i)}
			c.ID, c.CreatedAt = agedAt(i)
			c.UpdatedAt = c.CreatedAt
			all = append(all, c)
			err = errors.Join(err, tx.InsertCompany(c), tx.AttachCompany(fixtures.Acme, user.ID, c.ID, c.CreatedAt))
		}
		return err
	})
	slices.SortFunc(all, func(a, b *people.Company) int { return comparePlaces(a.CreatedAt, a.ID, b.CreatedAt, b.ID) })
	ids := func(all []*people.Company) (ids []string) {
		for _, c := range all {
			ids = append(ids, c.ID)
		}
		return ids
	}
	var scrolled []*people.Company
	for param := ""; ; {
		page, next, err := w.ScrollCompanies(t.Context(), w.Caller, param)
		if err != nil {
			t.Fatal(err)
		}
		if scrolled, param = append(scrolled, page...), next; len(page) == 0 {
			break
		}
	}
	fixtures.Expect(t, "the scroll", ids(all), ids(scrolled))
	var listed []*people.Company
	for number := 1; len(listed) < len(all); number++ {
		page, _, err := w.Companies(t.Context(), w.Caller, people.CompanyFilter{OldestFirst: true}, workspace.Page{Number: number, Size: 60})
		if err != nil || len(page) == 0 {
			t.Fatalf("page %d: %v, %v", number, page, err)
		}
		listed = append(listed, page...)
	}
	fixtures.Expect(t, "the list", ids(all), ids(listed))
}
