package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/workspace"
)

func segments(s suite) {
	s.test("a segment comes back as it was, each workspace its own", wholeSegment)
	s.test("a segment changes and goes", changedSegment)
	s.test("what no segment could be is refused and changes nothing", refusedSegment)
	s.test("a new workspace begins with the segments that one has in Intercom", seededSegments)
	s.test("a contact is in the segments whose queries it meets, as long as it does", liveSegment)
	s.test("a segment is of users or of leads", segmentOfRole)
	s.test("a search finds who is in a segment and who is not", searchedSegment)
	s.test("an attribute that a segment asks for stays", attributeOfSegment)
	s.test("a tag that a segment asks for stays", tagOfSegment)
	s.test("a tag goes or a segment comes that asks for it, never both", tagOfNewSegment)
}

// filter is a query with one value.
func filter(field string, op search.Operator, v search.Value) search.Query {
	return search.Query{Field: field, Operator: op, Values: []search.Value{v}}
}

func named(name string) search.Query { return filter("name", search.Equal, search.TextValue(name)) }

// hasSegment makes a segment of users.
func (w *world) hasSegment(t *testing.T, ws workspace.ID, name string, query search.Query) *people.Segment {
	t.Helper()
	s, err := w.CreateSegment(t.Context(), w.workspace(t, ws).Caller(), people.SegmentFields{Name: &name, Query: &query})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *world) segmentsOf(t *testing.T, ws workspace.ID) []*people.Segment {
	t.Helper()
	all, err := w.Segments(t.Context(), by(ws), "")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// isIn answers the names of the segments that a contact of acme is in.
func (w *world) isIn(t *testing.T, p *people.Person) []string {
	t.Helper()
	all, err := w.SegmentsOf(t.Context(), w.workspace(t, acme).Caller(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	return names
}

// counts answers how many are in each segment of a workspace.
func (w *world) counts(t *testing.T, ws workspace.ID) []int {
	t.Helper()
	all, err := w.Segments(t.Context(), w.workspace(t, ws).Caller(), "", people.WithCounts)
	if err != nil {
		t.Fatal(err)
	}
	counts := make([]int, len(all))
	for i, s := range all {
		counts[i] = *s.Count
	}
	return counts
}

func wholeSegment(t *testing.T, w *world) {
	query := search.Query{Combine: search.Or, Queries: []search.Query{
		filter("name", search.Contains, search.TextValue(`"🦊" <x> \`)), filter("name", search.Equal, search.NullValue()),
		{Combine: search.And, Queries: []search.Query{
			{Field: "owner_id", Operator: search.In, Values: []search.Value{search.IntValue(1<<53 + 1), search.TextValue("2")}},
			{Field: "last_seen_at", Operator: search.Greater, DaysAgo: 30},
			filter("has_hard_bounced", search.Equal, search.BoolValue(false)),
		}},
		{Field: "role", Operator: search.NotIn},
	}}
	ours, empty := w.hasSegment(t, acme, "Ours 🦊", query), w.hasSegment(t, acme, "John", named("John"))
	theirs := w.hasSegment(t, rival, "Theirs", named("Jane"))
	expect(t, "the answer", &people.Segment{
		Workspace: acme, ID: ours.ID, Name: "Ours 🦊", Role: people.User, Query: query, CreatedAt: begin, UpdatedAt: begin,
	}, ours)
	expect(t, "our segments", []*people.Segment{ours, empty}, w.segmentsOf(t, acme))
	expect(t, "their segments", []*people.Segment{theirs}, w.segmentsOf(t, rival))
	found, err := w.FindSegment(t.Context(), by(acme), ours.ID)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "one of ours", ours, found)
	for _, id := range []string{theirs.ID, "", "x"} {
		if _, err := w.FindSegment(t.Context(), by(acme), id); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("FindSegment of %q: %v", id, err)
		}
	}
}

func changedSegment(t *testing.T, w *world) {
	s, stays, theirs := w.hasSegment(t, acme, "John", named("John")), w.hasSegment(t, acme, "Stays", named("X")), w.hasSegment(t, rival, "Theirs", named("X"))
	w.clock.pass(time.Minute)
	jane := named("Jane")
	changed, err := w.ChangeSegment(t.Context(), w.workspace(t, acme).Caller(), s.ID, people.SegmentFields{Name: new("Jane"), Role: new(people.Lead), Query: &jane})
	if err != nil {
		t.Fatal(err)
	}
	s.Name, s.Role, s.Query, s.UpdatedAt = "Jane", people.Lead, jane, begin+60
	expect(t, "the answer", s, changed)
	expect(t, "our segments", []*people.Segment{s, stays}, w.segmentsOf(t, acme))
	deleted, err := w.DeleteSegment(t.Context(), by(acme), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "what was deleted", s, deleted)
	expect(t, "our segments", []*people.Segment{stays}, w.segmentsOf(t, acme))
	expect(t, "their segments", []*people.Segment{theirs}, w.segmentsOf(t, rival))
	for _, id := range []string{s.ID, theirs.ID} {
		if _, err := w.ChangeSegment(t.Context(), w.workspace(t, acme).Caller(), id, people.SegmentFields{}); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("ChangeSegment: %v", err)
		}
		if _, err := w.DeleteSegment(t.Context(), by(acme), id); !errors.Is(err, people.ErrResourceNotFound) {
			t.Errorf("DeleteSegment: %v", err)
		}
	}
}

func refusedSegment(t *testing.T, w *world) {
	ws, john := w.workspace(t, acme), named("John")
	s := w.hasSegment(t, acme, "John", john)
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
	expect(t, "the segments", []*people.Segment{s}, w.segmentsOf(t, acme))
}

func seededSegments(t *testing.T, w *world) {
	made, err := w.CreateWorkspace(t.Context(), workspace.Draft{ID: "third"})
	if err != nil {
		t.Fatal(err)
	}
	days := func(n time.Duration) func(*people.Person) {
		return func(p *people.Person) {
			p.Workspace = "third"
			p.CreatedAt = begin - int64(n*24*time.Hour/time.Second) + 1
			p.LastSeenAt = p.CreatedAt
		}
	}
	for _, n := range []time.Duration{0, 1, 2, 30, 31, 60, 61} {
		w.has(t, people.User, days(n))
	}
	w.has(t, people.Lead, days(1))
	w.has(t, people.Lead, days(45))
	w.has(t, people.Visitor, days(1))
	w.has(t, people.User, days(1), func(p *people.Person) { p.State = people.Archived })
	var names []string
	for _, s := range w.segmentsOf(t, "third") {
		names = append(names, s.Name)
		fields := people.SegmentFields{Name: new("Mine")}
		_, changing := w.ChangeSegment(t.Context(), made.Workspace.Caller(), s.ID, fields)
		if fixed := errors.Is(changing, people.ErrSegmentFixed); fixed != s.Fixed {
			t.Errorf("changing %s: %v", s.Name, changing)
		}
	}
	expect(t, "the segments", []string{"All users", "All leads", "Active", "New", "Slipping away"}, names)
	expect(t, "how many are in them", []int{7, 2, 4, 2, 2}, w.counts(t, "third"))
	for _, s := range w.segmentsOf(t, "third") {
		if _, err := w.DeleteSegment(t.Context(), by("third"), s.ID); errors.Is(err, people.ErrSegmentFixed) != s.Fixed {
			t.Errorf("deleting %s: %v", s.Name, err)
		}
	}
	expect(t, "the segments that are left", 2, len(w.segmentsOf(t, "third")))
}

func liveSegment(t *testing.T, w *world) {
	w.define(t, definition("plan", people.StringAttribute))
	w.hasSegment(t, acme, "paying", filter("custom_attributes.plan", search.Equal, search.TextValue("pro")))
	w.hasSegment(t, acme, "of late", search.Query{Field: "last_seen_at", Operator: search.Greater, DaysAgo: 2})
	w.hasSegment(t, rival, "theirs", filter("role", search.Equal, search.TextValue("user")))
	p := w.has(t, people.User, func(p *people.Person) { p.LastSeenAt = begin })
	w.has(t, people.User, func(p *people.Person) { p.Workspace = rival })
	expect(t, "the segments", []string{"of late"}, w.isIn(t, p))
	expect(t, "the counts", []int{0, 1}, w.counts(t, acme))
	set := people.ContactFields{CustomAttributes: search.Attributes{"plan": search.TextValue("Pro")}}
	if _, _, err := w.UpdateContact(t.Context(), w.caller, p.ID, set); err != nil {
		t.Fatal(err)
	}
	expect(t, "the segments of who pays", []string{"paying", "of late"}, w.isIn(t, p))
	w.clock.pass(48*time.Hour - time.Second)
	expect(t, "the segments just before two days", []string{"paying", "of late"}, w.isIn(t, p))
	w.clock.pass(time.Second)
	expect(t, "the segments after two days", []string{"paying"}, w.isIn(t, p))
	expect(t, "the counts after two days", []int{1, 0}, w.counts(t, acme))
	if _, err := w.ArchiveContact(t.Context(), w.caller, p.ID); err != nil {
		t.Fatal(err)
	}
	expect(t, "the counts without it", []int{0, 0}, w.counts(t, acme))
	for what, who := range map[string]*people.Person{
		"an archived contact": p, "a visitor": w.has(t, people.Visitor), "nobody": w.person(people.User),
	} {
		if _, err := w.SegmentsOf(t.Context(), w.workspace(t, acme).Caller(), who.ID); !errors.Is(err, people.ErrUserNotFound) {
			t.Errorf("the segments of %s: %v", what, err)
		}
	}
}

func segmentOfRole(t *testing.T, w *world) {
	user, lead := w.has(t, people.User, func(p *people.Person) { p.Name = "X" }), w.has(t, people.Lead, func(p *people.Person) { p.Name = "X" })
	s := w.hasSegment(t, acme, "X", named("X"))
	expect(t, "the segments of a user", []string{"X"}, w.isIn(t, user))
	expect(t, "the segments of a lead", []string(nil), w.isIn(t, lead))
	if _, err := w.ChangeSegment(t.Context(), w.workspace(t, acme).Caller(), s.ID, people.SegmentFields{Role: new(people.Lead)}); err != nil {
		t.Fatal(err)
	}
	expect(t, "the segments of a user now", []string(nil), w.isIn(t, user))
	expect(t, "the segments of a lead now", []string{"X"}, w.isIn(t, lead))
	expect(t, "the count", []int{1}, w.counts(t, acme))
}

func searchedSegment(t *testing.T, w *world) {
	ada := w.has(t, people.User, func(p *people.Person) { p.Name = "Ada" })
	bob, lead := w.has(t, people.User, func(p *people.Person) { p.Name = "Bob" }), w.has(t, people.Lead, func(p *people.Person) { p.Name = "Ada" })
	s, theirs := w.hasSegment(t, acme, "Adas", named("Ada")), w.hasSegment(t, rival, "Adas", named("Ada"))
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
		page, err := w.SearchContacts(t.Context(), w.workspace(t, acme).Caller(), people.SearchOrder{Query: c.query, Limit: 10})
		if err != nil {
			t.Errorf("%+v: %v", c.query, err)
			continue
		}
		expect(t, fmt.Sprintf("who is found by %+v", c.query), c.want, ids(page.Found))
	}
}

func attributeOfSegment(t *testing.T, w *world) {
	plan, size := w.creates(t, "plan", people.StringAttribute), w.creates(t, "size", people.StringAttribute)
	s := w.hasSegment(t, acme, "paying", search.Query{Combine: search.And, Queries: []search.Query{
		named("Ada"), filter("custom_attributes.plan", search.Equal, search.TextValue("pro")),
	}})
	archive := people.AttributeUpdate{Archived: new(true)}
	if _, err := w.UpdateAttribute(t.Context(), w.caller, plan.ID, archive); !errors.Is(err, people.ErrAttributeInUse) {
		t.Errorf("archiving the attribute of a segment: %v", err)
	}
	if _, err := w.UpdateAttribute(t.Context(), w.caller, size.ID, archive); err != nil {
		t.Errorf("archiving another: %v", err)
	}
	if _, err := w.UpdateAttribute(t.Context(), w.caller, plan.ID, people.AttributeUpdate{Description: new("x"), Archived: new(false)}); err != nil {
		t.Errorf("describing the attribute of a segment: %v", err)
	}
	if _, err := w.DeleteSegment(t.Context(), by(acme), s.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateAttribute(t.Context(), w.caller, plan.ID, archive); err != nil {
		t.Errorf("archiving the attribute without the segment: %v", err)
	}
}

func tagOfSegment(t *testing.T, w *world) {
	vip, free := w.hasTag(t, acme, "vip"), w.hasTag(t, acme, "free")
	w.hasTag(t, rival, "theirs")
	rivals := w.hasTag(t, rival, "theirs too")
	carries := func(tag *people.Tag, op search.Operator) search.Query {
		return filter("tag_id", op, search.IntValue(tag.ID))
	}
	one := w.hasSegment(t, acme, "Seg 1", search.Query{Combine: search.Or, Queries: []search.Query{named("Ada"), carries(vip, search.Equal)}})
	other := w.hasSegment(t, acme, "Seg 2", carries(vip, search.NotEqual))
	w.hasSegment(t, acme, "tagged", filter("tag_id", search.NotEqual, search.NullValue()))
	err := w.DeleteTag(t.Context(), by(acme), vip.ID)
	if inUse, refused := errors.AsType[*people.TagInUseError](err); !refused || diff([]string{"Seg 1", "Seg 2"}, inUse.Segments) != "" {
		t.Errorf("deleting the tag of two segments: %v", err)
	}
	for what, of := range map[string]*people.Tag{"no segment": free, "a segment of another workspace": rivals} {
		if err := w.DeleteTag(t.Context(), by(of.Workspace), of.ID); err != nil {
			t.Errorf("deleting the tag of %s: %v", what, err)
		}
	}
	query := carries(free, search.Equal)
	_, err = w.ChangeSegment(t.Context(), w.workspace(t, acme).Caller(), one.ID, people.SegmentFields{Query: &query})
	if invalid, refused := errors.AsType[*workspace.InvalidError](err); !refused || invalid.Field != "query" {
		t.Errorf("asking for a tag that is not there: %v", err)
	}
	for _, s := range []*people.Segment{one, other} {
		if _, err := w.DeleteSegment(t.Context(), by(acme), s.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.DeleteTag(t.Context(), by(acme), vip.ID); err != nil {
		t.Errorf("deleting the tag without the segments: %v", err)
	}
}

func tagOfNewSegment(t *testing.T, w *world) {
	for i := range 4 {
		tag := w.hasTag(t, acme, fmt.Sprint(i))
		query := filter("tag_id", search.Equal, search.IntValue(tag.ID))
		var deleting, making error
		var wait sync.WaitGroup
		ws := w.workspace(t, acme)
		wait.Go(func() { deleting = w.DeleteTag(t.Context(), by(acme), tag.ID) })
		wait.Go(func() {
			_, making = w.CreateSegment(t.Context(), ws.Caller(), people.SegmentFields{Name: new("Seg"), Query: &query})
		})
		wait.Wait()
		if (deleting == nil) == (making == nil) {
			t.Errorf("deleting a tag: %v; making a segment that asks for it: %v", deleting, making)
		}
	}
}
