package sqlstore

import (
	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// receiptAttachments are joined in [attachments].
var receiptAttachments = []string{"receipts"}

// receiptRecords are joined in [records].
var receiptRecords = []record{
	{name: "receipt", table: "receipts", order: "id", columns: []recordColumn{
		textOf("id").key(), textOf("person_id").key(), textOf("kind").key(), numberOf("occurred_at").orZero(), createdAt(),
	}},
}

func (t inboxTx) InsertReceipt(ws workspace.ID, r inbox.Receipt, at int64) (bool, error) {
	return t.Insert(`INSERT INTO receipts (workspace, id, person_id, kind, occurred_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace, id) DO NOTHING`, []any{string(ws), r.ID, r.Contact.ID, string(r.Kind), r.At, at})
}

func (t inboxTx) DeleteReceipts(ws workspace.ID, before int64, limit int) (deleted int, err error) {
	err = t.Query(`DELETE FROM receipts WHERE workspace = $1 AND id IN (
			SELECT id FROM receipts WHERE workspace = $1 AND created_at < $2 ORDER BY created_at LIMIT $3) RETURNING id`,
		[]any{string(ws), before, int64(limit)}, func(sqlengine.Row) error {
			deleted++
			return nil
		})
	return deleted, err
}
