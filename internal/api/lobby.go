package api

import (
	"lobby/internal/people"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// POST /lobby/v1/visitors
func (a *API) createVisitor(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	p := &people.Person{
		AnonymousID: in.ID("user_id").Or(""),
		Email:       in.Text("email").Or(""),
		Phone:       in.Text("phone").Or(""),
		Name:        in.Text("name").Or(""),
		Pseudonym:   in.Text("pseudonym").Or(""),
		Avatar:      in.Object("avatar").Text("image_url").Or(""),
		OwnerID:     in.Int("owner_id").Or(0),

		UnsubscribedFromEmails: in.Bool("unsubscribed_from_emails").Or(false),
		MarkedEmailAsSpam:      in.Bool("marked_email_as_spam").Or(false),
		HasHardBounced:         in.Bool("has_hard_bounced").Or(false),

		CreatedAt:  in.Time("created_at").Or(0),
		UpdatedAt:  in.Time("updated_at").Or(0),
		LastSeenAt: in.Time("last_request_at").Or(0),

		Browser:         in.Text("browser").Or(""),
		BrowserVersion:  in.Text("browser_version").Or(""),
		BrowserLanguage: in.Text("browser_language").Or(""),
		OS:              in.Text("os").Or(""),

		Referrer: in.Text("referrer").Or(""),
		UTM: people.UTM{
			Campaign: in.Text("utm_campaign").Or(""),
			Content:  in.Text("utm_content").Or(""),
			Medium:   in.Text("utm_medium").Or(""),
			Source:   in.Text("utm_source").Or(""),
			Term:     in.Text("utm_term").Or(""),
		},
		SessionCount:     in.Int("session_count").Or(0),
		CustomAttributes: in.Scalars("custom_attributes"),
	}
	if dnt, known := in.Bool("do_not_track").Value(); known {
		p.DoNotTrack = people.MaybeOf(dnt)
	}
	place := in.Object("location_data")
	p.Location = people.Location{
		City:          place.Text("city_name").Or(""),
		Region:        place.Text("region_name").Or(""),
		Country:       place.Text("country_name").Or(""),
		CountryCode:   place.Text("country_code").Or(""),
		ContinentCode: place.Text("continent_code").Or(""),
		PostalCode:    place.Text("postal_code").Or(""),
		Timezone:      place.Text("timezone").Or(""),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	created, err := a.lobby.CreateVisitor(c.r.Context(), c.caller(), p)
	return a.visitor(c, created, err)
}

// GET /lobby/v1/visitors
func (a *API) listVisitors(c *call) (encoder, error) {
	query := c.parameters()
	filter := people.VisitorFilter{
		Email:             query.values.Get("email"),
		Name:              query.values.Get("name"),
		CreatedAfter:      query.time("created_after"),
		CreatedBefore:     query.time("created_before"),
		UpdatedAfter:      query.time("updated_after"),
		UpdatedBefore:     query.time("updated_before"),
		LastRequestAfter:  query.time("last_request_after"),
		LastRequestBefore: query.time("last_request_before"),
		Before:            query.listCursor(),
	}
	perPage := query.perPage()
	if query.err != nil {
		return nil, query.err
	}
	page, more, err := a.lobby.Visitors(c.r.Context(), c.caller(), filter, perPage)
	if err != nil {
		return nil, err
	}
	list := wire.VisitorList{Visitors: page, Base: a.base(c), PerPage: perPage}
	if more {
		last := page[len(page)-1]
		list.Next = workspace.ListPlace(last.ID, last.CreatedAt)
	}
	return list, nil
}

// GET /lobby/v1/people/{id}
func (a *API) getPerson(c *call) (encoder, error) {
	asked := c.param("id")
	p, err := a.lobby.Resolve(c.r.Context(), c.caller(), asked)
	if err != nil {
		return nil, err
	}
	return wire.Person{Person: p, Base: a.base(c), Version: c.version, Asked: asked}, nil
}
