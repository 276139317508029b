package nouns

import (
	"errors"
	"slices"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func Companies(s fixtures.Suite) {
	s.Test("a company comes back as it was, whichever way it is asked for", wholeCompany)
	s.Test("an update changes what it names, and never the id of the owner", updatedCompany)
	s.Test("a company has the id of its owner in its own workspace alone", companyKeys)
	s.Test("who is live counts among the users, once, whatever becomes of them", userCounts)
	s.Test("a conversion carries companies along", convertedCompanies)
	s.Test("a merge of contacts unites their companies, and an undo parts them", partedCompanies)
	s.Test("somebody has the companies of all lives, each once, in the order in which they came", unitedCompanies)
	s.Test("a deleted company has nobody, and is nobody's", deletedCompany)
	s.Test("companies with users are listed by their latest request", listedCompanies)
	s.Test("the contacts of a company are listed newest first", contactsOfCompany)
	s.Test("a scroll shows each company once, whatever is written meanwhile and whichever server is asked", scrolledCompanies)
	s.Test("users are counted right however many come and go at once", countedAtOnce)
	s.Test("a company is made once however many make it", savedAtOnce)
	s.Test("a search finds companies with users by what they are", searchedCompanies)
	s.Test("a search finds each company that its table has a field for, whichever column narrows it", narrowedCompanies)
	s.Test("the pages of a search for companies show each once, whatever is written meanwhile", pagedCompanies)
	s.Test("a company is in the segments of companies that it meets, as long as it does", segmentsOfCompany)
	s.Test("a segment of companies is none of people", modelOfSegment)
	s.Test("what a segment of companies asks for stays", neededByCompanySegment)
	s.Test("one scroll opens however many ask for one", scrollsAtOnce)
}

func wholeCompany(t *testing.T, w *fixtures.Fixtures) {
	a := fixtures.Definition("seats", people.IntegerAttribute)
	a.Model = people.CompanyModel
	w.Define(t, a)
	update := people.CompanyUpdate{
		Name: fixtures.Given("Acme 🦊"), Website: fixtures.Given("acme.example"), Industry: fixtures.Given("Anvils"), Plan: fixtures.Given("Pro"), Size: fixtures.Given[int64](10),
		MonthlySpend: fixtures.Given[int64](155), RemoteCreatedAt: fixtures.Given[int64](7), CustomAttributes: search.Attributes{"seats": search.IntValue(3)}, Seen: true,
	}
	saved, err := w.SaveCompany(t.Context(), w.Caller, "c-1", update)
	if err != nil {
		t.Fatal(err)
	}
	want := &people.Company{
		Workspace: fixtures.Acme, ID: saved.ID, CompanyID: "c-1", Name: "Acme 🦊", PlanID: 1, Size: 10, Website: "acme.example", Industry: "Anvils",
		MonthlySpend: 155, RemoteCreatedAt: 7, LastRequestAt: fixtures.Begin, CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin,
		CustomAttributes: search.Attributes{"seats": search.IntValue(3)}, Plan: &people.CompanyPlan{ID: 1, Name: "Pro"},
	}
	fixtures.Expect(t, "what was saved", want, saved)
	w.Clock.Pass(time.Second)
	if _, err := w.SaveCompany(t.Context(), w.Caller, "c-2", update); err != nil { // of the same name
		t.Fatal(err)
	}
	for how, find := range map[string]func() (*people.Company, error){
		"by id": func() (*people.Company, error) {
			return w.FindCompany(t.Context(), fixtures.By(fixtures.Acme), saved.ID)
		},
		"by its own id": func() (*people.Company, error) {
			return w.FindCompanyByCompanyID(t.Context(), fixtures.By(fixtures.Acme), "c-1")
		},
		"by name": func() (*people.Company, error) {
			return w.FindCompanyByName(t.Context(), fixtures.By(fixtures.Acme), " aCME 🦊")
		},
	} {
		got, err := find()
		if err != nil {
			t.Errorf("%s: %v", how, err)
		}
		fixtures.Expect(t, how, want, got)
	}
	for how, find := range map[string]func() (*people.Company, error){
		"by id": func() (*people.Company, error) {
			return w.FindCompany(t.Context(), fixtures.By(fixtures.Rival), saved.ID)
		},
		"by its own id": func() (*people.Company, error) {
			return w.FindCompanyByCompanyID(t.Context(), fixtures.By(fixtures.Rival), "c-1")
		},
		"by name": func() (*people.Company, error) {
			return w.FindCompanyByName(t.Context(), fixtures.By(fixtures.Rival), "Acme 🦊")
		},
	} {
		if got, err := find(); !errors.Is(err, people.ErrCompanyNotFound) {
			t.Errorf("%s, elsewhere: %v, %v", how, got, err)
		}
	}
}

func updatedCompany(t *testing.T, w *fixtures.Fixtures) {
	c := w.HasCompany(t, "c-1")
	user := w.Has(t, people.User)
	w.Attach(t, user, c)
	w.Clock.Pass(time.Minute)
	got, err := w.UpdateCompany(t.Context(), w.Caller, c.ID, people.CompanyUpdate{Name: fixtures.Given("Acme"), Plan: fixtures.Given("Pro")})
	if err != nil {
		t.Fatal(err)
	}
	want := *c
	want.Name, want.PlanID, want.Plan, want.UpdatedAt, want.UserCount = "Acme", 1, &people.CompanyPlan{ID: 1, Name: "Pro"}, fixtures.Begin+60, 1
	fixtures.Expect(t, "the answer", &want, got)
	again, err := w.SaveCompany(t.Context(), w.Caller, "c-1", people.CompanyUpdate{Plan: fixtures.Given("")})
	if err != nil {
		t.Fatal(err)
	}
	want.PlanID, want.Plan = 0, nil
	fixtures.Expect(t, "the answer to saving", &want, again)
	got, err = w.FindCompanyByName(t.Context(), fixtures.By(fixtures.Acme), "acme")
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the company", &want, got)
	outbox := w.Outbox(t)
	var topics []workspace.Topic
	for _, e := range outbox {
		if topics = append(topics, e.Topic); e.SubjectID != c.ID {
			t.Errorf("%s is about %s", e.Topic, e.SubjectID)
		}
	}
	fixtures.Expect(t, "the outbox", []workspace.Topic{people.CompanyCreated, people.CompanyContactAttached, people.CompanyUpdated, people.CompanyUpdated}, topics)
	fixtures.Expect(t, "who was attached", user.ID, outbox[1].PersonID)
}

func companyKeys(t *testing.T, w *fixtures.Fixtures) {
	c := w.HasCompany(t, "c-1")
	theirs := w.Caller
	theirs.Workspace = fixtures.Rival
	if _, err := w.SaveCompany(t.Context(), theirs, "c-1", people.CompanyUpdate{Plan: fixtures.Given("Pro")}); err != nil {
		t.Errorf("the same id elsewhere: %v", err)
	}
	again := &people.Company{Workspace: fixtures.Acme, ID: w.NewID(w.Now()), CompanyID: "c-1", CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin}
	w.Taken(t, "the same id again", func(tx people.Writer) error { return tx.InsertCompany(again) })
	again.ID, again.CompanyID = c.ID, "c-2"
	w.Taken(t, "the same record again", func(tx people.Writer) error { return tx.InsertCompany(again) })
	plan, err := w.SaveCompany(t.Context(), w.Caller, "c-1", people.CompanyUpdate{Plan: fixtures.Given("Pro")})
	if err != nil || plan.PlanID != 1 {
		t.Errorf("the first plan here: %v, %v", plan, err)
	}
}

func deletedCompany(t *testing.T, w *fixtures.Fixtures) {
	c, other := w.HasCompany(t, "c-1"), w.HasCompany(t, "c-2")
	visitor, user := w.Has(t, people.Visitor), w.Has(t, people.User)
	w.Attach(t, visitor, c, other)
	w.Attach(t, user, c, other)
	was, err := w.DeleteCompany(t.Context(), w.Caller, c.ID)
	if err != nil || was.ID != c.ID {
		t.Errorf("DeleteCompany: %v, %v", was, err)
	}
	for _, p := range []*people.Person{visitor, user} {
		fixtures.Expect(t, "whose companies are left", []string{"c-2"}, w.CompanyNames(t, p))
	}
	if _, err := w.AttachCompany(t.Context(), w.Caller, fixtures.Holder(user), c.ID); !errors.Is(err, people.ErrCompanyNotFound) {
		t.Errorf("AttachCompany afterwards: %v", err)
	}
	if again := w.HasCompany(t, "c-1"); again.ID == c.ID || again.UserCount != 0 {
		t.Errorf("a new one of the same id: %v", again)
	}
}

func savedAtOnce(t *testing.T, w *fixtures.Fixtures) {
	made := make([]string, 12)
	fixtures.Crowded(len(made), func(i int) {
		c, err := w.SaveCompany(t.Context(), w.Caller, "c-1", people.CompanyUpdate{Plan: fixtures.Given("Pro")})
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
