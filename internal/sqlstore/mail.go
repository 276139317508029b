package sqlstore

import (
	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// mailAttachments are joined in [attachments].
var mailAttachments = []string{"mails"}

// mailRecords are joined in [records]. What was not sent yet is sent from where it is imported.
var mailRecords = []record{
	{name: "mail", table: "mails", order: "id", number: "mail", columns: []recordColumn{
		numberOf("id").key(), numberOf("message_id"), numberOf("part_id"), textOf("person_id").key(),
		textOf("state").key().among(string(inbox.MailWaits), string(inbox.MailSent), string(inbox.MailFailed), string(inbox.MailSuppressed)),
		textOf("reason"), numberOf("attempts").orZero(), createdAt(), numberOf("next_attempt_at"), numberOf("sent_at"),
	}},
	{name: "mail_key", table: "mail_keys", order: "secret", secret: true, columns: []recordColumn{textOf("secret").key(), createdAt()}},
}

const selectMail = `SELECT id, message_id, part_id, person_id, state, reason, attempts, created_at, next_attempt_at, sent_at
	FROM mails WHERE workspace = $1 `

func readMail(ws workspace.ID) func(sqlengine.Row) (*inbox.Mail, error) {
	return func(r sqlengine.Row) (*inbox.Mail, error) {
		return &inbox.Mail{
			Workspace: ws, ID: r.Int(0), MessageID: r.Int(1), PartID: r.Int(2), PersonID: r.Text(3), State: inbox.MailState(r.Text(4)),
			Reason: r.Text(5), Attempts: r.Int(6), CreatedAt: r.Int(7), NextAttemptAt: r.Int(8), SentAt: r.Int(9),
		}, nil
	}
}

func (t inboxTx) Mail(ws workspace.ID, id int64) (*inbox.Mail, error) {
	sql := selectMail + `AND id = $2`
	if t.lock {
		sql += sqlengine.ForUpdate
	}
	return sqlengine.One(t, sql, []any{string(ws), id}, readMail(ws))
}

// mailsTo has an order that no index has, so that SQLite does not read all mails of the workspace in order.
var mailsTo = selectMail + `AND person_id IN ` + lineage + ` ORDER BY -id DESC`

func (t inboxTx) MailsTo(ws workspace.ID, personID string) ([]*inbox.Mail, error) {
	return sqlengine.List(t, mailsTo, []any{string(ws), personID}, readMail(ws))
}

const dueMails = `SELECT workspace, id FROM mails WHERE next_attempt_at <= $1 ORDER BY next_attempt_at, workspace, id LIMIT $2`

func (t inboxTx) DueMails(now int64, limit int) ([]inbox.Address, error) {
	return sqlengine.List(t, dueMails, []any{now, int64(limit)}, func(r sqlengine.Row) (inbox.Address, error) {
		return inbox.Address{Workspace: workspace.ID(r.Text(0)), ID: r.Int(1)}, nil
	})
}

func (t inboxTx) InsertMail(m *inbox.Mail) error {
	return t.Exec(`INSERT INTO mails (workspace, id, message_id, part_id, person_id, state, attempts, created_at, next_attempt_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, []any{
		string(m.Workspace), m.ID, sqlengine.OrNil(m.MessageID), sqlengine.OrNil(m.PartID), m.PersonID, string(m.State), m.Attempts, m.CreatedAt,
		sqlengine.OrNil(m.NextAttemptAt),
	})
}

func (t inboxTx) UpdateMail(m *inbox.Mail) error {
	return t.Exec(`UPDATE mails SET state = $3, reason = $4, attempts = $5, next_attempt_at = $6, sent_at = $7 WHERE workspace = $1 AND id = $2`, []any{
		string(m.Workspace), m.ID, string(m.State), sqlengine.OrNil(m.Reason), m.Attempts, sqlengine.OrNil(m.NextAttemptAt), sqlengine.OrNil(m.SentAt),
	})
}

func (t inboxTx) DeleteMails(ws workspace.ID, before int64, limit int) (deleted int, err error) {
	err = t.Query(`DELETE FROM mails WHERE workspace = $1 AND id IN (
			SELECT id FROM mails WHERE workspace = $1 AND created_at < $2 AND next_attempt_at IS NULL ORDER BY created_at LIMIT $3) RETURNING id`,
		[]any{string(ws), before, int64(limit)}, func(sqlengine.Row) error {
			deleted++
			return nil
		})
	return deleted, err
}

func (t inboxTx) MailKey(ws workspace.ID) (key string, err error) {
	err = t.Query(`SELECT secret FROM mail_keys WHERE workspace = $1`, []any{string(ws)}, func(r sqlengine.Row) error {
		key = r.Text(0)
		return nil
	})
	return key, err
}

func (t inboxTx) InsertMailKey(ws workspace.ID, key string, at int64) error {
	return t.Exec(`INSERT INTO mail_keys (workspace, secret, created_at) VALUES ($1, $2, $3) ON CONFLICT (workspace) DO NOTHING`, []any{string(ws), key, at})
}
