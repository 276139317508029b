package api

import (
	"context"
	"math"

	"lobby/internal/apiversion"
	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// GET /lobby/v1/people/{id}/export
func (a *API) exportPerson(c *call) (encoder, error) {
	e := &wire.PersonExport{Version: c.version, Words: wire.Words{Base: a.base(c)}}
	return e, readPerson(c.r.Context(), a.lobby, c.caller(), c.param("id"), e)
}

// ExportPerson returns all that a workspace has about the person to whom an id leads, as JSON. Errors:
// people.ErrPersonNotFound.
func ExportPerson(ctx context.Context, l *people.Lobby, caller workspace.Caller, anyID string) ([]byte, error) {
	e := &wire.PersonExport{Version: apiversion.Preview}
	if err := readPerson(ctx, l, caller, anyID, e); err != nil {
		return nil, err
	}
	return e.AppendJSON(nil), nil
}

// wholeList is as many records as a person can have.
const wholeList = math.MaxInt32

// readPerson reads all about a person in one consistent view.
func readPerson(ctx context.Context, l *people.Lobby, caller workspace.Caller, anyID string, e *wire.PersonExport) error {
	ws := caller.Workspace
	return l.Store.Read(ctx, func(r people.Reader) (err error) {
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
		if err := readAttached(r, l, caller, e); err != nil {
			return err
		}
		if on, has := r.(withInbox); has {
			e.Conversations, err = inbox.Personal(on.Inbox(), ws, e.Person.ID, l.Unix())
		}
		return err
	})
}

// withInbox is what a reader of persons has where conversations are in the same database.
type withInbox interface {
	// Inbox returns the reader of conversations in the same view.
	Inbox() inbox.Reader
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
