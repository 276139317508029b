package api

import (
	"errors"
	"strings"

	"lobby/internal/duplicate"
	"lobby/internal/people"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// defaultDuplicates is how many clusters a page has when the request does not say.
const defaultDuplicates = 15

func (a *API) duplicates() duplicate.Duplicates { return duplicate.Duplicates{Lobby: a.lobby} }

// GET /lobby/v1/duplicates
func (a *API) listDuplicates(c *call) (encoder, error) {
	query := c.parameters()
	perPage := query.pageSize(defaultDuplicates)
	if query.err != nil {
		return nil, query.err
	}
	page, err := a.duplicates().Clusters(c.r.Context(), c.caller(), query.values.Get("starting_after"), perPage)
	if err != nil {
		return nil, err
	}
	list := wire.DuplicateList{Total: page.Total, PerPage: perPage, Next: page.Next}
	for _, cluster := range page.Clusters {
		list.Duplicates = append(list.Duplicates, clusterView(cluster))
	}
	return list, nil
}

// GET /lobby/v1/duplicates/{id}
func (a *API) getDuplicate(c *call) (encoder, error) {
	cluster, err := a.duplicates().Cluster(c.r.Context(), c.caller(), c.param("id"))
	if err != nil {
		return nil, err
	}
	return clusterView(cluster), nil
}

func clusterView(c *duplicate.Cluster) wire.Duplicate {
	view := wire.Duplicate{ID: c.ID, Size: c.Size, ActiveAt: c.ActiveAt, People: c.People, Distinctions: distinctionViews(c.Distinctions)}
	for _, r := range c.Reasons {
		view.Reasons = append(view.Reasons, wire.DuplicateReason(r))
	}
	return view
}

func distinctionViews(all []duplicate.Distinction) (views []wire.Distinction) {
	for _, d := range all {
		views = append(views, wire.Distinction{People: d.People, AdminID: d.AdminID, At: d.At})
	}
	return views
}

// duplicateOrder reads who is to be merged into whom.
func (c *call) duplicateOrder() (duplicate.Order, error) {
	in, err := c.body()
	if err != nil {
		return duplicate.Order{}, err
	}
	order := duplicate.Order{IntoID: in.ID("into").Or(""), FromIDs: in.Texts("from").Or(nil)}
	return order, in.Err()
}

// POST /lobby/v1/duplicates/preview
func (a *API) previewDuplicates(c *call) (encoder, error) {
	order, err := c.duplicateOrder()
	if err != nil {
		return nil, err
	}
	plan, err := a.duplicates().Preview(c.r.Context(), c.caller(), order)
	if _, isInvalid := errors.AsType[*workspace.InvalidError](err); isInvalid || errors.Is(err, people.ErrPersonNotFound) {
		return nil, c.refused(err)
	}
	if err != nil {
		status, e := refusal(err)
		if status >= 500 {
			return nil, err
		}
		c.w.Header().Set("Lobby-Identity", "preview; decision=refused")
		return wire.DuplicatePreview{Code: e.Code, Message: e.Message}, nil
	}
	shown, decision := wire.DuplicatePreview{IntoID: plan.Into.ID}, people.DecidedRepeated
	for _, p := range plan.Plans {
		one, err := a.planned(c, p)
		if err != nil {
			return nil, err
		}
		shown.Previews, decision = append(shown.Previews, one), p.Decision
	}
	c.w.Header().Set("Lobby-Identity", "preview; decision="+string(decision))
	return shown, nil
}

// POST /lobby/v1/duplicates/merge
func (a *API) mergeDuplicates(c *call) (encoder, error) {
	order, err := c.duplicateOrder()
	if err != nil {
		return nil, err
	}
	result, err := a.duplicates().Merge(c.r.Context(), c.caller(), order)
	if err != nil {
		return nil, c.refused(err)
	}
	last := ""
	if n := len(result.Changes); n > 0 {
		last = result.Changes[n-1].ID
	}
	c.decided(result.Decision, last)
	return wire.DuplicateMerge{Survivor: result.Contact, Changes: result.Changes}, nil
}

// GET /lobby/v1/duplicates/distinct
func (a *API) listDistinctions(c *call) (encoder, error) {
	query := c.parameters()
	perPage, after := query.perPage(), query.cursorThat(isDistinctionPlace)
	if query.err != nil {
		return nil, query.err
	}
	page, more, err := a.duplicates().Distinctions(c.r.Context(), c.caller(), after, perPage)
	if err != nil {
		return nil, err
	}
	list := wire.DistinctionList{Distinctions: distinctionViews(page), PerPage: perPage}
	if more {
		list.Next = page[len(page)-1].Place()
	}
	return list, nil
}

func isDistinctionPlace(text string) bool {
	a, b, _ := strings.Cut(text, "-")
	return workspace.IsID(a) && workspace.IsID(b)
}

// POST /lobby/v1/duplicates/distinct
func (a *API) distinguish(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	ids, forget := in.Texts("people").Or(nil), !in.Bool("distinct").Or(true)
	if err := in.Err(); err != nil {
		return nil, err
	}
	all, err := a.duplicates().Distinguish(c.r.Context(), c.caller(), ids, forget)
	if err != nil {
		return nil, err
	}
	return wire.DistinctionList{Distinctions: distinctionViews(all), PerPage: len(all)}, nil
}
