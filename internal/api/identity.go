package api

import (
	"errors"

	"lobby/internal/people"
	"lobby/internal/wire"
)

// decided says in a header what was done with somebody's identity, and where the journal has it.
func (c *call) decided(d people.Decision, changeID string) {
	c.w.Header().Set("Lobby-Identity", string(d)+"; entry="+changeID)
}

// refused says in the same header that nothing was done, and why.
func (c *call) refused(err error) error {
	_, e := c.refusal(err)
	c.w.Header().Set("Lobby-Identity", "refused; reason="+e.Code)
	return err
}

// preview returns what a change would do, or that it would be refused because of who the people are. What is wrong with
// the request itself is refused as the change would be.
func (a *API) preview(c *call, plan *people.Plan, err error) (encoder, error) {
	if err == nil {
		shown, err := a.planned(c, plan)
		c.w.Header().Set("Lobby-Identity", "preview; decision="+string(plan.Decision))
		return shown, err
	}
	_, e := refusal(err)
	_, conflict := errors.AsType[*people.ConflictError](err)
	_, blocked := errors.AsType[*people.BlockedError](err)
	switch {
	case errors.Is(err, people.ErrMergeRoles):
		e.Code = "invalid_merge_role_pair"
	case errors.Is(err, people.ErrNotDuplicates):
		e.Code = "no_shared_identifier"
	case !conflict && !blocked:
		return nil, c.refused(err)
	}
	c.w.Header().Set("Lobby-Identity", "preview; decision=refused")
	return wire.Preview{Code: e.Code, Message: e.Message}, nil
}

// planned returns a plan with the numbers of conversations, which a change that has been made already does not have.
func (a *API) planned(c *call, plan *people.Plan) (shown wire.Preview, err error) {
	shown.Plan = plan
	if plan.Decision == people.DecidedRepeated {
		return shown, nil
	}
	ids := []string{plan.Change.Subject.ID}
	if plan.Change.Survivor != nil {
		ids = append(ids, plan.Change.Survivor.ID)
	}
	counts, err := a.inbox.CountOf(c.r.Context(), c.caller(), ids...)
	if err != nil {
		return shown, err
	}
	shown.From = counts[0]
	if len(counts) > 1 {
		shown.Into = counts[1]
	}
	return shown, nil
}

// GET /lobby/v1/people/{id}/history
func (a *API) getHistory(c *call) (encoder, error) {
	query := c.parameters()
	perPage, after := query.perPage(), query.cursor()
	if query.err != nil {
		return nil, query.err
	}
	page, more, err := a.lobby.Changes(c.r.Context(), c.caller(), c.param("id"), after, perPage)
	if err != nil {
		return nil, err
	}
	return wire.ChangeList{Changes: page, PerPage: perPage, More: more}, nil
}

// POST /lobby/v1/changes/{id}/undo
func (a *API) undoChange(c *call) (encoder, error) {
	entry, decision, err := a.lobby.UndoChange(c.r.Context(), c.caller(), c.param("id"))
	if err != nil {
		return nil, c.refused(err)
	}
	c.decided(decision, entry.ID)
	return wire.Change{Change: entry}, nil
}
