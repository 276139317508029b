package api

import (
	"slices"

	"lobby/internal/people"
	"lobby/internal/wire"
)

// segments shows segments, with their counts when the request wants them. Lobby's own operations show the queries too.
func (a *API) segments(c *call, all []*people.Segment, own bool) (wire.SegmentList, error) {
	values, err := c.query()
	if err != nil {
		return nil, err
	}
	query := queryReader{values: values}
	counted := query.bool("include_count")
	if query.err != nil {
		return nil, query.err
	}
	list := make(wire.SegmentList, len(all))
	for i, s := range all {
		list[i] = wire.Segment{Segment: s, WithQuery: own}
	}
	if !counted {
		return list, nil
	}
	counts, err := a.lobby.CountSegments(c.r.Context(), c.workspace, all)
	if err != nil {
		return nil, err
	}
	for i, n := range counts {
		list[i].Count = wire.Some(n)
	}
	return list, nil
}

func (a *API) segment(c *call, s *people.Segment, own bool, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	list, err := a.segments(c, []*people.Segment{s}, own)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// GET /segments, which has those of people: clients take it that all are.
func (a *API) listSegments(c *call) (encoder, error) { return a.allSegments(c, false) }

// GET /lobby/v1/segments
func (a *API) listOwnSegments(c *call) (encoder, error) { return a.allSegments(c, true) }

func (a *API) allSegments(c *call, own bool) (encoder, error) {
	all, err := a.lobby.Segments(c.r.Context(), c.workspace.ID)
	if err != nil {
		return nil, err
	}
	if !own {
		all = slices.DeleteFunc(all, func(s *people.Segment) bool { return s.Model() != people.ContactModel })
	}
	return a.segments(c, all, own)
}

// GET /segments/{id}
func (a *API) getSegment(c *call) (encoder, error) {
	s, err := a.lobby.FindSegment(c.r.Context(), c.workspace.ID, c.param("id"))
	return a.segment(c, s, false, err)
}

// GET /lobby/v1/segments/{id}
func (a *API) getOwnSegment(c *call) (encoder, error) {
	s, err := a.lobby.FindSegment(c.r.Context(), c.workspace.ID, c.param("id"))
	return a.segment(c, s, true, err)
}

// GET /contacts/{contact_id}/segments
func (a *API) listSegmentsOfContact(c *call) (encoder, error) {
	all, err := a.lobby.SegmentsOf(c.r.Context(), c.workspace, c.param("contact_id"))
	if err != nil {
		return nil, err
	}
	list, err := a.segments(c, all, false)
	return wire.AttachedSegments(list), err
}

// segmentFields reads what a request says of a segment.
func (c *call) segmentFields() (people.SegmentFields, error) {
	in, err := c.body()
	if err != nil {
		return people.SegmentFields{}, err
	}
	fields := people.SegmentFields{Name: in.Text("name").Given()}
	if typ, given := in.Text("person_type").Value(); given {
		role := wire.PersonType(typ)
		fields.Role = &role
	}
	if model, given := in.Text("model").Value(); given {
		fields.Model = (*people.AttributeModel)(&model)
	}
	if in.Has("query") || c.r.Method == "POST" {
		query := in.Query("query")
		fields.Query = &query
	}
	return fields, in.Err()
}

// POST /lobby/v1/segments
func (a *API) createSegment(c *call) (encoder, error) {
	fields, err := c.segmentFields()
	if err != nil {
		return nil, err
	}
	s, err := a.lobby.CreateSegment(c.r.Context(), c.workspace, fields)
	return a.segment(c, s, true, err)
}

// PUT /lobby/v1/segments/{id}
func (a *API) changeSegment(c *call) (encoder, error) {
	fields, err := c.segmentFields()
	if err != nil {
		return nil, err
	}
	s, err := a.lobby.ChangeSegment(c.r.Context(), c.workspace, c.param("id"), fields)
	return a.segment(c, s, true, err)
}

// DELETE /lobby/v1/segments/{id}
func (a *API) deleteSegment(c *call) (encoder, error) {
	s, err := a.lobby.DeleteSegment(c.r.Context(), c.workspace.ID, c.param("id"))
	return a.segment(c, s, true, err)
}
