package nouns

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func searchedCompanies(t *testing.T, w *fixtures.Fixtures) {
	w.DefinesForCompanies(t, "seats", people.IntegerAttribute)
	w.HasUsedCompany(t, "a", people.CompanyUpdate{
		Name: fixtures.Given(" Acme 🦊 "), MonthlySpend: fixtures.Given[int64](155), RemoteCreatedAt: fixtures.Given[int64](7), Seen: true,
		CustomAttributes: search.Attributes{"seats": search.IntValue(3)},
	})
	w.Clock.Pass(time.Hour)
	b := w.HasUsedCompany(t, "B", people.CompanyUpdate{Name: fixtures.Given("Base"), CustomAttributes: search.Attributes{"seats": search.IntValue(30)}})
	w.Attach(t, w.Has(t, people.Lead), b)
	w.HasCompany(t, "empty")
	w.Attach(t, w.Has(t, people.Visitor), w.HasCompany(t, "visited"))
	vip := w.HasTag(t, fixtures.Acme, "vip")
	if _, err := w.ApplyTagging(t.Context(), w.Caller, people.Tagging{ID: vip.ID, Companies: []people.CompanyTarget{{ID: b.ID}}}); err != nil {
		t.Fatal(err)
	}
	text, number, null := search.TextValue, search.IntValue, search.NullValue()
	for _, c := range []struct {
		query search.Query
		want  []string
	}{
		{filter("company_id", search.Equal, text("a")), []string{"a"}},
		{filter("company_id", search.Equal, text("A")), []string{}},
		{filter("company_id", search.Equal, text("empty")), []string{}},
		{filter("company_id", search.NotEqual, text("a")), []string{"B"}},
		{search.Query{Field: "company_id", Operator: search.In, Values: []search.Value{text("a"), text("B"), text("c")}}, []string{"B", "a"}},
		{filter("name", search.Equal, text("ACME 🦊")), []string{"a"}},
		{filter("name", search.Contains, text("as")), []string{"B"}},
		{filter("name", search.StartsWith, text("AC")), []string{"a"}},
		{filter("created_at", search.Greater, number(fixtures.Begin)), []string{"B"}},
		{filter("created_at", search.Equal, number(fixtures.Begin)), []string{"a"}},
		{filter("updated_at", search.Less, number(fixtures.Begin+3600)), []string{"a"}},
		{filter("remote_created_at", search.Less, number(8)), []string{"a"}},
		{filter("remote_created_at", search.Equal, number(fixtures.Begin+3600)), []string{"B"}},
		{filter("last_request_at", search.NotEqual, null), []string{"a"}},
		{filter("last_request_at", search.Equal, null), []string{"B"}},
		{filter("last_request_at", search.Less, number(fixtures.Begin+1)), []string{"a"}},
		{filter("monthly_spend", search.Greater, search.FloatValue(154.5)), []string{"a"}},
		{filter("monthly_spend", search.Equal, number(0)), []string{"B"}},
		{filter("monthly_spend", search.Equal, null), []string{}},
		{filter("session_count", search.Less, number(1)), []string{"B", "a"}},
		{filter("user_count", search.GreaterOrEqual, number(2)), []string{"B"}},
		{filter("tag_id", search.Equal, number(vip.ID)), []string{"B"}},
		{filter("tag_id", search.NotEqual, number(vip.ID)), []string{"a"}},
		{filter("tag_id", search.Equal, null), []string{"a"}},
		{filter("tag_id", search.Equal, number(vip.ID+1)), []string{}},
		{filter("custom_attributes.seats", search.Greater, number(3)), []string{"B"}},
		{search.Query{Combine: search.Or, Queries: []search.Query{named("base"), filter("company_id", search.Equal, text("a"))}}, []string{"B", "a"}},
		{search.Query{Combine: search.And, Queries: []search.Query{named("base"), filter("company_id", search.Equal, text("a"))}}, []string{}},
	} {
		fixtures.Expect(t, fmt.Sprintf("what is found by %+v", c.query), c.want, w.FindsCompanies(t, people.SearchOrder{Query: c.query, Limit: 10}, nil))
	}
	for _, field := range []string{"plan.name", "plan.id", "segment_id", "email", "id", "size", "custom_attributes.none"} {
		_, err := w.SearchCompanies(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), people.SearchOrder{Query: filter(field, search.Equal, text("1"))})
		if search, refused := errors.AsType[*search.Error](err); !refused || !search.Unknown {
			t.Errorf("asking for %s: %v", field, err)
		}
	}
	_, err := w.SearchCompanies(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), people.SearchOrder{Query: filter("created_at", search.GreaterOrEqual, number(1))})
	if search, refused := errors.AsType[*search.Error](err); !refused || search.Path != "query.operator" {
		t.Errorf("asking for a time by >=: %v", err)
	}
	page, err := w.SearchCompanies(t.Context(), w.StoredWorkspace(t, fixtures.Rival).Caller(), people.SearchOrder{Query: named("base"), Limit: 10})
	if err != nil || page.Total != 0 || len(page.Found) != 0 {
		t.Errorf("elsewhere there are %v, %v", page, err)
	}
}

