package wire

import (
	"strconv"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

// Note is a note in the shape of a version.
type Note struct {
	note *people.Note
	// Company says whether to write company.
	Company bool
}

// NewNote returns a note in the shape of version v.
func NewNote(n *people.Note, v apiversion.Version) *Note {
	shown := &Note{note: n, Company: true}
	changes.StepDown(v, shown)
	return shown
}

// AppendJSON appends the note. The public API has no notes about visitors; in one, the member visitor names the visitor.
func (n *Note) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "note")
	o.Text("id", strconv.FormatInt(n.note.ID, 10))
	o.Int("created_at", n.note.CreatedAt)
	switch about := n.note.Person; {
	case about == nil:
		o.Null("contact")
	case about.Role.IsContact():
		writeReference(&o, "contact", "contact", about.ID)
	default:
		o.Null("contact")
		writeReference(&o, "visitor", "visitor", about.ID)
	}
	if n.Company && n.note.CompanyID != "" {
		writeReference(&o, "company", "company", n.note.CompanyID)
	} else if n.Company {
		o.Null("company")
	}
	writeAuthor(&o, n.note.Author)
	o.Text("body", n.note.Body)
	return o.End()
}

// writeAuthor writes the admin who wrote a note, in the short form of notes.
func writeAuthor(o *jsonio.Writer, a *workspace.Admin) {
	o.Open("author")
	o.Text("type", "admin")
	o.Text("id", strconv.FormatInt(a.ID, 10))
	o.Text("name", a.Name)
	o.Text("email", a.Email)
	o.Bool("away_mode_enabled", a.Away.On)
	o.Bool("away_mode_reassign", a.Away.Reassign)
	o.Close()
}

// NoteList is one page of notes.
type NoteList struct {
	Notes   []*people.Note
	Pages   NumberedPages
	Version apiversion.Version
}

// AppendJSON appends the page.
func (l NoteList) AppendJSON(buf []byte) []byte {
	o := jsonio.Begin(buf)
	o.Text("type", "list")
	o.OpenList("data")
	for _, n := range l.Notes {
		o.Next()
		o.Buf = NewNote(n, l.Version).AppendJSON(o.Buf)
	}
	o.CloseList()
	l.Pages.write(&o)
	return o.End()
}

func noteSamples(v apiversion.Version) []Shape {
	of := func(p *people.Person) *people.Note {
		note := full[people.Note]()
		note.Person = p
		return note
	}
	user, visitor, company := of(fullPerson(people.User)), of(fullPerson(people.Visitor)), of(nil)
	user.CompanyID, visitor.CompanyID = "", ""
	return []Shape{
		NewNote(user, v), NewNote(visitor, v), NewNote(company, v),
		NoteList{Notes: []*people.Note{user, visitor, company}, Pages: pageSample, Version: v},
		NoteList{Pages: lastPageSample, Version: v},
	}
}
