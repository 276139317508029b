package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

func (w *world) attach(t *testing.T, p *people.Person, all ...*people.Company) {
	t.Helper()
	for _, c := range all {
		if _, err := w.AttachCompany(t.Context(), w.caller, holder(p), c.ID); err != nil {
			t.Fatalf("AttachCompany: %v", err)
		}
	}
}

// companiesOf answers the owner's ids of somebody's companies.
func (w *world) companiesOf(t *testing.T, p *people.Person) (all []string) {
	t.Helper()
	found, total, err := w.CompaniesOf(t.Context(), w.caller, holder(p), workspace.Page{Number: 1, Size: 50})
	if err != nil || total != len(found) {
		t.Fatalf("CompaniesOf: %d of %d, %v", len(found), total, err)
	}
	for _, c := range found {
		all = append(all, c.CompanyID)
	}
	return all
}

// users expects a company to have so many.
func (w *world) users(t *testing.T, when string, c *people.Company, want int64) {
	t.Helper()
	found, err := w.FindCompany(t.Context(), by(acme), c.ID)
	if err != nil {
		t.Fatalf("FindCompany: %v", err)
	}
	if found.UserCount != want {
		t.Errorf("%s %s has %d users, want %d", when, c.CompanyID, found.UserCount, want)
	}
}

func userCounts(t *testing.T, w *world) {
	c := w.hasCompany(t, "c-1")
	visitor, lead, user := w.has(t, people.Visitor), w.has(t, people.Lead), w.has(t, people.User)
	w.attach(t, visitor, c)
	w.users(t, "with a visitor", c, 0)
	w.attach(t, lead, c)
	w.attach(t, lead, c)
	w.attach(t, user, c)
	w.users(t, "with two contacts", c, 2)
	if _, err := w.ArchiveContact(t.Context(), w.caller, lead.ID); err != nil {
		t.Fatal(err)
	}
	w.users(t, "with one of them archived", c, 1)
	w.convert(t, toUser(visitor, people.UserRef{ID: user.ID}))
	w.users(t, "after the merge of two users of it", c, 1)
	if _, err := w.UnarchiveContact(t.Context(), w.caller, lead.ID); err != nil {
		t.Fatal(err)
	}
	w.users(t, "with the archived one back", c, 2)
	if _, err := w.DeleteContact(t.Context(), w.caller, user.ID); err != nil {
		t.Fatal(err)
	}
	w.users(t, "with one deleted", c, 1)
	if got, err := w.DetachCompany(t.Context(), w.caller, holder(lead), c.ID); err != nil || got.UserCount != 0 {
		t.Errorf("DetachCompany: %v, %v", got, err)
	}
	if _, err := w.DetachCompany(t.Context(), w.caller, holder(lead), c.ID); !errors.Is(err, people.ErrCompanyNotFound) {
		t.Errorf("DetachCompany again: %v", err)
	}
	w.users(t, "in the end", c, 0)
}

func convertedCompanies(t *testing.T, w *world) {
	c := w.hasCompany(t, "c-1")
	one, two, user := w.has(t, people.Visitor), w.has(t, people.Visitor), w.has(t, people.User)
	w.attach(t, one, c)
	w.attach(t, two, c)
	lead := w.convert(t, toLead(one)).Contact
	w.users(t, "with a lead made of a visitor", c, 1)
	expect(t, "what the lead shows", people.Linked{First: []string{c.ID}, Total: 1}, lead.Links.Companies)
	merged := w.convert(t, toUser(two, people.UserRef{ID: user.ID})).Contact
	w.users(t, "with a user who absorbed a visitor", c, 2)
	expect(t, "what the user shows", people.Linked{First: []string{c.ID}, Total: 1}, merged.Links.Companies)
	for _, p := range []*people.Person{lead, user} {
		expect(t, "whose company it is", []string{"c-1"}, w.companiesOf(t, p))
	}
}

func partedCompanies(t *testing.T, w *world) {
	both, leads := w.hasCompany(t, "both"), w.hasCompany(t, "leads")
	lead, user := w.has(t, people.Lead), w.has(t, people.User)
	w.attach(t, lead, both, leads)
	w.attach(t, user, both)
	entry := w.merge(t, w.stored(t, lead.ID), w.stored(t, user.ID)).ChangeID
	for range 2 {
		w.users(t, "after the merge", both, 1)
		w.users(t, "after the merge", leads, 1)
		expect(t, "the user's companies", []string{"both", "leads"}, slices.Sorted(slices.Values(w.companiesOf(t, user))))
		undo := w.undo(t, entry)
		w.users(t, "after the undo", both, 2)
		w.users(t, "after the undo", leads, 1)
		expect(t, "the user's own companies", []string{"both"}, w.companiesOf(t, user))
		entry = w.undo(t, undo.ID).ID
	}
}

