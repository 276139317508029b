package people

import (
	"context"
	"strconv"

	"lobby/internal/workspace"
)

// NoteCreated is the topic of a new note about a person or a company.
const NoteCreated workspace.Topic = "note.created"

// Note is what an admin wrote about a person or a company.
type Note struct {
	Workspace workspace.ID
	ID        int64 // decimal digits on the wire, unique within the workspace and never given twice
	// PersonID is the record that it was written about; a merge does not move it, readers follow the forwarding address.
	// It is empty for a note about a company.
	PersonID string
	// CompanyID is the company that it is about; empty for a note about a person.
	CompanyID string
	AdminID   int64
	// Body is HTML that nobody can be harmed by: the front that took it has made it so.
	Body      string
	CreatedAt int64

	// Person is whom the note is about today, nil for a company, and Author the admin who wrote it, with no name once it is gone. A store
	// knows neither.
	Person *Person
	Author *workspace.Admin
}

// maxNote is the longest body in bytes.
const maxNote = 100_000

// Notes answers one page of the notes about a contact or a visitor, newest first, and how many there are. What [Holder]
// refuses.
func (l *Lobby) Notes(ctx context.Context, c workspace.Caller, h Holder, page workspace.Page) (notes []*Note, total int, err error) {
	err = l.Store.Read(ctx, func(r Reader) error {
		p, err := h.person(r, c)
		if err != nil || !p.Attached {
			return err
		}
		if notes, total, err = r.Notes(c.Workspace, p.ID, page); err != nil {
			return err
		}
		for _, n := range notes {
			n.Person = p
		}
		return sign(r, c.Workspace, notes)
	})
	return notes, total, err
}

// NotesOfCompany is Notes for a company; ErrCompanyNotFound.
func (l *Lobby) NotesOfCompany(ctx context.Context, c workspace.Caller, id string, page workspace.Page) (notes []*Note, total int, err error) {
	err = l.Store.Read(ctx, func(r Reader) error {
		if _, err := mustHave(r.Company(c.Workspace, id)); err != nil {
			return err
		}
		if notes, total, err = r.NotesOfCompany(c.Workspace, id, page); err != nil {
			return err
		}
		return sign(r, c.Workspace, notes)
	})
	return notes, total, err
}

// sign says of each note who wrote it.
func sign(r Reader, ws workspace.ID, notes []*Note) error {
	admins, err := r.Admins(ws)
	if err != nil {
		return err
	}
	byID := make(map[int64]*workspace.Admin, len(admins))
	for _, admin := range admins {
		byID[admin.ID] = admin
	}
	for _, n := range notes {
		n.signed(byID[n.AdminID])
	}
	return nil
}

// FindNote answers a note about a company or somebody who can be seen; ErrResourceNotFound.
func (l *Lobby) FindNote(ctx context.Context, c workspace.Caller, id int64) (*Note, error) {
	return read(ctx, l, func(r Reader) (note *Note, err error) {
		if note, err = r.Note(c.Workspace, id); err != nil {
			return nil, err
		}
		if note == nil {
			return nil, ErrResourceNotFound
		}
		if note.CompanyID == "" {
			written, err := r.Person(c.Workspace, note.PersonID)
			if err != nil {
				return nil, err
			}
			if note.Person, err = Follow(r, written); err != nil {
				return nil, err
			}
			if note.Person.State != Active {
				return nil, ErrResourceNotFound
			}
		}
		author, err := r.Admin(c.Workspace, note.AdminID)
		note.signed(author)
		return note, err
	})
}

// CreateNote writes a note about a contact or a visitor, for an admin or, when that is 0, for the caller's. What
// [Holder] refuses, ErrResourceNotFound for an unknown admin, workspace.InvalidError.
func (l *Lobby) CreateNote(ctx context.Context, c workspace.Caller, h Holder, adminID int64, body string) (*Note, error) {
	return l.createNote(ctx, c, adminID, body, func(w Writer, n *Note) (mark func() error, err error) {
		if n.Person, err = h.person(w, c); err != nil {
			return nil, err
		}
		n.PersonID = n.Person.ID
		return func() error { return l.MarkUpdated(w, n.Person) }, nil
	})
}

// CreateNoteOfCompany is CreateNote for a company; ErrCompanyNotFound.
func (l *Lobby) CreateNoteOfCompany(ctx context.Context, c workspace.Caller, id string, adminID int64, body string) (*Note, error) {
	return l.createNote(ctx, c, adminID, body, func(w Writer, n *Note) (mark func() error, err error) {
		company, err := mustHave(w.Company(c.Workspace, id))
		if err != nil {
			return nil, err
		}
		n.CompanyID = company.ID
		return func() error { return l.markCompanyUpdated(w, company) }, nil
	})
}

// createNote writes a note about whatever about puts into it, and marks that as updated.
func (l *Lobby) createNote(
	ctx context.Context, c workspace.Caller, adminID int64, body string, about func(Writer, *Note) (mark func() error, err error),
) (*Note, error) {
	if adminID == 0 {
		adminID = c.AdminID
	}
	note := &Note{Workspace: c.Workspace, AdminID: adminID, Body: body, CreatedAt: l.Unix()}
	err := l.Store.Write(ctx, func(w Writer) error {
		mark, err := about(w, note)
		if err != nil {
			return err
		}
		author, err := w.Admin(c.Workspace, adminID)
		switch {
		case err != nil:
			return err
		case author == nil:
			return ErrResourceNotFound
		case body == "":
			return workspace.Invalid("body", "is blank")
		case len(body) > maxNote:
			return workspace.Invalid("body", "is longer than 100000 bytes")
		}
		note.signed(author)
		if note.ID, err = w.NextNumber(c.Workspace, "note"); err != nil {
			return err
		}
		if err := mark(); err != nil {
			return err
		}
		if err := w.InsertNote(note); err != nil {
			return err
		}
		return l.Emit(w, &workspace.OutboxEntry{
			Workspace: c.Workspace, Topic: NoteCreated, PersonID: note.PersonID, SubjectID: strconv.FormatInt(note.ID, 10),
		})
	})
	return note, err
}

// signed says who wrote the note; nil when that admin is gone.
func (n *Note) signed(author *workspace.Admin) {
	if author == nil {
		author = &workspace.Admin{Workspace: n.Workspace, ID: n.AdminID}
	}
	n.Author = author
}
