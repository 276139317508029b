package nouns

import (
	"cmp"
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

func userCounts(t *testing.T, w *fixtures.Fixtures) {
	c := w.HasCompany(t, "c-1")
	visitor, lead, user := w.Has(t, people.Visitor), w.Has(t, people.Lead), w.Has(t, people.User)
	w.Attach(t, visitor, c)
	w.Users(t, "with a visitor", c, 0)
	w.Attach(t, lead, c)
	w.Attach(t, lead, c)
	w.Attach(t, user, c)
	w.Users(t, "with two contacts", c, 2)
	if _, err := w.ArchiveContact(t.Context(), w.Caller, lead.ID); err != nil {
		t.Fatal(err)
	}
	w.Users(t, "with one of them archived", c, 1)
	w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID}))
	w.Users(t, "after the merge of two users of it", c, 1)
	if _, err := w.UnarchiveContact(t.Context(), w.Caller, lead.ID); err != nil {
		t.Fatal(err)
	}
	w.Users(t, "with the archived one back", c, 2)
	if _, err := w.DeleteContact(t.Context(), w.Caller, user.ID); err != nil {
		t.Fatal(err)
	}
	w.Users(t, "with one deleted", c, 1)
	if got, err := w.DetachCompany(t.Context(), w.Caller, fixtures.Holder(lead), c.ID); err != nil || got.UserCount != 0 {
		t.Errorf("DetachCompany: %v, %v", got, err)
	}
	if _, err := w.DetachCompany(t.Context(), w.Caller, fixtures.Holder(lead), c.ID); !errors.Is(err, people.ErrCompanyNotFound) {
		t.Errorf("DetachCompany again: %v", err)
	}
	w.Users(t, "in the end", c, 0)
}

func convertedCompanies(t *testing.T, w *fixtures.Fixtures) {
	c := w.HasCompany(t, "c-1")
	one, two, user := w.Has(t, people.Visitor), w.Has(t, people.Visitor), w.Has(t, people.User)
	w.Attach(t, one, c)
	w.Attach(t, two, c)
	lead := w.Convert(t, fixtures.ToLead(one)).Contact
	w.Users(t, "with a lead made of a visitor", c, 1)
	fixtures.Expect(t, "what the lead shows", people.FirstIDs{First: []string{c.ID}, Total: 1}, lead.Associations.Companies)
	merged := w.Convert(t, fixtures.ToUser(two, people.UserRef{ID: user.ID})).Contact
	w.Users(t, "with a user who absorbed a visitor", c, 2)
	fixtures.Expect(t, "what the user shows", people.FirstIDs{First: []string{c.ID}, Total: 1}, merged.Associations.Companies)
	for _, p := range []*people.Person{lead, user} {
		fixtures.Expect(t, "whose company it is", []string{"c-1"}, w.CompanyNames(t, p))
	}
}

func partedCompanies(t *testing.T, w *fixtures.Fixtures) {
	both, leads := w.HasCompany(t, "both"), w.HasCompany(t, "leads")
	lead, user := w.Has(t, people.Lead), w.Has(t, people.User)
	w.Attach(t, lead, both, leads)
	w.Attach(t, user, both)
	entry := w.Merge(t, w.Stored(t, lead.ID), w.Stored(t, user.ID)).ChangeID
	for range 2 {
		w.Users(t, "after the merge", both, 1)
		w.Users(t, "after the merge", leads, 1)
		fixtures.Expect(t, "the user's companies", []string{"both", "leads"}, slices.Sorted(slices.Values(w.CompanyNames(t, user))))
		undo := w.Undo(t, entry)
		w.Users(t, "after the undo", both, 2)
		w.Users(t, "after the undo", leads, 1)
		fixtures.Expect(t, "the user's own companies", []string{"both"}, w.CompanyNames(t, user))
		entry = w.Undo(t, undo.ID).ID
	}
}

