package people

import (
	"context"
	"strconv"

	"lobby/internal/workspace"
)

// NoteCreated is the topic of a new note about a person or a company.
const NoteCreated workspace.Topic = "note.created"

// Note is a text that an admin wrote about a person or a company.
type Note struct {
	Workspace workspace.ID
	ID        int64 // decimal digits on the wire; unique within the workspace and never reused
	// PersonID is the record about which it was written; empty for a note about a company. A merge does not change it;
	// readers follow the forwarding address.
	PersonID string
	// CompanyID is the company about which it was written; empty for a note about a person.
	CompanyID string
	AdminID   int64
	// Body is safe HTML: the front that received it has sanitised it.
	Body      string
	CreatedAt int64

	// Person is the person whom the note is about today, nil for a company. Author is the admin who wrote it, without a
	// name when that admin is gone. A store sets neither.
	Person *Person
	Author *workspace.Admin
}

// maxNote is the max length of a body in bytes.
const maxNote = 100_000

// Notes returns a page of the notes about a contact or a visitor, newest first, and their total. Errors: those of [Target].
func (l *Lobby) Notes(ctx context.Context, c workspace.Caller, h Target, page workspace.Page) (notes []*Note, total int, err error) {
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
		return loadAuthors(r, c.Workspace, notes)
	})
	return notes, total, err
}

// NotesOfCompany is Notes for a company. Errors: ErrCompanyNotFound.
func (l *Lobby) NotesOfCompany(ctx context.Context, c workspace.Caller, id string, page workspace.Page) (notes []*Note, total int, err error) {
	err = l.Store.Read(ctx, func(r Reader) error {
		if _, err := mustHave(r.Company(c.Workspace, id)); err != nil {
			return err
		}
		if notes, total, err = r.NotesOfCompany(c.Workspace, id, page); err != nil {
			return err
		}
		return loadAuthors(r, c.Workspace, notes)
	})
	return notes, total, err
}

// loadAuthors sets the author of each note.
func loadAuthors(r Reader, ws workspace.ID, notes []*Note) error {
	admins, err := r.Admins(ws)
	if err != nil {
		return err
	}
	byID := make(map[int64]*workspace.Admin, len(admins))
	for _, admin := range admins {
		byID[admin.ID] = admin
	}
	for _, n := range notes {
		n.SetAuthor(byID[n.AdminID])
	}
	return nil
}

// FindNote returns a note about a company or an active person. Errors: ErrResourceNotFound.
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
		note.SetAuthor(author)
		return note, err
	})
}

// CreateNote writes a note about a contact or a visitor. Its author is the admin with adminID or, when that is 0, the
// caller's admin. Errors: those of [Target], ErrResourceNotFound for an unknown admin, workspace.InvalidError.
func (l *Lobby) CreateNote(ctx context.Context, c workspace.Caller, h Target, adminID int64, body string) (*Note, error) {
	return l.createNote(ctx, c, adminID, body, func(w Writer, n *Note) (mark func() error, err error) {
		if n.Person, err = h.person(w, c); err != nil {
			return nil, err
		}
		n.PersonID = n.Person.ID
		return func() error { return l.MarkUpdated(w, n.Person) }, nil
	})
}

// CreateNoteOfCompany is CreateNote for a company. Errors: ErrCompanyNotFound and those of CreateNote's admin and body.
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

// createNote writes a note about the record that about sets in it. mark marks that record as updated.
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
		note.SetAuthor(author)
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

// SetAuthor sets the author of the note; nil means that the admin is gone.
func (n *Note) SetAuthor(author *workspace.Admin) {
	if author == nil {
		author = &workspace.Admin{Workspace: n.Workspace, ID: n.AdminID}
	}
	n.Author = author
}
