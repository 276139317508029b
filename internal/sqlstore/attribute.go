package sqlstore

import (
	"encoding/json"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// attributeRecords are joined in [records].
var attributeRecords = []record{
	{name: "attribute", table: attributeTable, order: "name", columns: []recordColumn{
		textOf("name").key(), numberOf("id").key(), textOf("model").key(), textOf("description"), textOf("type").key(),
		jsonOf("options", readTexts), flagOf("archived"), flagOf("messenger_writable"), numberOf("admin_id"), createdAt(), updatedAt(),
	}},
}

const attributeTable = "attributes"

func readAttribute(ws workspace.ID) func(sqlengine.Row) (*people.Attribute, error) {
	return func(r sqlengine.Row) (*people.Attribute, error) {
		options, err := readTexts(r.Text(5))
		return &people.Attribute{
			Workspace: ws, Name: r.Text(0), ID: r.Int(1), Model: people.AttributeModel(r.Text(2)), Description: r.Text(3),
			Type: people.AttributeType(r.Text(4)), Options: options, Archived: r.Bool(6), MessengerWritable: r.Bool(7),
			AdminID: r.Int(8), CreatedAt: r.Int(9), UpdatedAt: r.Int(10),
		}, err
	}
}

func (t *tx) DefineAttribute(a *people.Attribute) error {
	options, err := writeTexts(a.Options)
	if err != nil {
		return err
	}
	err = t.Exec(`INSERT INTO attributes (workspace, name, id, model, description, type, options, archived, messenger_writable, admin_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (workspace, name) DO UPDATE SET description = excluded.description, type = excluded.type, options = excluded.options,
			archived = excluded.archived, messenger_writable = excluded.messenger_writable, updated_at = excluded.updated_at`,
		[]any{
			string(a.Workspace), a.Name, a.ID, string(a.Model), sqlengine.OrNil(a.Description), string(a.Type), sqlengine.OrNil(options),
			sqlengine.OrNil(a.Archived), sqlengine.OrNil(a.MessengerWritable), sqlengine.OrNil(a.AdminID), a.CreatedAt, a.UpdatedAt,
		})
	if err != nil {
		return err
	}
	return t.changeDefinitions(a.Workspace)
}

// writeTexts returns texts as a JSON list, or "" for none.
func writeTexts(all []string) (string, error) {
	if len(all) == 0 {
		return "", nil
	}
	text, err := json.Marshal(all)
	return string(text), err
}

func readTexts(text string) (all []string, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &all)
	}
	return all, err
}
