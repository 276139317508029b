package api

import (
	"lobby/internal/people"
	"lobby/internal/wire"
)

func (a *API) visitor(c *call, p *people.Person, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.Visitor{Person: p, Base: a.base(c)}, nil
}

// GET /visitors?user_id= (or ?id=)
func (a *API) findVisitor(c *call) (encoder, error) {
	query, err := c.query()
	if err != nil {
		return nil, err
	}
	ref := people.VisitorRef{ID: query.Get("id"), UserID: query.Get("user_id")}
	p, err := a.lobby.FindVisitor(c.r.Context(), c.caller(), ref)
	return a.visitor(c, p, err)
}

// GET /visitors/{id}
func (a *API) getVisitor(c *call) (encoder, error) {
	ref := people.VisitorRef{ID: c.param("id"), UserID: c.param("id")}
	p, err := a.lobby.FindVisitor(c.r.Context(), c.caller(), ref)
	return a.visitor(c, p, err)
}

// DELETE /visitors/{id}
func (a *API) deleteVisitor(c *call) (encoder, error) {
	ref := people.VisitorRef{ID: c.param("id"), UserID: c.param("id")}
	p, err := a.lobby.DeleteVisitor(c.r.Context(), c.caller(), ref)
	answer, err := a.visitor(c, p, err)
	return a.erased(c, answer, err)
}

// PUT /visitors, PUT /visitors/{id}, POST /visitors
func (a *API) updateVisitor(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	ref := people.VisitorRef{ID: in.ID("id").Or(""), UserID: in.ID("user_id").Or("")}
	if id := c.param("id"); id != "" {
		ref = people.VisitorRef{ID: id, UserID: id}
	}
	update := people.VisitorUpdate{Name: in.Text("name").Given(), CustomAttributes: in.Scalars("custom_attributes")}
	if err := in.Err(); err != nil {
		return nil, err
	}
	p, err := a.lobby.UpdateVisitor(c.r.Context(), c.caller(), ref, update)
	return a.visitor(c, p, err)
}

// conversion reads the order to convert a visitor.
func (c *call) conversion() (people.ConvertRequest, error) {
	in, err := c.body()
	if err != nil {
		return people.ConvertRequest{}, err
	}
	visitor := in.Object("visitor")
	order := people.ConvertRequest{
		To:      people.Role(in.Text("type").Or("")),
		Visitor: people.VisitorRef{ID: visitor.ID("id").Or(""), UserID: visitor.ID("user_id").Or(""), Email: visitor.Text("email").Or("")},
	}
	if order.To == people.User { // older clients send nothing or anything for a lead
		user := in.Object("user")
		order.User = people.UserRef{ID: user.ID("id").Or(""), UserID: user.ID("user_id").Or(""), Email: user.Text("email").Or("")}
	}
	return order, in.Err()
}

// POST /visitors/convert
func (a *API) convertVisitor(c *call) (encoder, error) {
	order, err := c.conversion()
	if err != nil {
		return nil, err
	}
	result, err := a.lobby.ConvertVisitor(c.r.Context(), c.caller(), order)
	if err != nil {
		return nil, c.refused(err)
	}
	c.decided(result.Decision, result.ChangeID)
	return wire.NewContact(result.Contact, c.version), nil
}

// POST /lobby/v1/visitors/convert/preview
func (a *API) previewConversion(c *call) (encoder, error) {
	order, err := c.conversion()
	if err != nil {
		return nil, err
	}
	plan, err := a.lobby.PreviewConversion(c.r.Context(), c.caller(), order)
	return a.preview(c, plan, err)
}