func unitedCompanies(t *testing.T, w *world) {
	var all []*people.Company
	for i := range 4 {
		all = append(all, w.hasCompany(t, fmt.Sprint("c-", i)))
	}
	visitor, user := w.has(t, people.Visitor), w.has(t, people.User)
	for i, who := range []*people.Person{user, visitor, user, visitor} {
		w.clock.pass(time.Second)
		w.attach(t, who, all[3-i])
	}
	w.clock.pass(time.Second)
	w.attach(t, user, all[2]) // which the visitor has had for longer
	found, err := w.FindVisitor(t.Context(), by(acme), people.VisitorRef{ID: visitor.ID})
	if err != nil {
		t.Fatal(err)
	}
	withUser := *all[2]
	withUser.UserCount, withUser.UpdatedAt = 1, begin+5 // when the user joined
	expect(t, "what the visitor shows", []*people.Company{&withUser, all[0]}, found.Links.Belongs)
	page, _, err := w.Visitors(t.Context(), by(acme), people.VisitorFilter{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "what it shows in a list", found.Links, page[0].Links)
	w.convert(t, toUser(visitor, people.UserRef{ID: user.ID}))
	expect(t, "the companies of both", []string{"c-3", "c-2", "c-1", "c-0"}, w.companiesOf(t, user))
	for _, c := range all {
		w.users(t, "after the merge", c, 1)
	}
	second, total, err := w.CompaniesOf(t.Context(), w.caller, holder(user), workspace.Page{Number: 2, Size: 3})
	if err != nil || total != 4 || len(second) != 1 || second[0].ID != all[0].ID {
		t.Errorf("the second page is %v of %d, %v", second, total, err)
	}
	if _, err := w.DetachCompany(t.Context(), w.caller, holder(user), all[2].ID); err != nil {
		t.Fatal(err)
	}
	w.users(t, "detached from both lives", all[2], 0)
	expect(t, "the companies that are left", []string{"c-3", "c-1", "c-0"}, w.companiesOf(t, user))
}

func contactsOfCompany(t *testing.T, w *world) {
	c, other := w.hasCompany(t, "c-1"), w.hasCompany(t, "c-2")
	var want []string
	for i := range 5 {
		p := w.has(t, []people.Role{people.Lead, people.User}[i%2])
		w.attach(t, p, c)
		want = append([]string{p.ID}, want...)
	}
	w.attach(t, w.has(t, people.User), other)
	survivor, visitor := w.has(t, people.User), w.has(t, people.Visitor) // only the visitor is attached
	w.attach(t, visitor, c)
	w.attach(t, w.has(t, people.Visitor), c)
	w.convert(t, toUser(visitor, people.UserRef{ID: survivor.ID}))
	want = append([]string{survivor.ID}, want...)
	if _, err := w.ArchiveContact(t.Context(), w.caller, want[2]); err != nil {
		t.Fatal(err)
	}
	want = slices.Delete(want, 2, 3)
	var got []string
	before := ""
	for {
		page, err := w.ContactsOfCompany(t.Context(), by(acme), c.ID, before, 2)
		if err != nil || page.Total != 5 || page.Newer != len(got) {
			t.Fatalf("ContactsOfCompany: %+v, %v", page, err)
		}
		if got = append(got, ids(page.Contacts)...); !page.More() || len(page.Contacts) == 0 {
			break
		}
		before = got[len(got)-1]
	}
	expect(t, "the contacts", want, got)
	if page, err := w.ContactsOfCompany(t.Context(), by(acme), c.ID, "", 1); err != nil || page.Contacts[0].Links == nil {
		t.Errorf("a contact without its links: %+v, %v", page, err)
	}
	if _, err := w.ContactsOfCompany(t.Context(), by(rival), c.ID, "", 2); !errors.Is(err, people.ErrCompanyNotFound) {
		t.Errorf("ContactsOfCompany elsewhere: %v", err)
	}
}

func countedAtOnce(t *testing.T, w *world) {
	c, other := w.hasCompany(t, "c-1"), w.hasCompany(t, "c-2")
	user := w.has(t, people.User)
	live := atomic.Int64{}
	crowded(24, func(i int) {
		p := w.person(people.Lead)
		if i%4 == 3 {
			p = w.person(people.Visitor)
		}
		err := w.Store.Write(t.Context(), func(tx people.Writer) error { return tx.InsertPerson(p) })
		for _, company := range []*people.Company{c, other}[i%2:] {
			_, attached := w.AttachCompany(t.Context(), w.caller, holder(p), company.ID)
			err = cmp.Or(err, attached)
		}
		switch i % 4 {
		case 0:
			live.Add(1)
		case 1:
			_, hidden := w.ArchiveContact(t.Context(), w.caller, p.ID)
			err = cmp.Or(err, hidden)
		case 2:
			_, detached := w.DetachCompany(t.Context(), w.caller, holder(p), c.ID)
			err = cmp.Or(err, detached)
		case 3: // one more life of the same user
			_, merged := w.ConvertVisitor(t.Context(), w.caller, toUser(p, people.UserRef{ID: user.ID}))
			err = cmp.Or(err, merged)
		}
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	})
	w.users(t, "after all", c, live.Load())
	w.users(t, "after all", other, 6+6+1) // those of c, those that left c, and the user
}
