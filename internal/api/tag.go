package api

import (
	"net/http"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/wire"
)

// nothing is an answer without a body.
type nothing struct{}

// AppendJSON appends nothing.
func (nothing) AppendJSON(buf []byte) []byte { return buf }

// holder is on whom hangs what the path is about.
func (c *call) holder() people.Target {
	return people.Target{ContactID: c.param("contact_id"), VisitorID: c.param("visitor_id")}
}

// GET /tags
func (a *API) listTags(c *call) (encoder, error) {
	all, err := a.lobby.Tags(c.r.Context(), c.caller())
	return wire.TagList(all), err
}

// GET /tags/{id}
func (a *API) getTag(c *call) (encoder, error) {
	tag, err := a.lobby.FindTag(c.r.Context(), c.caller(), c.number("id"))
	return wire.Tag{Tag: tag}, err
}

// POST /tags
func (a *API) saveTag(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	order := people.Tagging{
		ID:          numberIn(in.ID("id")),
		Name:        in.Text("name").Or(""),
		SkipUnknown: c.version.AtLeast(apiversion.V2_16),
	}
	for _, user := range in.Objects("users").Or(nil) {
		order.Users = append(order.Users, people.TagTarget{
			UserRef: people.UserRef{ID: user.ID("id").Or(""), UserID: user.ID("user_id").Or(""), Email: user.Text("email").Or("")},
			Untag:   user.Bool("untag").Or(false),
		})
	}
	for _, company := range in.Objects("companies").Or(nil) {
		order.Companies = append(order.Companies, people.CompanyTarget{
			ID: company.ID("id").Or(""), CompanyID: company.ID("company_id").Or(""), Untag: company.Bool("untag").Or(false),
		})
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	result, err := a.lobby.ApplyTagging(c.r.Context(), c.caller(), order)
	if err != nil {
		return nil, err
	}
	return wire.NewTagging(result, c.version), nil
}

// DELETE /tags/{id}
func (a *API) deleteTag(c *call) (encoder, error) {
	c.status = http.StatusOK
	return nothing{}, a.lobby.DeleteTag(c.r.Context(), c.caller(), c.number("id"))
}

// GET /contacts/{contact_id}/tags, GET /lobby/v1/visitors/{visitor_id}/tags
func (a *API) listTagsOf(c *call) (encoder, error) {
	tags, err := a.lobby.TagsOf(c.r.Context(), c.caller(), c.holder())
	return wire.AppliedTagList(tags), err
}

// POST /contacts/{contact_id}/tags, POST /lobby/v1/visitors/{visitor_id}/tags
func (a *API) applyTag(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	id := numberIn(in.ID("id"))
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case id == 0:
		return nil, notSpecified("id")
	}
	tag, err := a.lobby.Tag(c.r.Context(), c.caller(), c.holder(), id)
	return wire.AppliedTag{AppliedTag: tag}, err
}

// DELETE /contacts/{contact_id}/tags/{id}, DELETE /lobby/v1/visitors/{visitor_id}/tags/{id}
func (a *API) removeTag(c *call) (encoder, error) {
	tag, err := a.lobby.Untag(c.r.Context(), c.caller(), c.holder(), c.number("id"))
	return wire.AppliedTag{AppliedTag: tag}, err
}
