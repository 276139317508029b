package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func listedCompanies(t *testing.T, w *world) {
	user := w.has(t, people.User)
	var want []*people.Company
	for i := range 6 {
		if i < 4 { // the last of these and the others were seen in the same second
			w.clock.pass(time.Second)
		}
		c, err := w.SaveCompany(t.Context(), w.caller, fmt.Sprint("c-", i), people.CompanyUpdate{Seen: i > 0})
		if err != nil {
			t.Fatal(err)
		}
		w.attach(t, user, c)
		c.UserCount = 1
		want = append(want, c)
	}
	w.hasCompany(t, "empty")
	visited := w.hasCompany(t, "of a visitor")
	w.attach(t, w.has(t, people.Visitor), visited)
	list := func(filter people.CompanyFilter) (all []*people.Company) {
		for number := 1; ; number++ {
			page, total, err := w.Companies(t.Context(), w.workspace(t, acme).Caller(), filter, workspace.Page{Number: number, Size: 4})
			if err != nil || total != 6 {
				t.Fatalf("Companies: %d, %v", total, err)
			}
			if all = append(all, page...); len(page) == 0 {
				return all
			}
		}
	}
	expect(t, "the oldest first", want, list(people.CompanyFilter{OldestFirst: true}))
	slices.Reverse(want)
	expect(t, "the latest first", want, list(people.CompanyFilter{}))
	if all, total, err := w.Companies(t.Context(), w.workspace(t, rival).Caller(), people.CompanyFilter{}, workspace.Page{Number: 1, Size: 4}); err != nil || total != 0 || all != nil {
		t.Errorf("elsewhere there are %v, %d, %v", all, total, err)
	}
}

func scrolledCompanies(t *testing.T, w *world) {
	servers := []*world{w, worldOver(w.Store)}
	user := w.has(t, people.User)
	var all []*people.Company
	for i := range 250 {
		all = append(all, w.hasCompany(t, fmt.Sprint("c-", i)))
		w.attach(t, user, all[i])
	}
	seen, param := map[string]int{}, ""
	for pages := 0; ; pages++ {
		page, next, err := servers[pages%2].ScrollCompanies(t.Context(), w.caller, param)
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
		if _, err := w.SaveCompany(t.Context(), w.caller, page[0].CompanyID, people.CompanyUpdate{Seen: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.DeleteCompany(t.Context(), w.caller, all[249-pages].ID); err != nil {
			t.Fatal(err)
		}
		w.attach(t, user, w.hasCompany(t, fmt.Sprint("new-", pages)))
		if pages > 5 {
			t.Fatal("the scroll has no end")
		}
		for _, server := range servers {
			if _, _, err := server.ScrollCompanies(t.Context(), w.caller, ""); !errors.Is(err, people.ErrScrollExists) {
				t.Errorf("a second scroll: %v", err)
			}
			server.clock.pass(time.Minute)
		}
	}
	for i := range 247 {
		if n := seen[fmt.Sprint("c-", i)]; n != 1 {
			t.Errorf("c-%d was shown %d times", i, n)
		}
	}
	if _, _, err := w.ScrollCompanies(t.Context(), w.caller, param); !errors.Is(err, people.ErrScrollNotFound) {
		t.Errorf("after the end: %v", err)
	}
}

func scrollsAtOnce(t *testing.T, w *world) {
	w.attach(t, w.has(t, people.User), w.hasCompany(t, "c-1"))
	var open atomic.Int64
	crowded(8, func(int) {
		switch _, _, err := w.ScrollCompanies(t.Context(), w.caller, ""); {
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
