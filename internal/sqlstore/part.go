package sqlstore

import (
	"encoding/json"
	"fmt"
	"slices"

	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// partRecords are joined in [records].
var partRecords = []record{
	{name: "conversation_part", table: "conversation_parts", order: "id", number: "part", columns: []recordColumn{
		numberOf("id").key(), numberOf("conversation_id").key(), textOf("part_type").key(), textOf("contact_id"), numberOf("admin_id"),
		textOf("body"), textOf("state").key().among(string(inbox.Open), string(inbox.Closed), string(inbox.Snoozed)), textOf("assigned_to"),
		numberOf("assignee_id"), jsonOf("details", readDetails), flagOf("has_files"), flagOf("redacted"), createdAt(), updatedAt(),
	}},
	{name: "conversation_admin", table: "conversation_admins", order: "conversation_id, admin_id", columns: []recordColumn{
		numberOf("conversation_id").key(), numberOf("admin_id").key(),
	}},
}

const selectPart = `SELECT id, conversation_id, part_type, contact_id, admin_id, body, state, assigned_to, assignee_id, details, redacted,
	created_at, updated_at, has_files FROM conversation_parts WHERE workspace = $1 `

func readPart(ws workspace.ID) func(sqlengine.Row) (*inbox.Part, error) {
	return func(r sqlengine.Row) (*inbox.Part, error) {
		p := &inbox.Part{
			Workspace: ws, ID: r.Int(0), ConversationID: r.Int(1), Type: inbox.PartType(r.Text(2)),
			Author: inbox.Author{ContactID: r.Text(3), AdminID: r.Int(4)}, Body: r.Text(5), State: inbox.State(r.Text(6)),
			Assigned: inbox.Assignee{Kind: inbox.AssigneeKind(r.Text(7)), ID: r.Int(8)},
			Redacted: r.Bool(10), CreatedAt: r.Int(11), UpdatedAt: r.Int(12), HasFiles: r.Bool(13),
		}
		var err error
		if p.Details, err = readDetails(r.Text(9)); err != nil {
			return nil, fmt.Errorf("details of part %d: %w", p.ID, err)
		}
		return p, nil
	}
}

// readDetails reads the details of a part from a JSON object, or from "" for none.
func readDetails(text string) (inbox.Details, error) {
	var stored details
	if text != "" {
		if err := json.Unmarshal([]byte(text), &stored); err != nil {
			return inbox.Details{}, err
		}
	}
	return stored.details(), nil
}

// details is inbox.Details with the names under which it is stored.
type details struct {
	Attribute string         `json:"attribute,omitempty"`
	Value     string         `json:"value,omitempty"`
	Options   []quickReply   `json:"options,omitempty"`
	Chosen    string         `json:"chosen,omitempty"`
	Until     int64          `json:"until,omitempty"`
	Priority  inbox.Priority `json:"priority,omitempty"`
	Before    inbox.Priority `json:"before,omitempty"`
}

type quickReply struct {
	Text string `json:"text"`
	UUID string `json:"uuid"`
}

func (d details) details() inbox.Details {
	out := inbox.Details{Attribute: d.Attribute, Value: d.Value, Chosen: d.Chosen, Until: d.Until, Priority: d.Priority, Before: d.Before}
	for _, o := range d.Options {
		out.Options = append(out.Options, inbox.QuickReply(o))
	}
	return out
}

// writeDetails returns the details of a part as a JSON object, "" for none.
func writeDetails(d inbox.Details) (string, error) {
	stored := details{Attribute: d.Attribute, Value: d.Value, Chosen: d.Chosen, Until: d.Until, Priority: d.Priority, Before: d.Before}
	for _, o := range d.Options {
		stored.Options = append(stored.Options, quickReply(o))
	}
	text, err := json.Marshal(stored)
	if string(text) == "{}" {
		return "", err
	}
	return string(text), err
}

func (t inboxTx) Parts(ws workspace.ID, conversationID int64, limit int) ([]*inbox.Part, error) {
	all, err := sqlengine.List(t, selectPart+`AND conversation_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3`,
		[]any{string(ws), conversationID, int64(limit)}, readPart(ws))
	slices.Reverse(all)
	return all, err
}

func (t inboxTx) Part(ws workspace.ID, id int64) (*inbox.Part, error) {
	return sqlengine.One(t, selectPart+`AND id = $2`, []any{string(ws), id}, readPart(ws))
}

func (t inboxTx) PartsByID(ws workspace.ID, ids []int64) (map[int64]*inbox.Part, error) {
	all := map[int64]*inbox.Part{}
	if len(ids) == 0 {
		return all, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	found, err := sqlengine.List(t, selectPart+`AND id `+in, args, readPart(ws))
	for _, p := range found {
		all[p.ID] = p
	}
	return all, err
}

func (t inboxTx) LastParts(ws workspace.ID, ids []int64, types []inbox.PartType) (map[int64]*inbox.Part, error) {
	all := map[int64]*inbox.Part{}
	if len(ids) == 0 || len(types) == 0 {
		return all, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	among := marks(len(args)+1, len(types))
	for _, t := range types {
		args = append(args, string(t))
	}
	found, err := sqlengine.List(t, selectPart+`AND id IN (SELECT (SELECT l.id FROM conversation_parts l
			WHERE l.workspace = $1 AND l.conversation_id = c.id AND l.body IS NOT NULL AND l.part_type IN (`+among+`)
			ORDER BY l.created_at DESC, l.id DESC LIMIT 1)
		FROM conversations c WHERE c.workspace = $1 AND c.id `+in+`)`, args, readPart(ws))
	for _, p := range found {
		all[p.ConversationID] = p
	}
	return all, err
}

func (t inboxTx) AdminsOf(ws workspace.ID, ids []int64) (map[int64][]int64, error) {
	return grouped(t, `SELECT conversation_id, admin_id FROM conversation_admins WHERE workspace = $1 AND conversation_id `,
		` ORDER BY conversation_id, admin_id`, ws, ids, func(r sqlengine.Row) int64 { return r.Int(1) })
}

func (t inboxTx) InsertPart(p *inbox.Part) error {
	text, err := writeDetails(p.Details)
	if err != nil {
		return err
	}
	err = t.Exec(`INSERT INTO conversation_parts (workspace, id, conversation_id, part_type, contact_id, admin_id, body, state, assigned_to,
		assignee_id, details, redacted, created_at, updated_at, has_files) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, []any{
		string(p.Workspace), p.ID, p.ConversationID, string(p.Type), sqlengine.OrNil(p.ContactID), sqlengine.OrNil(p.AdminID),
		sqlengine.OrNil(p.Body), string(p.State), sqlengine.OrNil(string(p.Assigned.Kind)), sqlengine.OrNil(p.Assigned.ID), sqlengine.OrNil(text),
		sqlengine.OrNil(p.Redacted), p.CreatedAt, p.UpdatedAt, sqlengine.OrNil(p.HasFiles),
	})
	if err != nil || p.AdminID == 0 {
		return err
	}
	return t.Exec(`INSERT INTO conversation_admins (workspace, conversation_id, admin_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		[]any{string(p.Workspace), p.ConversationID, p.AdminID})
}

// filesOfPart are the files of one part.
const filesOfPart = `(SELECT id FROM attachments WHERE workspace = $1 AND part_id = $2)`

func (t inboxTx) RedactPart(ws workspace.ID, id int64, body string, at int64) error {
	if err := t.deleteFiles(filesOfPart, string(ws), id); err != nil {
		return err
	}
	return t.Exec(`UPDATE conversation_parts SET body = $3, redacted = $4, updated_at = $5 WHERE workspace = $1 AND id = $2`,
		[]any{string(ws), id, body, true, at})
}