// narrowedCompanies asks for what a column could rule out wrongly.
func narrowedCompanies(t *testing.T, w *fixtures.Fixtures) {
	w.DefinesForCompanies(t, "café_au lait", people.StringAttribute)
	long := strings.Repeat("🦊", 200) // of which not all is a key
	w.HasUsedCompany(t, "a", people.CompanyUpdate{Name: &long, CustomAttributes: search.Attributes{"café_au lait": search.TextValue("Yes")}})
	w.HasUsedCompany(t, "b", people.CompanyUpdate{Seen: true})
	text, number, null := search.TextValue, search.IntValue, search.NullValue()
	and := func(parts ...search.Query) search.Query { return search.Query{Combine: search.And, Queries: parts} }
	for _, c := range []struct {
		query search.Query
		want  []string
	}{
		{named(long), []string{"a"}},
		{named(strings.Repeat("🦊", 190)), []string{"a"}},
		{named(strings.Repeat("🦊", 60)), []string{}},
		{filter("name", search.Equal, null), []string{"b"}},
		{and(filter("name", search.NotEqual, text("x")), filter("name", search.Equal, null)), []string{"b"}},
		{filter("custom_attributes.café_au lait", search.Equal, text("yes")), []string{"a"}},
		{filter("custom_attributes.café_au lait", search.Equal, null), []string{"b"}},
		{filter("custom_attributes.café_au lait", search.NotEqual, text("yes")), []string{"b"}},
		{filter("last_request_at", search.Equal, number(0)), []string{}},
		{filter("last_request_at", search.Less, number(1<<31-1)), []string{"b"}},
		{filter("last_request_at", search.NotEqual, number(fixtures.Begin)), []string{"a"}},
		{search.Query{Field: "user_count", Operator: search.In, Values: []search.Value{number(1), number(1 << 60)}}, []string{"b", "a"}},
		{search.Query{Field: "company_id", Operator: search.In}, []string{}},
		{search.Query{Field: "company_id", Operator: search.NotIn}, []string{"b", "a"}},
		{filter("user_count", search.Greater, number(-1)), []string{"b", "a"}},
		{filter("tag_id", search.Equal, text("x")), []string{}},
	} {
		fixtures.Expect(t, fmt.Sprintf("what is found by %+v", c.query), c.want, w.FindsCompanies(t, people.SearchOrder{Query: c.query, Limit: 1}, nil))
	}
}

func pagedCompanies(t *testing.T, w *fixtures.Fixtures) {
	var want []string
	for i := range 11 {
		w.Clock.Pass(time.Second)
		w.HasUsedCompany(t, fmt.Sprint("c-", i), people.CompanyUpdate{MonthlySpend: fixtures.Given(int64(i % 3)), Seen: i%2 == 0})
		want = append(want, fmt.Sprint("c-", i))
	}
	all := filter("session_count", search.Equal, search.IntValue(0))
	fixtures.Expect(t, "the oldest first", want, w.FindsCompanies(t, people.SearchOrder{Query: all, Limit: 4, Ascending: true}, nil))
	slices.Reverse(want)
	fixtures.Expect(t, "the newest first", want, w.FindsCompanies(t, people.SearchOrder{Query: all, Limit: 4}, nil))
	fixtures.Expect(t, "who spends most first", []string{"c-8", "c-5", "c-2", "c-10", "c-7", "c-4", "c-1", "c-9", "c-6", "c-3", "c-0"},
		w.FindsCompanies(t, people.SearchOrder{Query: all, Field: "monthly_spend", Limit: 3}, nil))
	fixtures.Expect(t, "never seen last", []string{"c-0", "c-2", "c-4", "c-6", "c-8", "c-10", "c-1", "c-3", "c-5", "c-7", "c-9"},
		w.FindsCompanies(t, people.SearchOrder{Query: all, Field: "last_request_at", Ascending: true, Limit: 5}, nil))
	n := 0
	fixtures.Expect(t, "with others coming and going", want, w.FindsCompanies(t, people.SearchOrder{Query: all, Limit: 3}, func() {
		n++
		w.Clock.Pass(time.Second)
		c := w.HasUsedCompany(t, fmt.Sprint("new-", n), people.CompanyUpdate{})
		if n%2 == 0 {
			if _, err := w.DeleteCompany(t.Context(), w.Caller, c.ID); err != nil {
				t.Fatal(err)
			}
		}
	}))
}

