package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

// hasUsedCompany saves a company of acme, and attaches a user of its own.
func (w *world) hasUsedCompany(t *testing.T, companyID string, update people.CompanyUpdate) *people.Company {
	t.Helper()
	c, err := w.SaveCompany(t.Context(), w.caller, companyID, update)
	if err != nil {
		t.Fatalf("SaveCompany(%s): %v", companyID, err)
	}
	w.attach(t, w.has(t, people.User), c)
	return c
}

// findsCompanies answers the owner's ids of all companies of acme that a query finds, in their order, page by page.
func (w *world) findsCompanies(t *testing.T, order people.SearchOrder, between func()) []string {
	t.Helper()
	found := []string{}
	for total := -1; ; {
		page, err := w.SearchCompanies(t.Context(), w.workspace(t, acme).Caller(), order)
		if err != nil {
			t.Fatalf("%+v: %v", order.Query, err)
		}
		if total < 0 {
			total = page.Total
		}
		if page.Total != total {
			t.Errorf("%+v: a total of %d on a page, and %d on the first", order.Query, page.Total, total)
		}
		for _, c := range page.Found {
			found = append(found, c.CompanyID)
		}
		if order.After = page.Next; page.Next == nil {
			if between == nil && total != len(found) {
				t.Errorf("%+v: a total of %d, but %d", order.Query, total, len(found))
			}
			return found
		}
		if between != nil {
			between()
		}
	}
}

func (w *world) definesForCompanies(t *testing.T, name string, typ people.AttributeType) *people.Attribute {
	t.Helper()
	a, err := w.CreateAttribute(t.Context(), w.caller, &people.Attribute{Name: name, Type: typ, Model: people.CompanyModel})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func searchedCompanies(t *testing.T, w *world) {
	w.definesForCompanies(t, "seats", people.IntegerAttribute)
	w.hasUsedCompany(t, "a", people.CompanyUpdate{
		Name: given(" Acme 🦊 "), MonthlySpend: given[int64](155), RemoteCreatedAt: given[int64](7), Seen: true,
		CustomAttributes: search.Attributes{"seats": search.IntValue(3)},
	})
	w.clock.pass(time.Hour)
	b := w.hasUsedCompany(t, "B", people.CompanyUpdate{Name: given("Base"), CustomAttributes: search.Attributes{"seats": search.IntValue(30)}})
	w.attach(t, w.has(t, people.Lead), b)
	w.hasCompany(t, "empty")
	w.attach(t, w.has(t, people.Visitor), w.hasCompany(t, "visited"))
	vip := w.hasTag(t, acme, "vip")
	if _, err := w.ApplyTagging(t.Context(), w.caller, people.Tagging{ID: vip.ID, Companies: []people.CompanyTarget{{ID: b.ID}}}); err != nil {
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
		{filter("created_at", search.Greater, number(begin)), []string{"B"}},
		{filter("created_at", search.Equal, number(begin)), []string{"a"}},
		{filter("updated_at", search.Less, number(begin+3600)), []string{"a"}},
		{filter("remote_created_at", search.Less, number(8)), []string{"a"}},
		{filter("remote_created_at", search.Equal, number(begin+3600)), []string{"B"}},
		{filter("last_request_at", search.NotEqual, null), []string{"a"}},
		{filter("last_request_at", search.Equal, null), []string{"B"}},
		{filter("last_request_at", search.Less, number(begin+1)), []string{"a"}},
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
		expect(t, fmt.Sprintf("what is found by %+v", c.query), c.want, w.findsCompanies(t, people.SearchOrder{Query: c.query, Limit: 10}, nil))
	}
	for _, field := range []string{"plan.name", "plan.id", "segment_id", "email", "id", "size", "custom_attributes.none"} {
		_, err := w.SearchCompanies(t.Context(), w.workspace(t, acme).Caller(), people.SearchOrder{Query: filter(field, search.Equal, text("1"))})
		if search, refused := errors.AsType[*search.Error](err); !refused || !search.Unknown {
			t.Errorf("asking for %s: %v", field, err)
		}
	}
	_, err := w.SearchCompanies(t.Context(), w.workspace(t, acme).Caller(), people.SearchOrder{Query: filter("created_at", search.GreaterOrEqual, number(1))})
	if search, refused := errors.AsType[*search.Error](err); !refused || search.Path != "query.operator" {
		t.Errorf("asking for a time by >=: %v", err)
	}
	page, err := w.SearchCompanies(t.Context(), w.workspace(t, rival).Caller(), people.SearchOrder{Query: named("base"), Limit: 10})
	if err != nil || page.Total != 0 || len(page.Found) != 0 {
		t.Errorf("elsewhere there are %v, %v", page, err)
	}
}

// narrowedCompanies asks for what a column could rule out wrongly.
func narrowedCompanies(t *testing.T, w *world) {
	w.definesForCompanies(t, "café_au lait", people.StringAttribute)
	long := strings.Repeat("🦊", 200) // of which not all is a key
	w.hasUsedCompany(t, "a", people.CompanyUpdate{Name: &long, CustomAttributes: search.Attributes{"café_au lait": search.TextValue("Yes")}})
	w.hasUsedCompany(t, "b", people.CompanyUpdate{Seen: true})
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
		{filter("last_request_at", search.NotEqual, number(begin)), []string{"a"}},
		{search.Query{Field: "user_count", Operator: search.In, Values: []search.Value{number(1), number(1 << 60)}}, []string{"b", "a"}},
		{search.Query{Field: "company_id", Operator: search.In}, []string{}},
		{search.Query{Field: "company_id", Operator: search.NotIn}, []string{"b", "a"}},
		{filter("user_count", search.Greater, number(-1)), []string{"b", "a"}},
		{filter("tag_id", search.Equal, text("x")), []string{}},
	} {
		expect(t, fmt.Sprintf("what is found by %+v", c.query), c.want, w.findsCompanies(t, people.SearchOrder{Query: c.query, Limit: 1}, nil))
	}
}

