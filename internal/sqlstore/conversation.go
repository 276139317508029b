package sqlstore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

const conversationTable = "conversations"

// conversationRecords are joined in [records].
var conversationRecords = []record{
	{name: "conversation", table: conversationTable, order: "id", number: "conversation", columns: slices.Concat(
		[]recordColumn{
			numberOf("id").key(), numberOf("message_id").key(),
			textOf("state").key().among(string(inbox.Open), string(inbox.Closed), string(inbox.Snoozed)),
		},
		fieldColumns(inbox.ConversationFields, "id", "message_id", "state"),
	)},
	{name: "deleted_conversation", table: "deleted_conversations", order: "id", columns: []recordColumn{
		numberOf("id").key(), numberOf("deleted_at").orElse((*importedRow).now), flagOf("retained"),
	}},
}

// conversationColumns are the columns of inbox.ConversationFields.
var conversationColumns = func() string {
	names := make([]string, 0, len(inbox.ConversationFields))
	for _, f := range inbox.ConversationFields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}()

var selectConversation = "SELECT " + conversationColumns + " FROM conversations c WHERE workspace = $1 "

func readConversation(ws workspace.ID) func(sqlengine.Row) (*inbox.Conversation, error) {
	return func(r sqlengine.Row) (*inbox.Conversation, error) {
		c := &inbox.Conversation{Workspace: ws}
		for i := range inbox.ConversationFields {
			if err := readColumn(r, i, &inbox.ConversationFields[i], c); err != nil {
				return nil, fmt.Errorf("%s of conversation %d: %w", inbox.ConversationFields[i].Name, c.ID, err)
			}
		}
		return c, nil
	}
}

// conversations returns the reader of rows of conversations, which refuses them as long as their statistics are missing.
func (t inboxTx) conversations(ws workspace.ID) func(sqlengine.Row) (*inbox.Conversation, error) {
	if t.left[statisticsLeft] {
		return func(sqlengine.Row) (*inbox.Conversation, error) { return nil, errUpgrading }
	}
	return readConversation(ws)
}

func (t inboxTx) Conversation(ws workspace.ID, id int64) (*inbox.Conversation, error) {
	sql := selectConversation + "AND id = $2"
	if t.lock {
		sql += sqlengine.ForUpdate
	}
	return sqlengine.One(t, sql, []any{string(ws), id}, t.conversations(ws))
}

// QueuedConversations has an index for a state, and for what somebody has in a state.
func (t inboxTx) QueuedConversations(ws workspace.ID, queue inbox.Queue, below inbox.Position, limit int) ([]*inbox.Conversation, error) {
	sql, args := selectConversation+"AND state = $3 ", []any{string(ws), int64(limit), string(queue.State)}
	where := func(column string, value any) {
		args = append(args, value)
		sql += "AND " + column + " = $" + strconv.Itoa(len(args)) + " "
	}
	switch {
	case queue.Unassigned:
		sql += "AND admin_assignee_id IS NULL AND team_assignee_id IS NULL "
	case queue.Assignee.Kind == inbox.AdminAssignee:
		where("admin_assignee_id", queue.Assignee.ID)
	case queue.Assignee.Kind == inbox.TeamAssignee:
		where("team_assignee_id", queue.Assignee.ID)
	}
	if (below != inbox.Position{}) {
		args = append(args, below.UpdatedAt, below.ID)
		sql += "AND (updated_at, id) < ($" + strconv.Itoa(len(args)-1) + ", $" + strconv.Itoa(len(args)) + ") "
	}
	return sqlengine.List(t, sql+"ORDER BY updated_at DESC, id DESC LIMIT $2", args, t.conversations(ws))
}

// conversationsOf selects from what the persons of a lineage take part in.
const conversationsOf = ` FROM ` + lineage + ` AS life CROSS JOIN conversation_participants p
	WHERE p.workspace = $1 AND p.person_id = life.id`

func (t inboxTx) ConversationsOf(ws workspace.ID, personID string) ([]int64, error) {
	return sqlengine.List(t, `SELECT DISTINCT p.conversation_id`+conversationsOf+` ORDER BY 1`, []any{string(ws), personID}, firstNumber)
}