func segmentsOfCompany(t *testing.T, w *fixtures.Fixtures) {
	big := w.HasUsedCompany(t, "big", people.CompanyUpdate{Name: fixtures.Given("Big"), MonthlySpend: fixtures.Given[int64](500), Seen: true})
	w.Clock.Pass(time.Second)
	small := w.HasUsedCompany(t, "small", people.CompanyUpdate{Name: fixtures.Given("Small"), Seen: true})
	w.Clock.Pass(time.Second)
	third := w.HasUsedCompany(t, "third", people.CompanyUpdate{Name: fixtures.Given("Third"), Seen: true})
	empty, err := w.SaveCompany(t.Context(), w.Caller, "empty", people.CompanyUpdate{MonthlySpend: fixtures.Given[int64](500)})
	if err != nil {
		t.Fatal(err)
	}
	w.Has(t, people.User, func(p *people.Person) { p.Name = "Big" })
	spenders := w.HasCompanySegment(t, "spenders", filter("monthly_spend", search.Greater, search.IntValue(100)))
	w.HasCompanySegment(t, "of late", search.Query{Field: "last_request_at", Operator: search.Greater, DaysAgo: 2})
	w.HasSegment(t, fixtures.Acme, "people", named("Big"))
	thrifty := w.HasCompanySegment(t, "thrifty", filter("monthly_spend", search.Less, search.IntValue(100)))
	fixtures.Expect(t, "the segments of one", []string{"spenders", "of late"}, w.Placed(t, big))
	fixtures.Expect(t, "the segments of another", []string{"of late", "thrifty"}, w.Placed(t, small))
	fixtures.Expect(t, "the segments of one without users", []string(nil), w.Placed(t, empty))
	fixtures.Expect(t, "the counts", []int{1, 3, 1, 2}, w.Counts(t, fixtures.Acme))
	list := func(segment string, page workspace.Page, oldest bool) (ids []string, total int) {
		t.Helper()
		all, total, err := w.Companies(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), people.CompanyFilter{SegmentID: segment, OldestFirst: oldest}, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			ids = append(ids, c.CompanyID)
		}
		return ids, total
	}
	for _, c := range []struct {
		segment string
		page    workspace.Page
		oldest  bool
		want    []string
		total   int
	}{
		{thrifty.ID, workspace.Page{Number: 1, Size: 10}, false, []string{"third", "small"}, 2},
		{thrifty.ID, workspace.Page{Number: 1, Size: 10}, true, []string{"small", "third"}, 2},
		{thrifty.ID, workspace.Page{Number: 2, Size: 1}, false, []string{"small"}, 2},
		{thrifty.ID, workspace.Page{Number: 3, Size: 1}, false, nil, 2},
		{spenders.ID, workspace.Page{Number: 1, Size: 10}, false, []string{"big"}, 1},
		{"unknown", workspace.Page{Number: 1, Size: 10}, false, nil, 0},
	} {
		ids, total := list(c.segment, c.page, c.oldest)
		fixtures.Expect(t, "the page of a segment", c.want, ids)
		fixtures.Expect(t, "the total", c.total, total)
	}
	w.Clock.Pass(48 * time.Hour)
	if _, err := w.SaveCompany(t.Context(), w.Caller, "big", people.CompanyUpdate{MonthlySpend: fixtures.Given[int64](1)}); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the segments two days later", []string{"thrifty"}, w.Placed(t, big))
	fixtures.Expect(t, "the segments of the third", []string{"thrifty"}, w.Placed(t, third))
	fixtures.Expect(t, "the counts two days later", []int{0, 0, 1, 3}, w.Counts(t, fixtures.Acme))
}

