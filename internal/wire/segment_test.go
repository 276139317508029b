package wire_test

import (
	"testing"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/testkit"
	"lobby/internal/wire"
)

func TestSegmentsAreWrittenAsInTheReference(t *testing.T) {
	t.Parallel()
	john := &people.Segment{
		Workspace: "hfi1bx4l", ID: "6657a9006abd0160d35d1f40", Name: `John "J"`, Role: people.User, CreatedAt: 1717020928, UpdatedAt: 1717020929,
		Query: search.Query{Combine: search.And, Queries: []search.Query{
			{Field: "name", Operator: search.Equal, Values: []search.Value{search.TextValue("John")}},
			{Combine: search.Or, Queries: []search.Query{
				{Field: "owner_id", Operator: search.In, Values: []search.Value{search.IntValue(1), search.TextValue("2")}},
				{Field: "last_seen_at", Operator: search.Greater, DaysAgo: 30},
			}},
		}},
	}
	jane := &people.Segment{ID: "6657a9016abd0160d35d1f41", Name: "Jane", Role: people.Lead, Query: search.Query{
		Field: "custom_attributes.x", Operator: search.NotEqual, Values: []search.Value{search.NullValue()},
	}}
	counted := func(s people.Segment, n int) *people.Segment { s.Count = &n; return &s }
	testkit.Golden(t, "segments.json", indented(t, wire.SegmentList{{Segment: john}, {Segment: counted(*jane, 0)}}.AppendJSON(nil)))
	testkit.Golden(t, "segments_of_contact.json", indented(t, wire.AttachedSegments{{Segment: john}}.AppendJSON(nil)))
	testkit.Golden(t, "segments_with_queries.json", indented(t, wire.SegmentList{
		{Segment: john, WithQuery: true}, {Segment: counted(*jane, 7), WithQuery: true},
	}.AppendJSON(nil)))
	if none := wire.SegmentList(nil).AppendJSON(nil); string(none) != `{"type":"segment.list","segments":[]}` {
		t.Errorf("a list of none is %s", none)
	}
}

func TestAQueryThatIsShownCanBeReadAgain(t *testing.T) {
	t.Parallel()
	for _, query := range []string{
		`{"field":"name","operator":"~","value":"a \"b\" <c>"}`, `{"field":"owner_id","operator":"NIN","value":[1,2.5,"x",true,null]}`,
		`{"field":"seats","operator":">","value":9007199254740993}`, `{"field":"x","operator":"=","value":null}`,
		`{"field":"x","operator":"IN","value":[]}`, `{"field":"last_seen_at","operator":"<","value":{"days_ago":9}}`,
		`{"operator":"OR","value":[{"operator":"AND","value":[{"field":"a","operator":"=","value":false}]},{"field":"b","operator":"$","value":"."}]}`,
	} {
		o, err := jsonio.Read([]byte(`{"query":` + query + `}`))
		if err != nil {
			t.Fatal(err)
		}
		s := wire.Segment{Segment: &people.Segment{Query: o.Query("query")}, WithQuery: true}
		if got := string(s.AppendJSON(nil)); o.Err() != nil || got != `{"type":"segment","id":"","name":"","created_at":0,"updated_at":0,"model":"company","query":`+query+`}` {
			t.Errorf("%s: %v, %s", query, o.Err(), got)
		}
	}
}

func TestAPersonTypeIsUserOrContact(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]people.Role{"user": people.User, "contact": people.Lead, "lead": "", "": "", "visitor": ""} {
		if got := wire.PersonType(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
