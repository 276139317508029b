package api

import (
	"errors"
	"slices"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/wire"
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
	if _, err := c.wantsMerges(); err != nil {
		return nil, err // before anything is written
	}
	result, err := a.lobby.MergeContacts(c.r.Context(), c.caller(), order)
	if err != nil {
		return nil, c.refused(err)
	}
	c.decided(result.Decision, result.ChangeID)
	return a.contactWithMerges(c, result.Contact, nil)
}

// POST /contacts/merge/preview
func (a *API) previewMerge(c *call) (encoder, error) {
	order, err := c.mergeOrder()
	if err != nil {
		return nil, err
	}
	plan, err := a.lobby.PreviewMerge(c.r.Context(), c.caller(), order)
	return preview(c, plan, err)
}

// GET /contacts/{id}/merge_history
func (a *API) getMergeHistory(c *call) (encoder, error) {
	values, err := c.query()
	if err != nil {
		return nil, err
	}
	query := queryReader{values: values}
	perPage, after, order := query.perPage(), values.Get("cursor"), values.Get("order")
	switch {
	case query.err != nil:
		return nil, query.err
	case after != "" && !isID(after):
		return nil, &people.InvalidError{Field: "cursor", Reason: "must be the next_cursor of another page"}
	case order != "" && order != "asc" && order != "desc":
		return nil, &people.InvalidError{Field: "order", Reason: "must be asc or desc"}
	}
	all, err := a.lobby.MergeHistory(c.r.Context(), c.workspace, c.param("id"))
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

// wantsMerges reports whether the answer is to tell which contacts went into the one it shows.
func (c *call) wantsMerges() (bool, error) {
	if !c.version.AtLeast(apiversion.V2_16) {
		return false, nil
	}
	values, err := c.query()
	if err != nil {
		return false, err
	}
	query := queryReader{values: values}
	return query.bool("include_merge_history"), query.err
}

// contactWithMerges is contact for the operations whose answer may tell that.
func (a *API) contactWithMerges(c *call, p *people.Person, err error) (encoder, error) {
	if err == nil {
		err = a.tellMerges(c, p)
	}
	return a.contact(c, p, err)
}

// tellMerges prepares contacts for an answer that tells which others went into them, when the request wants that.
func (a *API) tellMerges(c *call, contacts ...*people.Person) error {
	wants, err := c.wantsMerges()
	if err != nil || !wants {
		return err
	}
	return a.lobby.TellMerges(c.r.Context(), contacts...)
}
