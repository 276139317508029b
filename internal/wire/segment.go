package wire

import (
	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
)

// Segment is a segment, in the shape of all versions. Segments of companies have no person_type.
type Segment struct {
	Segment *people.Segment
	// WithQuery says whether to write model and query, as Lobby's own operations do.
	WithQuery bool
}

// personTypes are the names of roles in the member person_type.
var personTypes = map[people.Role]string{people.User: "user", people.Lead: "contact"}

// PersonType returns the role that a person_type names; "" for an unknown name.
func PersonType(name string) people.Role {
	for role, typ := range personTypes {
		if typ == name {
			return role
		}
	}
	return ""
}

// AppendJSON appends the segment.
func (s Segment) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "segment")
	o.Text("id", s.Segment.ID)
	o.Text("name", s.Segment.Name)
	o.Int("created_at", s.Segment.CreatedAt)
	o.Int("updated_at", s.Segment.UpdatedAt)
	if s.Segment.Role != "" {
		o.Text("person_type", personTypes[s.Segment.Role])
	}
	if n := s.Segment.Count; n != nil {
		o.Int("count", int64(*n))
	}
	if s.WithQuery {
		o.Text("model", string(s.Segment.Model()))
		o.Name("query")
		o.Buf = (*Query)(&s.Segment.Query).AppendJSON(o.Buf)
	}
	return o.End()
}

// Query is the query of a segment, as a search request has it.
type Query search.Query

// AppendJSON appends the query in the form in which [jsonio.Object.Query] reads it.
func (q *Query) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	if q.Combine != "" {
		o.Text("operator", string(q.Combine))
		o.OpenList("value")
		for i := range q.Queries {
			o.Next()
			o.Buf = (*Query)(&q.Queries[i]).AppendJSON(o.Buf)
		}
		o.CloseList()
		return o.End()
	}
	o.Text("field", q.Field)
	o.Text("operator", string(q.Operator))
	switch {
	case q.DaysAgo != 0:
		o.Open("value")
		o.Int("days_ago", q.DaysAgo)
		o.Close()
	case q.Operator == search.In || q.Operator == search.NotIn:
		o.OpenList("value")
		for _, v := range q.Values {
			o.Next()
			o.Buf = jsonio.AppendValue(o.Buf, v)
		}
		o.CloseList()
	default:
		o.Name("value")
		o.Buf = jsonio.AppendValue(o.Buf, q.Values[0])
	}
	return o.End()
}

// SegmentList is the list of all segments of a workspace.
type SegmentList []Segment

// AppendJSON appends the list.
func (l SegmentList) AppendJSON(buf []byte) []byte { return l.append(buf, "segment.list", "segments") }

// AttachedSegments is the list of segments that a contact or a company is in.
type AttachedSegments []Segment

// AppendJSON appends the list.
func (l AttachedSegments) AppendJSON(buf []byte) []byte {
	return SegmentList(l).append(buf, "list", "data")
}

func (l SegmentList) append(buf []byte, kind, name string) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", kind)
	o.OpenList(name)
	for _, s := range l {
		o.Next()
		o.Buf = s.AppendJSON(o.Buf)
	}
	o.CloseList()
	return o.End()
}

// anyQueries returns filters with every kind of value. Below the max depth it adds a group of the same.
func anyQueries(depth int) []search.Query {
	values := []search.Value{search.TextValue("*"), search.FloatValue(1.5), search.BoolValue(true), search.NullValue()}
	all := []search.Query{{Operator: search.In, Values: values}, {Operator: search.Greater, DaysAgo: 1}}
	for i := range values {
		all = append(all, search.Query{Operator: search.Equal, Values: values[i : i+1]})
	}
	if depth < search.MaxQueryDepth {
		all = append(all, search.Query{Combine: search.And, Queries: anyQueries(depth + 1)})
	}
	return all
}

func segmentSamples(apiversion.Version) []Shape {
	var all []Shape
	one := 1
	shown := Segment{Segment: &people.Segment{Count: &one}}
	ofUsers := Segment{Segment: &people.Segment{Role: people.User}}
	all = append(all, ofUsers, SegmentList{ofUsers}, AttachedSegments{ofUsers}, shown, SegmentList{shown}, AttachedSegments{shown})
	for _, query := range anyQueries(0) {
		whole := Segment{Segment: &people.Segment{Query: query}, WithQuery: true}
		all = append(all, (*Query)(&query), whole, SegmentList{whole}, AttachedSegments{{Segment: whole.Segment}})
	}
	return all
}
