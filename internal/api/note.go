package api

import (
	"lobby/internal/people"
	"lobby/internal/wire"
)

func (a *API) note(c *call, note *people.Note, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.NewNote(note, c.version), nil
}

// GET /notes/{id}
func (a *API) getNote(c *call) (encoder, error) {
	note, err := a.lobby.FindNote(c.r.Context(), c.caller(), c.number("id"))
	return a.note(c, note, err)
}

// GET /contacts/{contact_id}/notes, GET /companies/{company_id}/notes, GET /lobby/v1/visitors/{visitor_id}/notes
func (a *API) listNotes(c *call) (encoder, error) {
	query := c.parameters()
	page := query.page(defaultPage)
	if query.err != nil {
		return nil, query.err
	}
	var notes []*people.Note
	var total int
	var err error
	if company := c.param("company_id"); company != "" {
		notes, total, err = a.lobby.NotesOfCompany(c.r.Context(), c.caller(), company, page)
	} else {
		notes, total, err = a.lobby.Notes(c.r.Context(), c.caller(), c.holder(), page)
	}
	if err != nil {
		return nil, err
	}
	return wire.NoteList{Notes: notes, Pages: a.numbered(c, page, total), Version: c.version}, nil
}

// POST /contacts/{contact_id}/notes, POST /companies/{company_id}/notes, POST /lobby/v1/visitors/{visitor_id}/notes
func (a *API) createNote(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	admin, body := numberIn(in.ID("admin_id")), wire.HTML(in, "body")
	if err := in.Err(); err != nil {
		return nil, err
	}
	text, given := body.Value()
	if !given {
		return nil, notSpecified("body")
	}
	if company := c.param("company_id"); company != "" {
		note, err := a.lobby.CreateNoteOfCompany(c.r.Context(), c.caller(), company, admin, text)
		return a.note(c, note, err)
	}
	note, err := a.lobby.CreateNote(c.r.Context(), c.caller(), c.holder(), admin, text)
	return a.note(c, note, err)
}
