package nouns

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/workspace"
)

func listedCompanies(t *testing.T, w *fixtures.Fixtures) {
	user := w.Has(t, people.User)
	var want []*people.Company
	for i := range 6 {
		if i < 4 { // the last of these and the others were seen in the same second
			w.Clock.Pass(time.Second)
		}
		c, err := w.SaveCompany(t.Context(), w.Caller, fmt.Sprint("c-", i), people.CompanyUpdate{Seen: i > 0})
		if err != nil {
			t.Fatal(err)
		}
		w.Attach(t, user, c)
		c.UserCount = 1
		want = append(want, c)
	}
	w.HasCompany(t, "empty")
	visited := w.HasCompany(t, "of a visitor")
	w.Attach(t, w.Has(t, people.Visitor), visited)
	list := func(filter people.CompanyFilter) (all []*people.Company) {
		for number := 1; ; number++ {
			page, total, err := w.Companies(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), filter, workspace.Page{Number: number, Size: 4})
			if err != nil || total != 6 {
				t.Fatalf("Companies: %d, %v", total, err)
			}
			if all = append(all, page...); len(page) == 0 {
				return all
			}
		}
	}
	fixtures.Expect(t, "the oldest first", want, list(people.CompanyFilter{OldestFirst: true}))
	slices.Reverse(want)
	fixtures.Expect(t, "the latest first", want, list(people.CompanyFilter{}))
	if all, total, err := w.Companies(t.Context(), w.StoredWorkspace(t, fixtures.Rival).Caller(), people.CompanyFilter{}, workspace.Page{Number: 1, Size: 4}); err != nil || total != 0 || all != nil {
		t.Errorf("elsewhere there are %v, %d, %v", all, total, err)
	}
}

func scrolledCompanies(t *testing.T, w *fixtures.Fixtures) {
	servers := []*fixtures.Fixtures{w, fixtures.Over(w.Store)}
	user := w.Has(t, people.User)
	var all []*people.Company
	for i := range 250 {
		all = append(all, w.HasCompany(t, fmt.Sprint("c-", i)))
		w.Attach(t, user, all[i])
	}
	seen, param := map[string]int{}, ""
	for pages := 0; ; pages++ {
		page, next, err := servers[pages%2].ScrollCompanies(t.Context(), w.Caller, param)
		if err != nil {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, c := range page {
			seen[c.CompanyID]++
		}
		if len(page) == 0 {
			if next != "" {
				t.Errorf("the last page has the param %s", next)
			}
			break
		}
		if param == "" {
			param = next
		}
		// What was shown changes, what was not goes, and the newest comes.
		if _, err := w.SaveCompany(t.Context(), w.Caller, page[0].CompanyID, people.CompanyUpdate{Seen: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.DeleteCompany(t.Context(), w.Caller, all[249-pages].ID); err != nil {
			t.Fatal(err)
		}
		w.Attach(t, user, w.HasCompany(t, fmt.Sprint("new-", pages)))
		if pages > 5 {
			t.Fatal("the scroll has no end")
		}
		for _, server := range servers {
			if _, _, err := server.ScrollCompanies(t.Context(), w.Caller, ""); !errors.Is(err, people.ErrScrollExists) {
				t.Errorf("a second scroll: %v", err)
			}
			server.Clock.Pass(time.Minute)
		}
	}
	for i := range 247 {
		if n := seen[fmt.Sprint("c-", i)]; n != 1 {
			t.Errorf("c-%d was shown %d times", i, n)
		}
	}
	if _, _, err := w.ScrollCompanies(t.Context(), w.Caller, param); !errors.Is(err, people.ErrScrollNotFound) {
		t.Errorf("after the end: %v", err)
	}
}

func scrollsAtOnce(t *testing.T, w *fixtures.Fixtures) {
	w.Attach(t, w.Has(t, people.User), w.HasCompany(t, "c-1"))
	var open atomic.Int64
	fixtures.Crowded(8, func(int) {
		switch _, _, err := w.ScrollCompanies(t.Context(), w.Caller, ""); {
		case err == nil:
			open.Add(1)
		case !errors.Is(err, people.ErrScrollExists):
			t.Errorf("ScrollCompanies: %v", err)
		}
	})
	if open.Load() != 1 {
		t.Errorf("%d scrolls opened", open.Load())
	}
}