func pagedCompanies(t *testing.T, w *world) {
	var want []string
	for i := range 11 {
		w.clock.pass(time.Second)
		w.hasUsedCompany(t, fmt.Sprint("c-", i), people.CompanyUpdate{MonthlySpend: given(int64(i % 3)), Seen: i%2 == 0})
		want = append(want, fmt.Sprint("c-", i))
	}
	all := filter("session_count", search.Equal, search.IntValue(0))
	expect(t, "the oldest first", want, w.findsCompanies(t, people.SearchOrder{Query: all, Limit: 4, Ascending: true}, nil))
	slices.Reverse(want)
	expect(t, "the newest first", want, w.findsCompanies(t, people.SearchOrder{Query: all, Limit: 4}, nil))
	expect(t, "who spends most first", []string{"c-8", "c-5", "c-2", "c-10", "c-7", "c-4", "c-1", "c-9", "c-6", "c-3", "c-0"},
		w.findsCompanies(t, people.SearchOrder{Query: all, Field: "monthly_spend", Limit: 3}, nil))
	expect(t, "never seen last", []string{"c-0", "c-2", "c-4", "c-6", "c-8", "c-10", "c-1", "c-3", "c-5", "c-7", "c-9"},
		w.findsCompanies(t, people.SearchOrder{Query: all, Field: "last_request_at", Ascending: true, Limit: 5}, nil))
	n := 0
	expect(t, "with others coming and going", want, w.findsCompanies(t, people.SearchOrder{Query: all, Limit: 3}, func() {
		n++
		w.clock.pass(time.Second)
		c := w.hasUsedCompany(t, fmt.Sprint("new-", n), people.CompanyUpdate{})
		if n%2 == 0 {
			if _, err := w.DeleteCompany(t.Context(), w.caller, c.ID); err != nil {
				t.Fatal(err)
			}
		}
	}))
}

