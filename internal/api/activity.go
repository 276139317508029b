package api

import (
	"slices"
	"strconv"

	"lobby/internal/jsonio"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

const (
	// activitiesPage is how many activities a page has when the request does not say.
	activitiesPage = 20
	// activitiesSearched is how far back, in seconds, a search looks that does not say: 30 days.
	activitiesSearched = 30 * 24 * 60 * 60
)

// GET /admins/activity_logs
func (a *API) listActivities(c *call) (encoder, error) {
	query := c.parameters()
	filter := workspace.ActivityFilter{After: query.instant("created_at_after"), Before: query.instant("created_at_before")}
	page := query.page(activitiesPage)
	switch {
	case query.err != nil:
		return nil, query.err
	case query.values.Get("created_at_after") == "":
		return nil, notSpecified("created_at_after")
	}
	return a.activities(c, filter, page)
}

// POST /admins/activity_logs/search
func (a *API) searchActivities(c *call) (encoder, error) {
	values, err := c.query()
	if err != nil {
		return nil, err
	}
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	filter := workspace.ActivityFilter{
		After:  in.Instant("created_at_after").Or(a.lobby.Now().Unix() - activitiesSearched),
		Before: in.Instant("created_at_before").Or(0),
	}
	asked := in.Texts("event_types").Or(nil)
	for _, kind := range workspace.ActivityKinds {
		if slices.Contains(asked, string(kind)) {
			filter.Kinds = append(filter.Kinds, kind)
		}
	}
	// The address of a next page says which it is, whatever stands in the body that is sent there again.
	for _, name := range []string{"page", "per_page"} {
		if n, given := in.Int(name).Value(); given && values.Get(name) == "" {
			values.Set(name, strconv.FormatInt(n, 10))
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	query := queryReader{values: values}
	page := query.page(activitiesPage)
	if query.err != nil {
		return nil, query.err
	}
	if len(asked) > 0 && len(filter.Kinds) == 0 { // of kinds that nobody here can do
		return wire.ActivityList{Page: &workspace.ActivityPage{}, Pages: a.numbered(c, page, 0)}, nil
	}
	return a.activities(c, filter, page)
}

func (a *API) activities(c *call, filter workspace.ActivityFilter, page workspace.Page) (encoder, error) {
	if filter.Before == 0 {
		filter.Before = jsonio.MaxTime
	}
	found, err := a.lobby.Activities(c.r.Context(), c.caller(), filter, page)
	if err != nil {
		return nil, err
	}
	return wire.ActivityList{Page: found, Pages: a.numbered(c, page, found.Total)}, nil
}

// GET /admins/activity_log_event_types
func (a *API) listActivityKinds(*call) (encoder, error) {
	return wire.ActivityKindList(workspace.ActivityKinds), nil
}
