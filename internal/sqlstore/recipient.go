package sqlstore

import (
	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// recipientAttachments are joined in [attachments].
var recipientAttachments = []string{"message_recipients"}

// recipientRecords are joined in [records].
var recipientRecords = []record{
	{
		name: "message_recipient", table: "message_recipients", order: "message_id, person_id", columns: []recordColumn{
			numberOf("message_id").key(), textOf("person_id").key(),
			textOf("field").key().among(string(inbox.ToField), string(inbox.CCField), string(inbox.BCCField)), numberOf("conversation_id"), createdAt(), numberOf("read_at"),
		},
	},
}

const selectRecipient = `SELECT message_id, person_id, field, conversation_id, created_at, read_at FROM message_recipients WHERE workspace = $1 `

func readRecipient(r sqlengine.Row) (*inbox.Recipient, error) {
	return &inbox.Recipient{
		MessageID: r.Int(0), ContactID: r.Text(1), Field: inbox.AddressField(r.Text(2)), ConversationID: r.Int(3), CreatedAt: r.Int(4), ReadAt: r.Int(5),
	}, nil
}

func (t inboxTx) Recipient(ws workspace.ID, messageID int64, personID string) (*inbox.Recipient, error) {
	sql := selectRecipient + `AND message_id = $3 AND person_id IN ` + lineage + ` ORDER BY coalesce(conversation_id, 0) DESC, person_id LIMIT 1`
	if t.lock {
		sql += sqlengine.ForUpdate
	}
	return sqlengine.One(t, sql, []any{string(ws), personID, messageID}, readRecipient)
}

// unanswered is the condition of the recipients in a lineage whose message has no conversation with any of it. A merge may
// have joined two of whom only one has replied.
const unanswered = `person_id IN ` + lineage + ` AND conversation_id IS NULL AND message_id NOT IN (
	SELECT message_id FROM message_recipients WHERE workspace = $1 AND person_id IN ` + lineage + ` AND conversation_id + 0 IS NOT NULL)`

func (t inboxTx) LastUnanswered(ws workspace.ID, personID string) (*inbox.Recipient, error) {
	return sqlengine.One(t, selectRecipient+`AND `+unanswered+` ORDER BY created_at DESC, message_id DESC LIMIT 1`,
		[]any{string(ws), personID}, readRecipient)
}

func (t inboxTx) MessagesTo(ws workspace.ID, personID string) ([]*inbox.Message, error) {
	return sqlengine.List(t, selectMessage+`AND id IN (
			SELECT message_id FROM message_recipients WHERE workspace = $1 AND person_id IN `+lineage+`) ORDER BY id`,
		[]any{string(ws), personID}, readMessage(ws))
}

// inProduct is the condition of the recipients whose message is not an email.
const inProduct = `EXISTS (SELECT 1 FROM messages m WHERE m.workspace = $1 AND m.id = message_id AND m.message_type IS NULL)`

func (t inboxTx) Unanswered(ws workspace.ID, personID string, limit int) ([]*inbox.Recipient, error) {
	// A message to two who were merged is one: what one of them has read, the other has.
	return sqlengine.List(t, unansweredMessages, []any{string(ws), personID, int64(limit)}, readRecipient)
}

// The messages of a person are grouped in an order that no index has, so that SQLite does not read all of the workspace in order.
const (
	unreadMessages = `SELECT max(message_id) FROM message_recipients WHERE workspace = $1 AND ` + unanswered + ` AND ` + inProduct +
		` GROUP BY -message_id HAVING max(read_at) IS NULL`
	unansweredMessages = `SELECT max(message_id) AS id, max(person_id), max(field), max(conversation_id), max(created_at) AS sent_at, max(read_at)
		FROM message_recipients WHERE workspace = $1 AND ` + unanswered + ` AND ` + inProduct + ` GROUP BY -message_id ORDER BY sent_at DESC, id DESC LIMIT $3`
)

func (t inboxTx) SetRead(ws workspace.ID, messageID int64, personID string, at int64) error {
	return t.Exec(`UPDATE message_recipients SET read_at = $4 WHERE workspace = $1 AND message_id = $3 AND person_id IN `+lineage,
		[]any{string(ws), personID, messageID, at})
}

func (t inboxTx) InsertRecipient(ws workspace.ID, r *inbox.Recipient) error {
	return t.Exec(`INSERT INTO message_recipients (workspace, message_id, person_id, field, conversation_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		[]any{string(ws), r.MessageID, r.ContactID, string(r.Field), sqlengine.OrNil(r.ConversationID), r.CreatedAt})
}

func (t inboxTx) SetConversation(ws workspace.ID, messageID int64, personID string, conversationID int64) error {
	return t.Exec(`UPDATE message_recipients SET conversation_id = $4 WHERE workspace = $1 AND message_id = $3 AND person_id IN `+lineage,
		[]any{string(ws), personID, messageID, conversationID})
}

func (t inboxTx) DeleteMessagesTo(ws workspace.ID, personID string) error {
	args := []any{string(ws), personID}
	ids, err := sqlengine.List(t, `SELECT DISTINCT message_id FROM message_recipients WHERE workspace = $1 AND person_id IN `+lineage+` ORDER BY 1`,
		args, firstNumber)
	if err != nil {
		return err
	}
	if err := t.Exec(`DELETE FROM message_recipients WHERE workspace = $1 AND person_id IN `+lineage, args); err != nil {
		return err
	}
	for _, id := range ids {
		if err := t.dropMessage(ws, id); err != nil {
			return err
		}
	}
	return nil
}
