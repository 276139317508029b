package wire

import "lobby/internal/people"

// Segment is a segment, which is alike in all versions. Those of companies have no type of person.
type Segment struct {
	Segment *people.Segment
	// Count is how many are in it; absent when nobody asked.
	Count Opt[int]
	// WithQuery shows the model and the query too, as Lobby's own operations do.
	WithQuery bool
}

// personTypes are what the public API calls those whom segments are about.
var personTypes = map[people.Role]string{people.User: "user", people.Lead: "contact"}

// PersonType reads what the public API calls users or leads; the empty role for everything else.
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
	o := begin(buf)
	o.text("type", "segment")
	o.text("id", s.Segment.ID)
	o.text("name", s.Segment.Name)
	o.int("created_at", s.Segment.CreatedAt)
	o.int("updated_at", s.Segment.UpdatedAt)
	if s.Segment.Role != "" {
		o.text("person_type", personTypes[s.Segment.Role])
	}
	if n, counted := s.Count.Value(); counted {
		o.int("count", int64(n))
	}
	if s.WithQuery {
		o.text("model", string(s.Segment.Model()))
		o.name("query")
		o.query(&s.Segment.Query)
	}
	return o.end()
}

// query appends a query in the form in which [Object.Query] reads it.
func (o *object) query(q *people.Query) {
	o.buf = append(o.buf, '{')
	if q.Combine != "" {
		o.text("operator", string(q.Combine))
		o.openList("value")
		for i := range q.Queries {
			o.next()
			o.query(&q.Queries[i])
		}
		o.closeList()
		o.close()
		return
	}
	o.text("field", q.Field)
	o.text("operator", string(q.Operator))
	switch {
	case q.DaysAgo != 0:
		o.open("value")
		o.int("days_ago", q.DaysAgo)
		o.close()
	case q.Operator == people.In || q.Operator == people.NotIn:
		o.openList("value")
		for _, v := range q.Values {
			o.next()
			o.buf = appendValue(o.buf, v)
		}
		o.closeList()
	default:
		o.name("value")
		o.buf = appendValue(o.buf, q.Values[0])
	}
	o.close()
}

// SegmentList is all segments of a workspace.
type SegmentList []Segment

// AppendJSON appends the list.
func (l SegmentList) AppendJSON(buf []byte) []byte { return l.append(buf, "segment.list", "segments") }

// AttachedSegments is the segments that a contact or a company is in.
type AttachedSegments []Segment

// AppendJSON appends the list.
func (l AttachedSegments) AppendJSON(buf []byte) []byte {
	return SegmentList(l).append(buf, "list", "data")
}

func (l SegmentList) append(buf []byte, kind, name string) []byte {
	o := begin(buf)
	o.text("type", kind)
	o.openList(name)
	for _, s := range l {
		o.next()
		o.buf = s.AppendJSON(o.buf)
	}
	o.closeList()
	return o.end()
}