func modelOfSegment(t *testing.T, w *fixtures.Fixtures) {
	p := w.Has(t, people.User, func(p *people.Person) { p.Name = "Acme" })
	c := w.HasUsedCompany(t, "a", people.CompanyUpdate{Name: fixtures.Given("Acme")})
	ours, theirs := w.HasCompanySegment(t, "companies", named("Acme")), w.HasSegment(t, fixtures.Acme, "people", named("Acme"))
	fixtures.Expect(t, "the model", []people.AttributeModel{people.CompanyModel, people.ContactModel}, []people.AttributeModel{ours.Model(), theirs.Model()})
	fixtures.Expect(t, "what is stored", []*people.Segment{ours, theirs}, w.AllSegments(t, fixtures.Acme))
	fixtures.Expect(t, "the segments of a person", []string{"people"}, w.IsIn(t, p))
	fixtures.Expect(t, "the segments of a company", []string{"companies"}, w.Placed(t, c))
	page, err := w.SearchContacts(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(),
		people.SearchOrder{Query: filter("segment_id", search.Equal, search.TextValue(ours.ID)), Limit: 10})
	if err != nil || page.Total != 0 {
		t.Errorf("contacts in a segment of companies: %v, %v", page, err)
	}
	all, total, err := w.Companies(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), people.CompanyFilter{SegmentID: theirs.ID}, workspace.Page{Number: 1, Size: 10})
	if err != nil || total != 0 || len(all) != 0 {
		t.Errorf("companies in a segment of people: %v, %v", all, err)
	}
	for _, refused := range []struct {
		id, field string
		fields    people.SegmentFields
	}{
		{ours.ID, "model", people.SegmentFields{Model: fixtures.Given(people.ContactModel)}},
		{theirs.ID, "model", people.SegmentFields{Model: fixtures.Given(people.CompanyModel)}},
		{ours.ID, "model", people.SegmentFields{Model: fixtures.Given(people.AttributeModel("shoe"))}},
		{ours.ID, "person_type", people.SegmentFields{Role: fixtures.Given(people.User)}},
		{ours.ID, "query.field", people.SegmentFields{Query: fixtures.Given(filter("email", search.Equal, search.TextValue("x")))}},
		{theirs.ID, "query.field", people.SegmentFields{Query: fixtures.Given(filter("monthly_spend", search.Equal, search.IntValue(1)))}},
	} {
		_, err := w.ChangeSegment(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), refused.id, refused.fields)
		invalid, _ := errors.AsType[*workspace.InvalidError](err)
		search, _ := errors.AsType[*search.Error](err)
		if (invalid == nil || invalid.Field != refused.field) && (search == nil || search.Path != refused.field) {
			t.Errorf("changing the %s: %v", refused.field, err)
		}
	}
	ours.Name = "still companies"
	changed, err := w.ChangeSegment(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), ours.ID, people.SegmentFields{Name: &ours.Name, Model: fixtures.Given(people.CompanyModel)})
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "what has changed", ours, changed)
}

func neededByCompanySegment(t *testing.T, w *fixtures.Fixtures) {
	seats, vip := w.DefinesForCompanies(t, "seats", people.IntegerAttribute), w.HasTag(t, fixtures.Acme, "vip")
	s := w.HasCompanySegment(t, "both", search.Query{Combine: search.Or, Queries: []search.Query{
		filter("custom_attributes.seats", search.Greater, search.IntValue(1)), filter("tag_id", search.Equal, search.IntValue(vip.ID)),
	}})
	archive := people.AttributeUpdate{Archived: new(true)}
	if _, err := w.UpdateAttribute(t.Context(), w.Caller, seats.ID, archive); !errors.Is(err, people.ErrAttributeInUse) {
		t.Errorf("archiving its attribute: %v", err)
	}
	err := w.DeleteTag(t.Context(), fixtures.By(fixtures.Acme), vip.ID)
	if inUse, refused := errors.AsType[*people.TagInUseError](err); !refused || strings.Join(inUse.Segments, " ") != "both" {
		t.Errorf("deleting its tag: %v", err)
	}
	if _, err := w.DeleteSegment(t.Context(), fixtures.By(fixtures.Acme), s.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateAttribute(t.Context(), w.Caller, seats.ID, archive); err != nil {
		t.Errorf("archiving the attribute without it: %v", err)
	}
	if err := w.DeleteTag(t.Context(), fixtures.By(fixtures.Acme), vip.ID); err != nil {
		t.Errorf("deleting the tag without it: %v", err)
	}
}