func (t inboxTx) ConversationsWrittenBy(ws workspace.ID, personID string) ([]int64, error) {
	return sqlengine.List(t, `SELECT p.conversation_id FROM `+lineage+` AS life CROSS JOIN conversation_parts p
			WHERE p.workspace = $1 AND p.contact_id = life.id
		UNION SELECT c.id FROM `+lineage+` AS life CROSS JOIN messages m CROSS JOIN conversations c
			WHERE m.workspace = $1 AND m.contact_id = life.id AND c.workspace = $1 AND c.message_id = m.id
		ORDER BY 1`, []any{string(ws), personID}, firstNumber)
}

func firstNumber(r sqlengine.Row) (int64, error) { return r.Int(0), nil }

func (t inboxTx) LastConversation(ws workspace.ID, personID string) (last inbox.Position, err error) {
	err = t.Query(lastWith, []any{string(ws), personID}, func(r sqlengine.Row) error {
		last = inbox.Position{UpdatedAt: r.Int(0), ID: r.Int(1)}
		return nil
	})
	return last, err
}

// withPerson is the condition of the conversations in which a person of a lineage takes part.
const withPerson = `id IN (SELECT p.conversation_id` + conversationsOf + `)`

// latestFirst is an order that no index has, so that SQLite does not read all conversations of the workspace in order.
const latestFirst = ` ORDER BY -updated_at, -id`

// The conversations with a person, the latest update first: where the first of them is, and some.
var (
	lastWith = `SELECT c.updated_at, c.id FROM ` + lineage + ` AS life CROSS JOIN conversation_participants p CROSS JOIN conversations c
		WHERE p.workspace = $1 AND p.person_id = life.id AND c.workspace = $1 AND c.id = p.conversation_id ORDER BY -c.updated_at, -c.id LIMIT 1`
	latestWith = `SELECT ` + conversationColumns + ` FROM conversations WHERE workspace = $1 AND ` + withPerson + latestFirst + ` LIMIT $3`
)

func (t inboxTx) ConversationsWith(ws workspace.ID, personID string, limit int) ([]*inbox.Conversation, error) {
	return sqlengine.List(t, latestWith, []any{string(ws), personID, int64(limit)}, t.conversations(ws))
}

func (t inboxTx) CountUnread(ws workspace.ID, personID string) (int, error) {
	n, err := sqlengine.Number(t, "SELECT (SELECT count(*) FROM conversations WHERE workspace = $1 AND is_read IS NULL AND "+withPerson+")"+
		" + (SELECT count(*) FROM ("+unreadMessages+") AS messages)", []any{string(ws), personID})
	return int(n), err
}

func (t inboxTx) DueSnoozes(now int64, limit int) ([]inbox.Address, error) {
	return sqlengine.List(t, `SELECT workspace, id FROM conversations WHERE snoozed_until <= $1 ORDER BY snoozed_until, workspace, id LIMIT $2`,
		[]any{now, int64(limit)}, func(r sqlengine.Row) (inbox.Address, error) {
			return inbox.Address{Workspace: workspace.ID(r.Text(0)), ID: r.Int(1)}, nil
		})
}

// updateTime is the kind of number that is the time of the last update of a conversation, partNumber that of parts.
const updateTime, partNumber = "conversation update", "part"

// AdvanceConversations always takes both rows in the same order, so that two writes never wait for each other.
func (t inboxTx) AdvanceConversations(ws workspace.ID, now int64, parts int) (firstPart, at int64, err error) {
	err = t.Query(`INSERT INTO numbers (workspace, kind, last) VALUES ($1, $2, $3), ($1, $4, $5) ON CONFLICT (workspace, kind)
		DO UPDATE SET last = CASE WHEN numbers.kind = $4 THEN numbers.last + excluded.last
			WHEN numbers.last > excluded.last THEN numbers.last ELSE excluded.last END RETURNING kind, last`,
		[]any{string(ws), updateTime, now, partNumber, int64(parts)}, func(r sqlengine.Row) error {
			if r.Text(0) == partNumber {
				firstPart = r.Int(1) - int64(parts) + 1
			} else {
				at = r.Int(1)
			}
			return nil
		})
	return firstPart, at, err
}

