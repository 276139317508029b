package sqlstore

import (
	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// uploadRecords are joined in [records]. The id of a file is the secret in its URL. The content is base64, as it is stored.
var uploadRecords = []record{
	{name: "attachment", table: "attachments", order: "id", columns: []recordColumn{
		textOf("id").key(), numberOf("message_id"), numberOf("part_id"), numberOf("place").orZero(), textOf("name").key(), textOf("url"),
		textOf("content_type").key(), numberOf("size"),
	}},
	{name: "upload", table: "uploads", order: "id", columns: []recordColumn{textOf("id").key(), textOf("content").key()}},
}

const attachmentColumns = `id, name, url, content_type, size`

// readAttachment reads attachmentColumns after one other column.
func readAttachment(r sqlengine.Row) *inbox.Attachment {
	return &inbox.Attachment{ID: r.Text(1), Name: r.Text(2), URL: r.Text(3), ContentType: r.Text(4), Size: r.Int(5)}
}

func (t inboxTx) AttachmentsOf(ws workspace.ID, messageIDs, partIDs []int64) (ofMessages, ofParts map[int64][]*inbox.Attachment, err error) {
	ofMessages, err = grouped(t, `SELECT message_id, `+attachmentColumns+` FROM attachments WHERE workspace = $1 AND message_id `,
		` ORDER BY message_id, place`, ws, messageIDs, readAttachment)
	if err != nil {
		return nil, nil, err
	}
	ofParts, err = grouped(t, `SELECT part_id, `+attachmentColumns+` FROM attachments WHERE workspace = $1 AND part_id `,
		` ORDER BY part_id, place`, ws, partIDs, readAttachment)
	return ofMessages, ofParts, err
}

func (t inboxTx) Upload(ws workspace.ID, id string) (*inbox.Attachment, error) {
	return sqlengine.One(t, `SELECT a.place, a.id, a.name, a.url, a.content_type, a.size, u.content FROM uploads u
		JOIN attachments a ON a.workspace = $1 AND a.id = u.id WHERE u.workspace = $1 AND u.id = $2`, []any{string(ws), id},
		func(r sqlengine.Row) (*inbox.Attachment, error) {
			a := readAttachment(r)
			a.Content = r.Text(6)
			return a, nil
		})
}

func (t inboxTx) InsertAttachment(ws workspace.ID, messageID, partID int64, place int, a *inbox.Attachment) error {
	err := t.Exec(`INSERT INTO attachments (workspace, id, message_id, part_id, place, name, url, content_type, size)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, []any{
		string(ws), a.ID, sqlengine.OrNil(messageID), sqlengine.OrNil(partID), int64(place), a.Name, sqlengine.OrNil(a.URL), a.ContentType, sqlengine.OrNil(a.Size),
	})
	if err != nil || a.URL != "" {
		return err
	}
	return t.Exec(`INSERT INTO uploads (workspace, id, content) VALUES ($1, $2, $3)`, []any{string(ws), a.ID, a.Content})
}
