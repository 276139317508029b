package api

import (
	"errors"
	"slices"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// mergeOrder reads the order to merge two contacts. Who is not named is unknown.
func (c *call) mergeOrder() (people.MergeOrder, error) {
	in, err := c.body()
	if err != nil {
		return people.MergeOrder{}, err
	}
	order := people.MergeOrder{FromID: in.ID("from").Or(""), IntoID: in.ID("into").Or("")}
	if c.version.AtLeast(apiversion.V2_16) {
		order.OnlyDuplicates = !in.Bool("skip_duplicate_validation").Or(false)
	}
	return order, in.Err()
}

// POST /contacts/merge
func (a *API) mergeContacts(c *call) (encoder, error) {
	order, err := c.mergeOrder()
	if err != nil {
		return nil, err
	}
	extra, err := c.merges()
	if err != nil {
		return nil, err
	}
	result, err := a.lobby.MergeContacts(c.r.Context(), c.caller(), order, extra...)
	if err != nil {
		return nil, c.refused(err)
	}
	c.decided(result.Decision, result.ChangeID)
	return a.contact(c, result.Contact, nil)
}

// POST /contacts/merge/preview
func (a *API) previewMerge(c *call) (encoder, error) {
	order, err := c.mergeOrder()
	if err != nil {
		return nil, err
	}
	plan, err := a.lobby.PreviewMerge(c.r.Context(), c.caller(), order)
	return a.preview(c, plan, err)
}

// GET /contacts/{id}/merge_history
func (a *API) getMergeHistory(c *call) (encoder, error) {
	query := c.parameters()
	perPage, after, order := query.perPage(), query.values.Get("cursor"), query.values.Get("order")
	switch {
	case query.err != nil:
		return nil, query.err
	case after != "" && !workspace.IsID(after):
		return nil, &workspace.InvalidError{Field: "cursor", Reason: "must be the next_cursor of another page"}
	case order != "" && order != "asc" && order != "desc":
		return nil, &workspace.InvalidError{Field: "order", Reason: "must be asc or desc"}
	}
	all, err := a.lobby.MergeHistory(c.r.Context(), c.caller(), c.param("id"))
	if errors.Is(err, people.ErrUserNotFound) {
		err = errNoMerges
	}
	if err != nil {
		return nil, err
	}
	if order == "asc" {
		slices.Reverse(all)
	}
	if after != "" {
		all = slices.DeleteFunc(all, func(m people.Merge) bool {
			return m.ChangeID == after || (m.ChangeID < after) == (order == "asc")
		})
	}
	return wire.MergeHistory{Merges: all[:min(perPage, len(all))], More: len(all) > perPage}, nil
}

// merges reads whether the response is to tell which contacts went into those that it shows.
func (c *call) merges() ([]people.Extra, error) {
	if !c.version.AtLeast(apiversion.V2_16) {
		return nil, nil
	}
	query := c.parameters()
	return query.extra("include_merge_history", people.WithMerges), query.err
}
