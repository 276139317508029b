package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func companies(s suite) {
	s.test("a company comes back as it was, whichever way it is asked for", wholeCompany)
	s.test("an update changes what it names, and never the id of the owner", updatedCompany)
	s.test("a company has the id of its owner in its own workspace alone", companyKeys)
	s.test("who is live counts among the users, once, whatever becomes of them", userCounts)
	s.test("a conversion carries companies along", convertedCompanies)
	s.test("a merge of contacts unites their companies, and an undo parts them", partedCompanies)
	s.test("somebody has the companies of all lives, each once, in the order in which they came", unitedCompanies)
	s.test("a deleted company has nobody, and is nobody's", deletedCompany)
	s.test("companies with users are listed by their latest request", listedCompanies)
	s.test("the contacts of a company are listed newest first", contactsOfCompany)
	s.test("a scroll shows each company once, whatever is written meanwhile and whichever server is asked", scrolledCompanies)
	s.test("users are counted right however many come and go at once", countedAtOnce)
	s.test("a company is made once however many make it", savedAtOnce)
	s.test("a search finds companies with users by what they are", searchedCompanies)
	s.test("a search finds each company that its table has a field for, whichever column narrows it", narrowedCompanies)
	s.test("the pages of a search for companies show each once, whatever is written meanwhile", pagedCompanies)
	s.test("a company is in the segments of companies that it meets, as long as it does", segmentsOfCompany)
	s.test("a segment of companies is none of people", modelOfSegment)
	s.test("what a segment of companies asks for stays", neededByCompanySegment)
	s.test("one scroll opens however many ask for one", scrollsAtOnce)
}

// hasCompany saves a company of acme.
func (w *world) hasCompany(t *testing.T, companyID string) *people.Company {
	t.Helper()
	c, err := w.SaveCompany(t.Context(), w.caller, companyID, people.CompanyUpdate{})
	if err != nil {
		t.Fatalf("SaveCompany(%s): %v", companyID, err)
	}
	return c
}

func holder(p *people.Person) people.Holder {
	if p.Role == people.Visitor {
		return people.Holder{VisitorID: p.ID}
	}
	return people.Holder{ContactID: p.ID}
}

func given[T any](v T) *T { return &v }

func wholeCompany(t *testing.T, w *world) {
	a := definition("seats", people.IntegerAttribute)
	a.Model = people.CompanyModel
	w.define(t, a)
	update := people.CompanyUpdate{
		Name: given("Acme 🦊"), Website: given("acme.example"), Industry: given("Anvils"), Plan: given("Pro"), Size: given[int64](10),
		MonthlySpend: given[int64](155), RemoteCreatedAt: given[int64](7), CustomAttributes: search.Attributes{"seats": search.IntValue(3)}, Seen: true,
	}
	saved, err := w.SaveCompany(t.Context(), w.caller, "c-1", update)
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Company{
		Workspace: acme, ID: saved.ID, CompanyID: "c-1", Name: "Acme 🦊", PlanID: 1, Size: 10, Website: "acme.example", Industry: "Anvils",
		MonthlySpend: 155, RemoteCreatedAt: 7, LastRequestAt: begin, CreatedAt: begin, UpdatedAt: begin,
		CustomAttributes: search.Attributes{"seats": search.IntValue(3)}, Plan: &people.CompanyPlan{ID: 1, Name: "Pro"},
	}
	expect(t, "what was saved", want, saved)
	w.clock.pass(time.Second)
	if _, err := w.SaveCompany(t.Context(), w.caller, "c-2", update); err != nil { // of the same name
		t.Fatal(err)
	}
	for how, find := range map[string]func() (*people.Company, error){
		"by id":         func() (*people.Company, error) { return w.FindCompany(t.Context(), by(acme), saved.ID) },
		"by its own id": func() (*people.Company, error) { return w.FindCompanyByCompanyID(t.Context(), by(acme), "c-1") },
		"by name":       func() (*people.Company, error) { return w.FindCompanyByName(t.Context(), by(acme), " aCME 🦊") },
	} {
		got, err := find()
		if err != nil {
			t.Errorf("%s: %v", how, err)
		}
		expect(t, how, want, got)
	}
	for how, find := range map[string]func() (*people.Company, error){
		"by id":         func() (*people.Company, error) { return w.FindCompany(t.Context(), by(rival), saved.ID) },
		"by its own id": func() (*people.Company, error) { return w.FindCompanyByCompanyID(t.Context(), by(rival), "c-1") },
		"by name":       func() (*people.Company, error) { return w.FindCompanyByName(t.Context(), by(rival), "Acme 🦊") },
	} {
		if got, err := find(); !errors.Is(err, people.ErrCompanyNotFound) {
			t.Errorf("%s, elsewhere: %v, %v", how, got, err)
		}
	}
}

