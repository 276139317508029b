package sqlstore

import (
	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// conversationTagRecords are joined in [records].
var conversationTagRecords = []record{
	{name: "conversation_tag", table: "conversation_tags", order: "conversation_id, tag_id", columns: []recordColumn{
		numberOf("conversation_id").key(), numberOf("tag_id").key(), numberOf("applied_at").orElse((*importedRow).now), numberOf("admin_id"),
	}},
	{name: "conversation_attribute", table: "conversation_attributes", order: "id", number: "conversation attribute", columns: []recordColumn{
		numberOf("id").key(), textOf("name").key(), textOf("data_type").key().among("string", "integer", "float", "boolean"), numberOf("admin_id"),
		createdAt(), updatedAt(),
	}},
}

func (t inboxTx) TagName(ws workspace.ID, id int64) (string, error) {
	tag, err := t.Tag(ws, id) // locked, so that it cannot be deleted while it is applied
	if err != nil || tag == nil {
		return "", err
	}
	return tag.Name, nil
}

func (t inboxTx) ConversationTags(ws workspace.ID, ids []int64) (map[int64][]*inbox.Tag, error) {
	return grouped(t, `SELECT a.conversation_id, g.id, g.name, a.applied_at, a.admin_id FROM conversation_tags a
		JOIN tags g ON g.workspace = $1 AND g.id = a.tag_id WHERE a.workspace = $1 AND a.conversation_id `,
		` ORDER BY a.conversation_id, a.applied_at, a.tag_id`, ws, ids, func(r sqlengine.Row) *inbox.Tag {
			return &inbox.Tag{ID: r.Int(1), Name: r.Text(2), AppliedAt: r.Int(3), AdminID: r.Int(4)}
		})
}

func (t inboxTx) TagConversation(ws workspace.ID, id int64, tag *inbox.Tag) error {
	return t.Exec(`INSERT INTO conversation_tags (workspace, conversation_id, tag_id, applied_at, admin_id) VALUES ($1, $2, $3, $4, $5)`,
		[]any{string(ws), id, tag.ID, tag.AppliedAt, sqlengine.OrNil(tag.AdminID)})
}

func (t inboxTx) UntagConversation(ws workspace.ID, id, tagID int64) error {
	return t.Exec(`DELETE FROM conversation_tags WHERE workspace = $1 AND conversation_id = $2 AND tag_id = $3`, []any{string(ws), id, tagID})
}

func (t inboxTx) ConversationAttributes(ws workspace.ID) ([]*inbox.Attribute, error) {
	return sqlengine.List(t, `SELECT id, name, data_type, admin_id, created_at, updated_at FROM conversation_attributes
		WHERE workspace = $1 ORDER BY id`, []any{string(ws)}, func(r sqlengine.Row) (*inbox.Attribute, error) {
		return &inbox.Attribute{
			Workspace: ws, ID: r.Int(0), Name: r.Text(1), Type: r.Text(2), AdminID: r.Int(3), CreatedAt: r.Int(4), UpdatedAt: r.Int(5),
		}, nil
	})
}

func (t inboxTx) PutConversationAttribute(a *inbox.Attribute) error {
	return t.Exec(`INSERT INTO conversation_attributes (workspace, id, name, data_type, admin_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace, id) DO UPDATE SET data_type = excluded.data_type, updated_at = excluded.updated_at`,
		[]any{string(a.Workspace), a.ID, a.Name, a.Type, sqlengine.OrNil(a.AdminID), a.CreatedAt, a.UpdatedAt})
}
