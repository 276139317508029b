package api

import (
	"lobby/internal/people"
	"lobby/internal/profile"
	"lobby/internal/wire"
)

// GET /lobby/v1/people/{id}/page_views
func (a *API) listPageViews(c *call) (encoder, error) {
	query := c.parameters()
	perPage, after := query.pageSize(eventsPage), query.cursor()
	if query.err != nil {
		return nil, query.err
	}
	limit := min(perPage, people.MaxPage)
	views, err := profile.PageViews(c.r.Context(), a.lobby, c.caller(), c.param("id"), after, limit+1)
	if err != nil {
		return nil, err
	}
	more := len(views) > limit
	return wire.PageViews{Views: views[:min(limit, len(views))], More: more, PerPage: perPage}, nil
}