func unitedCompanies(t *testing.T, w *fixtures.Fixtures) {
	var all []*people.Company
	for i := range 4 {
		all = append(all, w.HasCompany(t, fmt.Sprint("c-", i)))
	}
	visitor, user := w.Has(t, people.Visitor), w.Has(t, people.User)
	for i, who := range []*people.Person{user, visitor, user, visitor} {
		w.Clock.Pass(time.Second)
		w.Attach(t, who, all[3-i])
	}
	w.Clock.Pass(time.Second)
	w.Attach(t, user, all[2]) // which the visitor has had for longer
	found, err := w.FindVisitor(t.Context(), fixtures.By(fixtures.Acme), people.VisitorRef{ID: visitor.ID})
	if err != nil {
		t.Fatal(err)
	}
	withUser := *all[2]
	withUser.UserCount, withUser.UpdatedAt = 1, fixtures.Begin+5 // when the user joined
	fixtures.Expect(t, "what the visitor shows", []*people.Company{&withUser, all[0]}, found.Associations.VisitorCompanies)
	page, _, err := w.Visitors(t.Context(), fixtures.By(fixtures.Acme), people.VisitorFilter{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "what it shows in a list", found.Associations, page[0].Associations)
	w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: user.ID}))
	fixtures.Expect(t, "the companies of both", []string{"c-3", "c-2", "c-1", "c-0"}, w.CompanyNames(t, user))
	for _, c := range all {
		w.Users(t, "after the merge", c, 1)
	}
	second, total, err := w.CompaniesOf(t.Context(), w.Caller, fixtures.Holder(user), workspace.Page{Number: 2, Size: 3})
	if err != nil || total != 4 || len(second) != 1 || second[0].ID != all[0].ID {
		t.Errorf("the second page is %v of %d, %v", second, total, err)
	}
	if _, err := w.DetachCompany(t.Context(), w.Caller, fixtures.Holder(user), all[2].ID); err != nil {
		t.Fatal(err)
	}
	w.Users(t, "detached from both lives", all[2], 0)
	fixtures.Expect(t, "the companies that are left", []string{"c-3", "c-1", "c-0"}, w.CompanyNames(t, user))
}

func contactsOfCompany(t *testing.T, w *fixtures.Fixtures) {
	c, other := w.HasCompany(t, "c-1"), w.HasCompany(t, "c-2")
	var want []string
	for i := range 5 {
		p := w.Has(t, []people.Role{people.Lead, people.User}[i%2])
		w.Attach(t, p, c)
		want = append([]string{p.ID}, want...)
	}
	w.Attach(t, w.Has(t, people.User), other)
	survivor, visitor := w.Has(t, people.User), w.Has(t, people.Visitor) // only the visitor is attached
	w.Attach(t, visitor, c)
	w.Attach(t, w.Has(t, people.Visitor), c)
	w.Convert(t, fixtures.ToUser(visitor, people.UserRef{ID: survivor.ID}))
	want = append([]string{survivor.ID}, want...)
	if _, err := w.ArchiveContact(t.Context(), w.Caller, want[2]); err != nil {
		t.Fatal(err)
	}
	want = slices.Delete(want, 2, 3)
	var got []string
	before := ""
	for {
		page, err := w.ContactsOfCompany(t.Context(), fixtures.By(fixtures.Acme), c.ID, before, 2)
		if err != nil || page.Total != 5 || page.Newer != len(got) {
			t.Fatalf("ContactsOfCompany: %+v, %v", page, err)
		}
		if got = append(got, fixtures.IDs(page.Contacts)...); !page.More() || len(page.Contacts) == 0 {
			break
		}
		before = got[len(got)-1]
	}
	fixtures.Expect(t, "the contacts", want, got)
	if page, err := w.ContactsOfCompany(t.Context(), fixtures.By(fixtures.Acme), c.ID, "", 1); err != nil || page.Contacts[0].Associations == nil {
		t.Errorf("a contact without its links: %+v, %v", page, err)
	}
	if _, err := w.ContactsOfCompany(t.Context(), fixtures.By(fixtures.Rival), c.ID, "", 2); !errors.Is(err, people.ErrCompanyNotFound) {
		t.Errorf("ContactsOfCompany elsewhere: %v", err)
	}
}

func countedAtOnce(t *testing.T, w *fixtures.Fixtures) {
	c, other := w.HasCompany(t, "c-1"), w.HasCompany(t, "c-2")
	user := w.Has(t, people.User)
	live := atomic.Int64{}
	fixtures.Crowded(24, func(i int) {
		p := w.Person(people.Lead)
		if i%4 == 3 {
			p = w.Person(people.Visitor)
		}
		err := w.Store.Write(t.Context(), func(tx people.Writer) error { return tx.InsertPerson(p) })
		for _, company := range []*people.Company{c, other}[i%2:] {
			_, attached := w.AttachCompany(t.Context(), w.Caller, fixtures.Holder(p), company.ID)
			err = cmp.Or(err, attached)
		}
		switch i % 4 {
		case 0:
			live.Add(1)
		case 1:
			_, hidden := w.ArchiveContact(t.Context(), w.Caller, p.ID)
			err = cmp.Or(err, hidden)
		case 2:
			_, detached := w.DetachCompany(t.Context(), w.Caller, fixtures.Holder(p), c.ID)
			err = cmp.Or(err, detached)
		case 3: // one more life of the same user
			_, merged := w.ConvertVisitor(t.Context(), w.Caller, fixtures.ToUser(p, people.UserRef{ID: user.ID}))
			err = cmp.Or(err, merged)
		}
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	})
	w.Users(t, "after all", c, live.Load())
	w.Users(t, "after all", other, 6+6+1) // those of c, those that left c, and the user
}