// hasCompanySegment makes a segment of companies of acme.
func (w *world) hasCompanySegment(t *testing.T, name string, query search.Query) *people.Segment {
	t.Helper()
	s, err := w.CreateSegment(t.Context(), w.workspace(t, acme).Caller(), people.SegmentFields{Name: &name, Query: &query, Model: given(people.CompanyModel)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// placed answers the names of the segments that a company is in.
func (w *world) placed(t *testing.T, c *people.Company) (names []string) {
	t.Helper()
	found, err := w.FindCompany(t.Context(), w.workspace(t, acme).Caller(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range found.Segments {
		names = append(names, s.Name)
	}
	return names
}

func segmentsOfCompany(t *testing.T, w *world) {
	big := w.hasUsedCompany(t, "big", people.CompanyUpdate{Name: given("Big"), MonthlySpend: given[int64](500), Seen: true})
	w.clock.pass(time.Second)
	small := w.hasUsedCompany(t, "small", people.CompanyUpdate{Name: given("Small"), Seen: true})
	w.clock.pass(time.Second)
	third := w.hasUsedCompany(t, "third", people.CompanyUpdate{Name: given("Third"), Seen: true})
	empty, err := w.SaveCompany(t.Context(), w.caller, "empty", people.CompanyUpdate{MonthlySpend: given[int64](500)})
	if err != nil {
		t.Fatal(err)
	}
	w.has(t, people.User, func(p *people.Person) { p.Name = "Big" })
	spenders := w.hasCompanySegment(t, "spenders", filter("monthly_spend", search.Greater, search.IntValue(100)))
	w.hasCompanySegment(t, "of late", search.Query{Field: "last_request_at", Operator: search.Greater, DaysAgo: 2})
	w.hasSegment(t, acme, "people", named("Big"))
	thrifty := w.hasCompanySegment(t, "thrifty", filter("monthly_spend", search.Less, search.IntValue(100)))
	expect(t, "the segments of one", []string{"spenders", "of late"}, w.placed(t, big))
	expect(t, "the segments of another", []string{"of late", "thrifty"}, w.placed(t, small))
	expect(t, "the segments of one without users", []string(nil), w.placed(t, empty))
	expect(t, "the counts", []int{1, 3, 1, 2}, w.counts(t, acme))
	list := func(segment string, page workspace.Page, oldest bool) (ids []string, total int) {
		t.Helper()
		all, total, err := w.Companies(t.Context(), w.workspace(t, acme).Caller(), people.CompanyFilter{SegmentID: segment, OldestFirst: oldest}, page)
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
		expect(t, "the page of a segment", c.want, ids)
		expect(t, "the total", c.total, total)
	}
	w.clock.pass(48 * time.Hour)
	if _, err := w.SaveCompany(t.Context(), w.caller, "big", people.CompanyUpdate{MonthlySpend: given[int64](1)}); err != nil {
		t.Fatal(err)
	}
	expect(t, "the segments two days later", []string{"thrifty"}, w.placed(t, big))
	expect(t, "the segments of the third", []string{"thrifty"}, w.placed(t, third))
	expect(t, "the counts two days later", []int{0, 0, 1, 3}, w.counts(t, acme))
}

func modelOfSegment(t *testing.T, w *world) {
	p := w.has(t, people.User, func(p *people.Person) { p.Name = "Acme" })
	c := w.hasUsedCompany(t, "a", people.CompanyUpdate{Name: given("Acme")})
	ours, theirs := w.hasCompanySegment(t, "companies", named("Acme")), w.hasSegment(t, acme, "people", named("Acme"))
	expect(t, "the model", []people.AttributeModel{people.CompanyModel, people.ContactModel}, []people.AttributeModel{ours.Model(), theirs.Model()})
	expect(t, "what is stored", []*people.Segment{ours, theirs}, w.segmentsOf(t, acme))
	expect(t, "the segments of a person", []string{"people"}, w.isIn(t, p))
	expect(t, "the segments of a company", []string{"companies"}, w.placed(t, c))
	page, err := w.SearchContacts(t.Context(), w.workspace(t, acme).Caller(),
		people.SearchOrder{Query: filter("segment_id", search.Equal, search.TextValue(ours.ID)), Limit: 10})
	if err != nil || page.Total != 0 {
		t.Errorf("contacts in a segment of companies: %v, %v", page, err)
	}
	all, total, err := w.Companies(t.Context(), w.workspace(t, acme).Caller(), people.CompanyFilter{SegmentID: theirs.ID}, workspace.Page{Number: 1, Size: 10})
	if err != nil || total != 0 || len(all) != 0 {
		t.Errorf("companies in a segment of people: %v, %v", all, err)
	}
	for _, refused := range []struct {
		id, field string
		fields    people.SegmentFields
	}{
		{ours.ID, "model", people.SegmentFields{Model: given(people.ContactModel)}},
		{theirs.ID, "model", people.SegmentFields{Model: given(people.CompanyModel)}},
		{ours.ID, "model", people.SegmentFields{Model: given(people.AttributeModel("shoe"))}},
		{ours.ID, "person_type", people.SegmentFields{Role: given(people.User)}},
		{ours.ID, "query.field", people.SegmentFields{Query: given(filter("email", search.Equal, search.TextValue("x")))}},
		{theirs.ID, "query.field", people.SegmentFields{Query: given(filter("monthly_spend", search.Equal, search.IntValue(1)))}},
	} {
		_, err := w.ChangeSegment(t.Context(), w.workspace(t, acme).Caller(), refused.id, refused.fields)
		invalid, _ := errors.AsType[*workspace.InvalidError](err)
		search, _ := errors.AsType[*search.Error](err)
		if (invalid == nil || invalid.Field != refused.field) && (search == nil || search.Path != refused.field) {
			t.Errorf("changing the %s: %v", refused.field, err)
		}
	}
	ours.Name = "still companies"
	changed, err := w.ChangeSegment(t.Context(), w.workspace(t, acme).Caller(), ours.ID, people.SegmentFields{Name: &ours.Name, Model: given(people.CompanyModel)})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "what has changed", ours, changed)
}

func neededByCompanySegment(t *testing.T, w *world) {
	seats, vip := w.definesForCompanies(t, "seats", people.IntegerAttribute), w.hasTag(t, acme, "vip")
	s := w.hasCompanySegment(t, "both", search.Query{Combine: search.Or, Queries: []search.Query{
		filter("custom_attributes.seats", search.Greater, search.IntValue(1)), filter("tag_id", search.Equal, search.IntValue(vip.ID)),
	}})
	archive := people.AttributeUpdate{Archived: new(true)}
	if _, err := w.UpdateAttribute(t.Context(), w.caller, seats.ID, archive); !errors.Is(err, people.ErrAttributeInUse) {
		t.Errorf("archiving its attribute: %v", err)
	}
	err := w.DeleteTag(t.Context(), by(acme), vip.ID)
	if inUse, refused := errors.AsType[*people.TagInUseError](err); !refused || strings.Join(inUse.Segments, " ") != "both" {
		t.Errorf("deleting its tag: %v", err)
	}
	if _, err := w.DeleteSegment(t.Context(), by(acme), s.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateAttribute(t.Context(), w.caller, seats.ID, archive); err != nil {
		t.Errorf("archiving the attribute without it: %v", err)
	}
	if err := w.DeleteTag(t.Context(), by(acme), vip.ID); err != nil {
		t.Errorf("deleting the tag without it: %v", err)
	}
}