func updatedCompany(t *testing.T, w *world) {
	c := w.hasCompany(t, "c-1")
	user := w.has(t, people.User)
	w.attach(t, user, c)
	w.clock.pass(time.Minute)
	got, err := w.UpdateCompany(t.Context(), w.caller, c.ID, people.CompanyUpdate{Name: given("Acme"), Plan: given("Pro")})
	if err != nil {
		t.Fatal(err)
	}
	want := *c
	want.Name, want.PlanID, want.Plan, want.UpdatedAt, want.UserCount = "Acme", 1, &people.CompanyPlan{ID: 1, Name: "Pro"}, begin+60, 1
	expect(t, "the answer", &want, got)
	again, err := w.SaveCompany(t.Context(), w.caller, "c-1", people.CompanyUpdate{Plan: given("")})
	if err != nil {
		t.Fatal(err)
	}
	want.PlanID, want.Plan = 0, nil
	expect(t, "the answer to saving", &want, again)
	got, err = w.FindCompanyByName(t.Context(), by(acme), "acme")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the company", &want, got)
	outbox := w.outbox(t)
	var topics []workspace.Topic
	for _, e := range outbox {
		if topics = append(topics, e.Topic); e.SubjectID != c.ID {
			t.Errorf("%s is about %s", e.Topic, e.SubjectID)
		}
	}
	expect(t, "the outbox", []workspace.Topic{people.CompanyCreated, people.CompanyContactAttached, people.CompanyUpdated, people.CompanyUpdated}, topics)
	expect(t, "who was attached", user.ID, outbox[1].PersonID)
}

func companyKeys(t *testing.T, w *world) {
	c := w.hasCompany(t, "c-1")
	theirs := w.caller
	theirs.Workspace = rival
	if _, err := w.SaveCompany(t.Context(), theirs, "c-1", people.CompanyUpdate{Plan: given("Pro")}); err != nil {
		t.Errorf("the same id elsewhere: %v", err)
	}
	again := &people.Company{Workspace: acme, ID: w.NewID(w.Now()), CompanyID: "c-1", CreatedAt: begin, UpdatedAt: begin}
	w.taken(t, "the same id again", func(tx people.Writer) error { return tx.InsertCompany(again) })
	again.ID, again.CompanyID = c.ID, "c-2"
	w.taken(t, "the same record again", func(tx people.Writer) error { return tx.InsertCompany(again) })
	plan, err := w.SaveCompany(t.Context(), w.caller, "c-1", people.CompanyUpdate{Plan: given("Pro")})
	if err != nil || plan.PlanID != 1 {
		t.Errorf("the first plan here: %v, %v", plan, err)
	}
}

func deletedCompany(t *testing.T, w *world) {
	c, other := w.hasCompany(t, "c-1"), w.hasCompany(t, "c-2")
	visitor, user := w.has(t, people.Visitor), w.has(t, people.User)
	w.attach(t, visitor, c, other)
	w.attach(t, user, c, other)
	was, err := w.DeleteCompany(t.Context(), w.caller, c.ID)
	if err != nil || was.ID != c.ID {
		t.Errorf("DeleteCompany: %v, %v", was, err)
	}
	for _, p := range []*people.Person{visitor, user} {
		expect(t, "whose companies are left", []string{"c-2"}, w.companiesOf(t, p))
	}
	if _, err := w.AttachCompany(t.Context(), w.caller, holder(user), c.ID); !errors.Is(err, people.ErrCompanyNotFound) {
		t.Errorf("AttachCompany afterwards: %v", err)
	}
	if again := w.hasCompany(t, "c-1"); again.ID == c.ID || again.UserCount != 0 {
		t.Errorf("a new one of the same id: %v", again)
	}
}

func savedAtOnce(t *testing.T, w *world) {
	made := make([]string, 12)
	crowded(len(made), func(i int) {
		c, err := w.SaveCompany(t.Context(), w.caller, "c-1", people.CompanyUpdate{Plan: given("Pro")})
		if err != nil {
			t.Errorf("SaveCompany: %v", err)
			return
		}
		if made[i] = c.ID; c.PlanID != 1 {
			t.Errorf("the plan has the id %d", c.PlanID)
		}
	})
	if same := slices.Compact(made); len(same) != 1 {
		t.Errorf("the company was made as %v", same)
	}
}
