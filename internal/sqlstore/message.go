package sqlstore

import (
	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// messageRecords are joined in [records].
var messageRecords = []record{
	{name: "message", table: "messages", order: "id", number: "message", columns: []recordColumn{
		numberOf("id").key(), textOf("delivered_as").key(), textOf("contact_id"), numberOf("admin_id"), textOf("subject"), textOf("body").orZero(),
		textOf("url"), flagOf("redacted"), createdAt(),
	}},
}

func (t inboxTx) Messages(ws workspace.ID, ids []int64) (map[int64]*inbox.Message, error) {
	all := map[int64]*inbox.Message{}
	if len(ids) == 0 {
		return all, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	err := t.Query(`SELECT id, delivered_as, contact_id, admin_id, subject, body, url, redacted, created_at
		FROM messages WHERE workspace = $1 AND id `+in, args, func(r sqlengine.Row) error {
		all[r.Int(0)] = &inbox.Message{
			Workspace: ws, ID: r.Int(0), Delivery: inbox.Delivery(r.Text(1)), Author: inbox.Author{ContactID: r.Text(2), AdminID: r.Int(3)},
			Subject: r.Text(4), Body: r.Text(5), URL: r.Text(6), Redacted: r.Bool(7), CreatedAt: r.Int(8),
		}
		return nil
	})
	return all, err
}

func (t inboxTx) InsertMessage(m *inbox.Message) error {
	return t.Exec(`INSERT INTO messages (workspace, id, delivered_as, contact_id, admin_id, subject, body, url, redacted, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, []any{
		string(m.Workspace), m.ID, string(m.Delivery), sqlengine.OrNil(m.ContactID), sqlengine.OrNil(m.AdminID), sqlengine.OrNil(m.Subject),
		m.Body, sqlengine.OrNil(m.URL), sqlengine.OrNil(m.Redacted), m.CreatedAt,
	})
}

func (t inboxTx) RedactMessage(ws workspace.ID, id int64, body string) error {
	if err := t.deleteFiles(filesOfMessage, string(ws), id); err != nil {
		return err
	}
	return t.Exec(`UPDATE messages SET body = $3, redacted = $4 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, body, true})
}
