package nouns

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/people/storetest/fixtures"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func Segments(s fixtures.Suite) {
	s.Test("a segment comes back as it was, each workspace its own", wholeSegment)
	s.Test("a segment changes and goes", changedSegment)
	s.Test("what no segment could be is refused and changes nothing", refusedSegment)
	s.Test("a new workspace begins with the segments that one has in Intercom", seededSegments)
	s.Test("a contact is in the segments whose queries it meets, as long as it does", liveSegment)
	s.Test("a segment is of users or of leads", segmentOfRole)
	s.Test("a search finds who is in a segment and who is not", searchedSegment)
	s.Test("an attribute that a segment asks for stays", attributeOfSegment)
	s.Test("a tag that a segment asks for stays", tagOfSegment)
	s.Test("a tag goes or a segment comes that asks for it, never both", tagOfNewSegment)
}

// filter is a query with one value.
func filter(field string, op search.Operator, v search.Value) search.Query {
	return search.Query{Field: field, Operator: op, Values: []search.Value{v}}
}

func named(name string) search.Query { return filter("name", search.Equal, search.TextValue(name)) }

func wholeSegment(t *testing.T, w *fixtures.Fixtures) {
	query := search.Query{Combine: search.Or, Queries: []search.Query{
		filter("name", search.Contains, search.TextValue(`"🦊" <x> \`)), filter("name", search.Equal, search.NullValue()),
		{Combine: search.And, Queries: []search.Query{
			{Field: "owner_id", Operator: search.In, Values: []search.Value{search.IntValue(1<<53 + 1), search.TextValue("2")}},
			{Field: "last_seen_at", Operator: search.Greater, DaysAgo: 30},
			filter("has_hard_bounced", search.Equal, search.BoolValue(false)),
		}},
		{Field: "role", Operator: search.NotIn},
	}}
	ours, empty := w.HasSegment(t, fixtures.Acme, "Ours 🦊", query), w.HasSegment(t, fixtures.Acme, "John", named("John"))
	theirs := w.HasSegment(t, fixtures.Rival, "Theirs", named("Jane"))
	fixtures.Expect(t, "the answer", &people.Segment{
		Workspace: fixtures.Acme, ID: ours.ID, Name: "Ours 🦊", Role: people.User, Query: query, CreatedAt: fixtures.Begin, UpdatedAt: fixtures.Begin,
	}, ours)
	fixtures.Expect(t, "our segments", []*people.Segment{ours, empty}, w.AllSegments(t, fixtures.Acme))
	fixtures.Expect(t, "their segments", []*people.Segment{theirs}, w.AllSegments(t, fixtures.Rival))
	found, err := w.FindSegment(t.Context(), fixtures.By(fixtures.Acme), ours.ID)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "one of ours", ours, found)
	for _, id := range []string{theirs.ID, "", "x"} {
		if _, err := w.FindSegment(t.Context(), fixtures.By(fixtures.Acme), id); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("FindSegment of %q: %v", id, err)
		}
	}
}

func changedSegment(t *testing.T, w *fixtures.Fixtures) {
	s, stays, theirs := w.HasSegment(t, fixtures.Acme, "John", named("John")), w.HasSegment(t, fixtures.Acme, "Stays", named("X")), w.HasSegment(t, fixtures.Rival, "Theirs", named("X"))
	w.Clock.Pass(time.Minute)
	jane := named("Jane")
	changed, err := w.ChangeSegment(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), s.ID, people.SegmentFields{Name: new("Jane"), Role: new(people.Lead), Query: &jane})
	if err != nil {
		t.Fatal(err)
	}
	s.Name, s.Role, s.Query, s.UpdatedAt = "Jane", people.Lead, jane, fixtures.Begin+60
	fixtures.Expect(t, "the answer", s, changed)
	fixtures.Expect(t, "our segments", []*people.Segment{s, stays}, w.AllSegments(t, fixtures.Acme))
	deleted, err := w.DeleteSegment(t.Context(), fixtures.By(fixtures.Acme), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "what was deleted", s, deleted)
	fixtures.Expect(t, "our segments", []*people.Segment{stays}, w.AllSegments(t, fixtures.Acme))
	fixtures.Expect(t, "their segments", []*people.Segment{theirs}, w.AllSegments(t, fixtures.Rival))
	for _, id := range []string{s.ID, theirs.ID} {
		if _, err := w.ChangeSegment(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), id, people.SegmentFields{}); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("ChangeSegment: %v", err)
		}
		if _, err := w.DeleteSegment(t.Context(), fixtures.By(fixtures.Acme), id); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("DeleteSegment: %v", err)
		}
	}
}

func refusedSegment(t *testing.T, w *fixtures.Fixtures) {
	ws, john := w.StoredWorkspace(t, fixtures.Acme), named("John")
	s := w.HasSegment(t, fixtures.Acme, "John", john)
	for _, c := range []struct {
		field  string
		fields people.SegmentFields
	}{
		{"name", people.SegmentFields{Name: new(" ")}},
		{"name", people.SegmentFields{Name: new("a\nb")}},
		{"name", people.SegmentFields{Name: new(fmt.Sprintf("%0256d", 0))}},
		{"person_type", people.SegmentFields{Role: new(people.Visitor)}},
		{"person_type", people.SegmentFields{Role: new(people.Role(""))}},
		{"query", people.SegmentFields{Query: new(filter("segment_id", search.Equal, search.TextValue(s.ID)))}},
		{"query", people.SegmentFields{Query: new(search.Query{Combine: search.And, Queries: []search.Query{john, filter("segment_id", search.NotEqual, search.NullValue())}})}},
		{"query.field", people.SegmentFields{Query: new(filter("shoe_size", search.Equal, search.IntValue(1)))}},
		{"query.field", people.SegmentFields{Query: new(filter("custom_attributes.none", search.Equal, search.IntValue(1)))}},
		{"query.value", people.SegmentFields{Query: new(filter("last_seen_at", search.Greater, search.TextValue("x")))}},
		{"query.value.1.operator", people.SegmentFields{Query: &search.Query{Combine: search.Or, Queries: []search.Query{john, filter("role", search.Less, search.TextValue("x"))}}}},
	} {
		check := func(what string, err error) {
			invalid, _ := errors.AsType[*workspace.InvalidError](err)
			search, _ := errors.AsType[*search.Error](err)
			if (invalid == nil || invalid.Field != c.field) && (search == nil || search.Path != c.field) {
				t.Errorf("%s a segment of such a %s: %v", what, c.field, err)
			}
		}
		_, err := w.ChangeSegment(t.Context(), ws.Caller(), s.ID, c.fields)
		check("changing", err)
		if c.fields.Name == nil {
			c.fields.Name = new("Another")
		}
		if c.fields.Query == nil {
			c.fields.Query = &john
		}
		_, err = w.CreateSegment(t.Context(), ws.Caller(), c.fields)
		check("creating", err)
	}
	fixtures.Expect(t, "the segments", []*people.Segment{s}, w.AllSegments(t, fixtures.Acme))
}

func seededSegments(t *testing.T, w *fixtures.Fixtures) {
	made, err := w.CreateWorkspace(t.Context(), workspace.Draft{ID: "third"})
	if err != nil {
		t.Fatal(err)
	}
	days := func(n time.Duration) func(*people.Person) {
		return func(p *people.Person) {
			p.Workspace = "third"
			p.CreatedAt = fixtures.Begin - int64(n*24*time.Hour/time.Second) + 1
			p.LastSeenAt = p.CreatedAt
		}
	}
	for _, n := range []time.Duration{0, 1, 2, 30, 31, 60, 61} {
		w.Has(t, people.User, days(n))
	}
	w.Has(t, people.Lead, days(1))
	w.Has(t, people.Lead, days(45))
	w.Has(t, people.Visitor, days(1))
	w.Has(t, people.User, days(1), func(p *people.Person) { p.State = people.Archived })
	var names []string
	for _, s := range w.AllSegments(t, "third") {
		names = append(names, s.Name)
		fields := people.SegmentFields{Name: new("Mine")}
		_, changing := w.ChangeSegment(t.Context(), made.Workspace.Caller(), s.ID, fields)
		if fixed := errors.Is(changing, people.ErrSegmentFixed); fixed != s.Fixed {
			t.Errorf("changing %s: %v", s.Name, changing)
		}
	}
	fixtures.Expect(t, "the segments", []string{"All users", "All leads", "Active", "New", "Slipping away"}, names)
	fixtures.Expect(t, "how many are in them", []int{7, 2, 4, 2, 2}, w.Counts(t, "third"))
	for _, s := range w.AllSegments(t, "third") {
		if _, err := w.DeleteSegment(t.Context(), fixtures.By("third"), s.ID); errors.Is(err, people.ErrSegmentFixed) != s.Fixed {
			t.Errorf("deleting %s: %v", s.Name, err)
		}
	}
	fixtures.Expect(t, "the segments that are left", 2, len(w.AllSegments(t, "third")))
}

func liveSegment(t *testing.T, w *fixtures.Fixtures) {
	w.Define(t, fixtures.Definition("plan", people.StringAttribute))
	w.HasSegment(t, fixtures.Acme, "paying", filter("custom_attributes.plan", search.Equal, search.TextValue("pro")))
	w.HasSegment(t, fixtures.Acme, "of late", search.Query{Field: "last_seen_at", Operator: search.Greater, DaysAgo: 2})
	w.HasSegment(t, fixtures.Rival, "theirs", filter("role", search.Equal, search.TextValue("user")))
	p := w.Has(t, people.User, func(p *people.Person) { p.LastSeenAt = fixtures.Begin })
	w.Has(t, people.User, func(p *people.Person) { p.Workspace = fixtures.Rival })
	fixtures.Expect(t, "the segments", []string{"of late"}, w.IsIn(t, p))
	fixtures.Expect(t, "the counts", []int{0, 1}, w.Counts(t, fixtures.Acme))
	set := people.ContactFields{CustomAttributes: search.Attributes{"plan": search.TextValue("Pro")}}
	if _, _, err := w.UpdateContact(t.Context(), w.Caller, p.ID, set); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the segments of who pays", []string{"paying", "of late"}, w.IsIn(t, p))
	w.Clock.Pass(48*time.Hour - time.Second)
	fixtures.Expect(t, "the segments just before two days", []string{"paying", "of late"}, w.IsIn(t, p))
	w.Clock.Pass(time.Second)
	fixtures.Expect(t, "the segments after two days", []string{"paying"}, w.IsIn(t, p))
	fixtures.Expect(t, "the counts after two days", []int{1, 0}, w.Counts(t, fixtures.Acme))
	if _, err := w.ArchiveContact(t.Context(), w.Caller, p.ID); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the counts without it", []int{0, 0}, w.Counts(t, fixtures.Acme))
	for what, who := range map[string]*people.Person{
		"an archived contact": p, "a visitor": w.Has(t, people.Visitor), "nobody": w.Person(people.User),
	} {
		if _, err := w.SegmentsOf(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), who.ID); !errors.Is(err, people.ErrUserNotFound) {
			t.Errorf("the segments of %s: %v", what, err)
		}
	}
}

func segmentOfRole(t *testing.T, w *fixtures.Fixtures) {
	user, lead := w.Has(t, people.User, func(p *people.Person) { p.Name = "X" }), w.Has(t, people.Lead, func(p *people.Person) { p.Name = "X" })
	s := w.HasSegment(t, fixtures.Acme, "X", named("X"))
	fixtures.Expect(t, "the segments of a user", []string{"X"}, w.IsIn(t, user))
	fixtures.Expect(t, "the segments of a lead", []string(nil), w.IsIn(t, lead))
	if _, err := w.ChangeSegment(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), s.ID, people.SegmentFields{Role: new(people.Lead)}); err != nil {
		t.Fatal(err)
	}
	fixtures.Expect(t, "the segments of a user now", []string(nil), w.IsIn(t, user))
	fixtures.Expect(t, "the segments of a lead now", []string{"X"}, w.IsIn(t, lead))
	fixtures.Expect(t, "the count", []int{1}, w.Counts(t, fixtures.Acme))
}

func searchedSegment(t *testing.T, w *fixtures.Fixtures) {
	ada := w.Has(t, people.User, func(p *people.Person) { p.Name = "Ada" })
	bob, lead := w.Has(t, people.User, func(p *people.Person) { p.Name = "Bob" }), w.Has(t, people.Lead, func(p *people.Person) { p.Name = "Ada" })
	s, theirs := w.HasSegment(t, fixtures.Acme, "Adas", named("Ada")), w.HasSegment(t, fixtures.Rival, "Adas", named("Ada"))
	for _, c := range []struct {
		query search.Query
		want  []string
	}{
		{filter("segment_id", search.Equal, search.TextValue(s.ID)), []string{ada.ID}},
		{filter("segment_id", search.NotEqual, search.TextValue(s.ID)), []string{lead.ID, bob.ID}},
		{filter("segment_id", search.Equal, search.TextValue(theirs.ID)), nil},
		{filter("segment_id", search.NotEqual, search.TextValue("nobody's")), []string{lead.ID, bob.ID, ada.ID}},
		{filter("segment_id", search.Equal, search.NullValue()), nil},
		{filter("segment_id", search.NotEqual, search.NullValue()), []string{lead.ID, bob.ID, ada.ID}},
		{search.Query{Combine: search.Or, Queries: []search.Query{named("Bob"), filter("segment_id", search.Equal, search.TextValue(s.ID))}}, []string{bob.ID, ada.ID}},
	} {
		page, err := w.SearchContacts(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), people.SearchOrder{Query: c.query, Limit: 10})
		if err != nil {
			t.Errorf("%+v: %v", c.query, err)
			continue
		}
		fixtures.Expect(t, fmt.Sprintf("who is found by %+v", c.query), c.want, fixtures.IDs(page.Found))
	}
}

func attributeOfSegment(t *testing.T, w *fixtures.Fixtures) {
	plan, size := w.Creates(t, "plan", people.StringAttribute), w.Creates(t, "size", people.StringAttribute)
	s := w.HasSegment(t, fixtures.Acme, "paying", search.Query{Combine: search.And, Queries: []search.Query{
		named("Ada"), filter("custom_attributes.plan", search.Equal, search.TextValue("pro")),
	}})
	archive := people.AttributeUpdate{Archived: new(true)}
	if _, err := w.UpdateAttribute(t.Context(), w.Caller, plan.ID, archive); !errors.Is(err, people.ErrAttributeInUse) {
		t.Errorf("archiving the attribute of a segment: %v", err)
	}
	if _, err := w.UpdateAttribute(t.Context(), w.Caller, size.ID, archive); err != nil {
		t.Errorf("archiving another: %v", err)
	}
	if _, err := w.UpdateAttribute(t.Context(), w.Caller, plan.ID, people.AttributeUpdate{Description: new("x"), Archived: new(false)}); err != nil {
		t.Errorf("describing the attribute of a segment: %v", err)
	}
	if _, err := w.DeleteSegment(t.Context(), fixtures.By(fixtures.Acme), s.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateAttribute(t.Context(), w.Caller, plan.ID, archive); err != nil {
		t.Errorf("archiving the attribute without the segment: %v", err)
	}
}

func tagOfSegment(t *testing.T, w *fixtures.Fixtures) {
	vip, free := w.HasTag(t, fixtures.Acme, "vip"), w.HasTag(t, fixtures.Acme, "free")
	w.HasTag(t, fixtures.Rival, "theirs")
	rivals := w.HasTag(t, fixtures.Rival, "theirs too")
	carries := func(tag *people.Tag, op search.Operator) search.Query {
		return filter("tag_id", op, search.IntValue(tag.ID))
	}
	one := w.HasSegment(t, fixtures.Acme, "Seg 1", search.Query{Combine: search.Or, Queries: []search.Query{named("Ada"), carries(vip, search.Equal)}})
	other := w.HasSegment(t, fixtures.Acme, "Seg 2", carries(vip, search.NotEqual))
	w.HasSegment(t, fixtures.Acme, "tagged", filter("tag_id", search.NotEqual, search.NullValue()))
	err := w.DeleteTag(t.Context(), fixtures.By(fixtures.Acme), vip.ID)
	if inUse, refused := errors.AsType[*people.TagInUseError](err); !refused || fixtures.Diff([]string{"Seg 1", "Seg 2"}, inUse.Segments) != "" {
		t.Errorf("deleting the tag of two segments: %v", err)
	}
	for what, of := range map[string]*people.Tag{"no segment": free, "a segment of another workspace": rivals} {
		if err := w.DeleteTag(t.Context(), fixtures.By(of.Workspace), of.ID); err != nil {
			t.Errorf("deleting the tag of %s: %v", what, err)
		}
	}
	query := carries(free, search.Equal)
	_, err = w.ChangeSegment(t.Context(), w.StoredWorkspace(t, fixtures.Acme).Caller(), one.ID, people.SegmentFields{Query: &query})
	if invalid, refused := errors.AsType[*workspace.InvalidError](err); !refused || invalid.Field != "query" {
		t.Errorf("asking for a tag that is not there: %v", err)
	}
	for _, s := range []*people.Segment{one, other} {
		if _, err := w.DeleteSegment(t.Context(), fixtures.By(fixtures.Acme), s.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.DeleteTag(t.Context(), fixtures.By(fixtures.Acme), vip.ID); err != nil {
		t.Errorf("deleting the tag without the segments: %v", err)
	}
}

func tagOfNewSegment(t *testing.T, w *fixtures.Fixtures) {
	for i := range 4 {
		tag := w.HasTag(t, fixtures.Acme, fmt.Sprint(i))
		query := filter("tag_id", search.Equal, search.IntValue(tag.ID))
		var deleting, making error
		var wait sync.WaitGroup
		ws := w.StoredWorkspace(t, fixtures.Acme)
		wait.Go(func() { deleting = w.DeleteTag(t.Context(), fixtures.By(fixtures.Acme), tag.ID) })
		wait.Go(func() {
			_, making = w.CreateSegment(t.Context(), ws.Caller(), people.SegmentFields{Name: new("Seg"), Query: &query})
		})
		wait.Wait()
		if (deleting == nil) == (making == nil) {
			t.Errorf("deleting a tag: %v; making a segment that asks for it: %v", deleting, making)
		}
	}
}
