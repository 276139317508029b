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
			textOf("field").key().among(string(inbox.ToField), string(inbox.CCField), string(inbox.BCCField)), numberOf("conversation_id"), createdAt(),
		},
	},
}

const selectRecipient = `SELECT message_id, person_id, field, conversation_id, created_at FROM message_recipients WHERE workspace = $1 `

func readRecipient(r sqlengine.Row) (*inbox.Recipient, error) {
	return &inbox.Recipient{
		MessageID: r.Int(0), ContactID: r.Text(1), Field: inbox.AddressField(r.Text(2)), ConversationID: r.Int(3), CreatedAt: r.Int(4),
	}, nil
}

func (t inboxTx) Recipient(ws workspace.ID, messageID int64, personID string) (*inbox.Recipient, error) {
	sql := selectRecipient + `AND message_id = $3 AND person_id IN ` + lineage + ` ORDER BY coalesce(conversation_id, 0) DESC, person_id LIMIT 1`
	if t.lock {
		sql += sqlengine.ForUpdate
	}
	return sqlengine.One(t, sql, []any{string(ws), personID, messageID}, readRecipient)
}

func (t inboxTx) LastUnanswered(ws workspace.ID, personID string) (*inbox.Recipient, error) {
	return sqlengine.One(t, selectRecipient+`AND conversation_id IS NULL AND person_id IN `+lineage+` ORDER BY created_at DESC, message_id DESC LIMIT 1`,
		[]any{string(ws), personID}, readRecipient)
}

func (t inboxTx) MessagesTo(ws workspace.ID, personID string) ([]*inbox.Message, error) {
	return sqlengine.List(t, selectMessage+`WHERE workspace = $1 AND id IN (
			SELECT message_id FROM message_recipients WHERE workspace = $1 AND person_id IN `+lineage+`) ORDER BY id`,
		[]any{string(ws), personID}, readMessage(ws))
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
