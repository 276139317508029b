package sqlstore

import (
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// noteAttachments are joined in [attachments].
var noteAttachments = []string{"notes"}

// noteRecords are joined in [records].
var noteRecords = []record{
	{name: "note", table: "notes", order: "id", number: "note", columns: []recordColumn{
		numberOf("id").key(), textOf("person_id"), textOf("company_id"), numberOf("admin_id"), textOf("body").orZero(), createdAt(),
	}},
}

const selectNote = `SELECT id, person_id, company_id, admin_id, body, created_at FROM notes WHERE workspace = $1 `

func readNote(ws workspace.ID) func(sqlengine.Row) (*people.Note, error) {
	return func(r sqlengine.Row) (*people.Note, error) {
		return &people.Note{
			Workspace: ws, ID: r.Int(0), PersonID: r.Text(1), CompanyID: r.Text(2), AdminID: r.Int(3), Body: r.Text(4), CreatedAt: r.Int(5),
		}, nil
	}
}

func (t *tx) Note(ws workspace.ID, id int64) (*people.Note, error) {
	return sqlengine.One(t, selectNote+`AND id = $2`, []any{string(ws), id}, readNote(ws))
}

// The conditions of the notes of a person and of a company. Their order is one that no index has, so that SQLite does not
// read all notes of the workspace in order.
const (
	ofPerson    = "AND person_id IN " + lineage
	ofCompany   = "AND company_id = $2"
	pageOfNotes = " ORDER BY -created_at, -id LIMIT $3 OFFSET $4"
)

func (t *tx) Notes(ws workspace.ID, personID string, page workspace.Page) ([]*people.Note, int, error) {
	return t.notes(ws, ofPerson, personID, page)
}

func (t *tx) NotesOfCompany(ws workspace.ID, companyID string, page workspace.Page) ([]*people.Note, int, error) {
	return t.notes(ws, ofCompany, companyID, page)
}

// notes returns one page of the notes that meet a condition, newest first, and how many there are.
func (t *tx) notes(ws workspace.ID, where, key string, page workspace.Page) (notes []*people.Note, total int, err error) {
	count, err := sqlengine.Number(t, `SELECT count(*) FROM notes WHERE workspace = $1 `+where, []any{string(ws), key})
	if err != nil {
		return nil, 0, err
	}
	notes, err = sqlengine.List(t, selectNote+where+pageOfNotes, []any{string(ws), key, int64(page.Size), page.Offset()}, readNote(ws))
	return notes, int(count), err
}

func (t *tx) InsertNote(n *people.Note) error {
	return t.Exec(`INSERT INTO notes (workspace, id, person_id, company_id, admin_id, body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		[]any{string(n.Workspace), n.ID, sqlengine.OrNil(n.PersonID), sqlengine.OrNil(n.CompanyID), n.AdminID, n.Body, n.CreatedAt})
}
