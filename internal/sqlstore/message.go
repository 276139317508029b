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
		textOf("url"), flagOf("redacted"), textOf("message_type").among("", string(inbox.Email)), textOf("template"), createdAt(),
	}},
}

const selectMessage = `SELECT id, delivered_as, contact_id, admin_id, subject, body, url, redacted, created_at, message_type, template FROM messages WHERE workspace = $1 `

func readMessage(ws workspace.ID) func(sqlengine.Row) (*inbox.Message, error) {
	return func(r sqlengine.Row) (*inbox.Message, error) {
		return &inbox.Message{
			Workspace: ws, ID: r.Int(0), Delivery: inbox.Delivery(r.Text(1)), Author: inbox.Author{ContactID: r.Text(2), AdminID: r.Int(3)},
			Subject: r.Text(4), Body: r.Text(5), URL: r.Text(6), Redacted: r.Bool(7), CreatedAt: r.Int(8),
			Channel: inbox.Channel(r.Text(9)), Template: inbox.Template(r.Text(10)),
		}, nil
	}
}

func (t inboxTx) Messages(ws workspace.ID, ids []int64) (map[int64]*inbox.Message, error) {
	all := map[int64]*inbox.Message{}
	if len(ids) == 0 {
		return all, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	found, err := sqlengine.List(t, selectMessage+`AND id `+in, args, readMessage(ws))
	for _, m := range found {
		all[m.ID] = m
	}
	return all, err
}

func (t inboxTx) InsertMessage(m *inbox.Message) error {
	return t.Exec(`INSERT INTO messages (workspace, id, delivered_as, contact_id, admin_id, subject, body, url, redacted, created_at,
		message_type, template) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, []any{
		string(m.Workspace), m.ID, string(m.Delivery), sqlengine.OrNil(m.ContactID), sqlengine.OrNil(m.AdminID), sqlengine.OrNil(m.Subject),
		m.Body, sqlengine.OrNil(m.URL), sqlengine.OrNil(m.Redacted), m.CreatedAt,
		sqlengine.OrNil(string(m.Channel)), sqlengine.OrNil(string(m.Template)),
	})
}

func (t inboxTx) RedactMessage(ws workspace.ID, id int64, body string) error {
	if err := t.deleteFiles(filesOfMessage, string(ws), id); err != nil {
		return err
	}
	return t.Exec(`UPDATE messages SET body = $3, redacted = $4 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, body, true})
}

// unusedMessage selects a message that is for nobody and began no conversation.
const unusedMessage = `(SELECT m.id FROM messages m WHERE m.workspace = $1 AND m.id = $2
	AND NOT EXISTS (SELECT 1 FROM message_recipients r WHERE r.workspace = $1 AND r.message_id = m.id)
	AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.workspace = $1 AND c.message_id = m.id))`

// dropMessage deletes a message with its files when nobody has it any more.
func (t *tx) dropMessage(ws workspace.ID, id int64) error {
	files := `(SELECT id FROM attachments WHERE workspace = $1 AND message_id IN ` + unusedMessage + `)`
	if err := t.deleteFiles(files, string(ws), id); err != nil {
		return err
	}
	return t.Exec(`DELETE FROM messages WHERE workspace = $1 AND id IN `+unusedMessage, []any{string(ws), id})
}
