package sqlstore

import "lobby/internal/people"

const selectNote = `SELECT id, person_id, admin_id, body, created_at FROM notes WHERE workspace = $1 `

func readNote(ws people.WorkspaceID) func(row) (*people.Note, error) {
	return func(r row) (*people.Note, error) {
		return &people.Note{
			Workspace: ws, ID: r.int(0), PersonID: r.text(1), AdminID: r.int(2), Body: r.text(3), CreatedAt: r.int(4),
		}, nil
	}
}

func (t *tx) Note(ws people.WorkspaceID, id int64) (*people.Note, error) {
	return one(t, selectNote+`AND id = $2`, []any{string(ws), id}, readNote(ws))
}

// pageOfNotes has the newest first; an order that no index has keeps SQLite from reading everybody's notes in it.
const pageOfNotes = selectNote + `AND person_id IN ` + lives + ` ORDER BY -id LIMIT $3 OFFSET $4`

func (t *tx) Notes(ws people.WorkspaceID, personID string, page people.Page) (notes []*people.Note, total int, err error) {
	err = t.query(`SELECT count(*) FROM notes WHERE workspace = $1 AND person_id IN `+lives, []any{string(ws), personID},
		func(r row) error {
			total = int(r.int(0))
			return nil
		})
	if err != nil {
		return nil, 0, err
	}
	notes, err = list(t, pageOfNotes,
		[]any{string(ws), personID, int64(page.Size), page.Offset()}, readNote(ws))
	return notes, total, err
}

func (t *tx) InsertNote(n *people.Note) error {
	return t.exec(`INSERT INTO notes (workspace, id, person_id, admin_id, body, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		[]any{string(n.Workspace), n.ID, n.PersonID, n.AdminID, n.Body, n.CreatedAt})
}
