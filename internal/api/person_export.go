package api

import (
	"context"
	"math"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// GET /lobby/v1/people/{id}/export
func (a *API) exportPerson(c *call) (encoder, error) {
	return personExport(c.r.Context(), a.lobby, c.caller(), c.param("id"), c.version)
}

// ExportPerson returns all that a workspace has about the person to whom an id leads, as JSON. Errors:
// people.ErrPersonNotFound.
func ExportPerson(ctx context.Context, l *people.Lobby, caller workspace.Caller, anyID string) ([]byte, error) {
	export, err := personExport(ctx, l, caller, anyID, apiversion.Preview)
	if err != nil {
		return nil, err
	}
	return export.AppendJSON(nil), nil
}

// wholeList is as many records as a person can have.
const wholeList = math.MaxInt32

// personExport reads all about a person in one consistent view.
func personExport(ctx context.Context, l *people.Lobby, caller workspace.Caller, anyID string, v apiversion.Version) (*wire.PersonExport, error) {
	e := &wire.PersonExport{Version: v}
	ws := caller.Workspace
	err := l.Store.Read(ctx, func(r people.Reader) (err error) {
		if e.Person, err = people.ByAnyID(r, ws, anyID); err != nil {
			return err
		}
		absorbed, err := r.Absorbed(ws, e.Person.ID)
		if err != nil {
			return err
		}
		for _, id := range absorbed {
			p, err := r.Person(ws, id)
			if err != nil {
				return err
			}
			e.Absorbed = append(e.Absorbed, p)
		}
		return readAttached(r, l, caller, e)
	})
	return e, err
}

// readAttached reads what hangs on a person, and its history.
func readAttached(r people.Reader, l *people.Lobby, caller workspace.Caller, e *wire.PersonExport) error {
	ws, id := caller.Workspace, e.Person.ID
	companies, err := r.CompaniesOf(ws, []string{id})
	if err != nil {
		return err
	}
	tags, err := r.PersonTags(ws, []string{id})
	if err != nil {
		return err
	}
	e.Companies, e.Tags = companies[id], tags[id]
	if e.Notes, _, err = r.Notes(ws, id, workspace.Page{Number: 1, Size: wholeList}); err != nil {
		return err
	}
	for _, n := range e.Notes {
		n.Person = e.Person
		author, err := r.Admin(ws, n.AdminID)
		if err != nil {
			return err
		}
		n.SetAuthor(author)
	}
	if e.Person.IsLiveContact() {
		if e.Segments, err = l.SegmentsWith(r, caller, e.Person); err != nil {
			return err
		}
	}
	if e.Subscriptions, err = r.Subscriptions(ws, id); err != nil {
		return err
	}
	if e.Events, err = r.EventsAfter(ws, id, "", wholeList); err != nil {
		return err
	}
	if e.Summaries, err = r.EventSummaries(ws, id); err != nil {
		return err
	}
	e.Changes, err = r.Changes(ws, id, "", wholeList)
	return err
}