var insertConversation = "INSERT INTO conversations (" + conversationColumns + ", workspace) VALUES (" + marks(1, len(inbox.ConversationFields)+1) + ")"

func (t inboxTx) InsertConversation(c *inbox.Conversation) error {
	args := make([]any, 0, len(inbox.ConversationFields)+1)
	for i := range inbox.ConversationFields {
		args = append(args, column(&inbox.ConversationFields[i], c))
	}
	t.reindexConversation(nil, c)
	return t.Exec(insertConversation, append(args, string(c.Workspace)))
}

func (t inboxTx) UpdateConversation(before, after *inbox.Conversation) error {
	var set []string
	args := []any{string(before.Workspace), before.ID}
	for i := range inbox.ConversationFields {
		if f := &inbox.ConversationFields[i]; !f.Equal(before, after) {
			args = append(args, column(f, after))
			set = append(set, f.Name+" = $"+strconv.Itoa(len(args)))
		}
	}
	if len(set) == 0 {
		return nil
	}
	t.reindexConversation(before, after)
	return t.Exec("UPDATE conversations SET "+strings.Join(set, ", ")+" WHERE workspace = $1 AND id = $2", args)
}

// The files of a conversation's parts and of its message, and the tables of what else it has.
const (
	filesOfParts = `(SELECT a.id FROM conversation_parts p CROSS JOIN attachments a
		WHERE p.workspace = $1 AND p.conversation_id = $2 AND a.workspace = $1 AND a.part_id = p.id)`
	filesOfMessage = `(SELECT id FROM attachments WHERE workspace = $1 AND message_id = $2)`
)

var conversationTables = []string{
	"conversation_parts", "conversation_participants", "conversation_admins", "conversation_tags", "message_recipients",
}

func (t inboxTx) DeleteConversation(c *inbox.Conversation, d inbox.Deleted) error {
	ws := string(c.Workspace)
	if err := t.deleteFiles(filesOfParts, ws, c.ID); err != nil {
		return err
	}
	for _, table := range conversationTables {
		if err := t.Exec("DELETE FROM "+table+" WHERE workspace = $1 AND conversation_id = $2", []any{ws, c.ID}); err != nil {
			return err
		}
	}
	t.reindexConversation(c, nil)
	if err := t.Exec(`DELETE FROM conversations WHERE workspace = $1 AND id = $2`, []any{ws, c.ID}); err != nil {
		return err
	}
	if err := t.dropMessage(c.Workspace, c.MessageID); err != nil {
		return err
	}
	return t.Exec(`INSERT INTO deleted_conversations (workspace, id, deleted_at, retained) VALUES ($1, $2, $3, $4)`,
		[]any{ws, d.ID, d.DeletedAt, sqlengine.OrNil(d.Retained)})
}

func (t inboxTx) WasDeleted(ws workspace.ID, id int64) (bool, error) {
	n, err := sqlengine.Number(t, `SELECT count(*) FROM deleted_conversations WHERE workspace = $1 AND id = $2`, []any{string(ws), id})
	return n > 0, err
}

func (t inboxTx) DeletedConversations(ws workspace.ID, newestFirst bool, page workspace.Page) (all []inbox.Deleted, total int, err error) {
	count, err := sqlengine.Number(t, `SELECT count(*) FROM deleted_conversations WHERE workspace = $1`, []any{string(ws)})
	if err != nil {
		return nil, 0, err
	}
	order := "deleted_at, id"
	if newestFirst {
		order = "deleted_at DESC, id DESC"
	}
	all, err = sqlengine.List(t, `SELECT id, deleted_at, retained FROM deleted_conversations WHERE workspace = $1 ORDER BY `+order+` LIMIT $2 OFFSET $3`,
		[]any{string(ws), int64(page.Size), page.Offset()}, func(r sqlengine.Row) (inbox.Deleted, error) {
			return inbox.Deleted{ID: r.Int(0), DeletedAt: r.Int(1), Retained: r.Bool(2)}, nil
		})
	return all, int(count), err
}
