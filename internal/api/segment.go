package api

import (
	"lobby/internal/people"
	"lobby/internal/wire"
)

// counts reads whether the response is to tell how many records are in the segments that it shows.
func (c *call) counts() ([]people.Extra, error) {
	query := c.parameters()
	return query.extra("include_count", people.WithCounts), query.err
}

// segmentList shows segments. Lobby's own operations show the queries too.
func segmentList(all []*people.Segment, own bool) wire.SegmentList {
	list := make(wire.SegmentList, len(all))
	for i, s := range all {
		list[i] = wire.Segment{Segment: s, WithQuery: own}
	}
	return list
}

func shownSegment(s *people.Segment, own bool, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.Segment{Segment: s, WithQuery: own}, nil
}

// GET /segments, which has those of people: clients take it that all are.
func (a *API) listSegments(c *call) (encoder, error) {
	return a.allSegments(c, people.ContactModel, false)
}

// GET /lobby/v1/segments
func (a *API) listOwnSegments(c *call) (encoder, error) { return a.allSegments(c, "", true) }

func (a *API) allSegments(c *call, model people.AttributeModel, own bool) (encoder, error) {
	extra, err := c.counts()
	if err != nil {
		return nil, err
	}
	all, err := a.lobby.Segments(c.r.Context(), c.caller(), model, extra...)
	if err != nil {
		return nil, err
	}
	return segmentList(all, own), nil
}

// GET /segments/{id}
func (a *API) getSegment(c *call) (encoder, error) { return a.findSegment(c, false) }

// GET /lobby/v1/segments/{id}
func (a *API) getOwnSegment(c *call) (encoder, error) { return a.findSegment(c, true) }

func (a *API) findSegment(c *call, own bool) (encoder, error) {
	extra, err := c.counts()
	if err != nil {
		return nil, err
	}
	s, err := a.lobby.FindSegment(c.r.Context(), c.caller(), c.param("id"), extra...)
	return shownSegment(s, own, err)
}

// GET /contacts/{contact_id}/segments
func (a *API) listSegmentsOfContact(c *call) (encoder, error) {
	extra, err := c.counts()
	if err != nil {
		return nil, err
	}
	all, err := a.lobby.SegmentsOf(c.r.Context(), c.caller(), c.param("contact_id"), extra...)
	if err != nil {
		return nil, err
	}
	return wire.AttachedSegments(segmentList(all, false)), nil
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
	extra, err := c.counts()
	if err != nil {
		return nil, err
	}
	s, err := a.lobby.CreateSegment(c.r.Context(), c.caller(), fields, extra...)
	return shownSegment(s, true, err)
}

// PUT /lobby/v1/segments/{id}
func (a *API) changeSegment(c *call) (encoder, error) {
	fields, err := c.segmentFields()
	if err != nil {
		return nil, err
	}
	extra, err := c.counts()
	if err != nil {
		return nil, err
	}
	s, err := a.lobby.ChangeSegment(c.r.Context(), c.caller(), c.param("id"), fields, extra...)
	return shownSegment(s, true, err)
}

// DELETE /lobby/v1/segments/{id}
func (a *API) deleteSegment(c *call) (encoder, error) {
	extra, err := c.counts()
	if err != nil {
		return nil, err
	}
	s, err := a.lobby.DeleteSegment(c.r.Context(), c.caller(), c.param("id"), extra...)
	return shownSegment(s, true, err)
}
