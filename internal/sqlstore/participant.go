package sqlstore

import (
	"lobby/internal/inbox"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// participantAttachments are joined in [attachments].
var participantAttachments = []string{"conversation_participants"}

// participantRecords are joined in [records].
var participantRecords = []record{
	{
		name: "conversation_participant", table: "conversation_participants", order: "conversation_id, person_id",
		columns: []recordColumn{numberOf("conversation_id").key(), textOf("person_id").key(), createdAt()},
	},
}

// contactColumns are the columns of an inbox.Contact, of a person o.
const contactColumns = `o.id, o.role, o.external_id, o.name, o.email`

// readContact reads contactColumns after one other column.
func readContact(r sqlengine.Row) *inbox.Contact {
	return &inbox.Contact{ID: r.Text(1), Role: r.Text(2), ExternalID: r.Text(3), Name: r.Text(4), Email: r.Text(5)}
}

func (t inboxTx) Participants(ws workspace.ID, ids []int64) (map[int64][]*inbox.Contact, error) {
	all, err := grouped(t, `SELECT a.conversation_id, `+contactColumns+` FROM conversation_participants a
		JOIN people p ON p.workspace = $1 AND p.id = a.person_id
		JOIN people o ON o.workspace = $1 AND o.id = coalesce(p.merged_into, p.id)
		WHERE a.workspace = $1 AND a.conversation_id `, ` ORDER BY a.conversation_id, a.created_at, a.person_id`, ws, ids, readContact)
	if err != nil {
		return nil, err
	}
	for id, contacts := range all {
		all[id] = eachOnce(contacts)
	}
	return all, nil
}

// eachOnce returns contacts without repetitions: several records of a person may take part.
func eachOnce(all []*inbox.Contact) (once []*inbox.Contact) {
	known := map[string]bool{}
	for _, c := range all {
		if !known[c.ID] {
			known[c.ID] = true
			once = append(once, c)
		}
	}
	return once
}

func (t inboxTx) ContactsByID(ws workspace.ID, ids []string) (map[string]*inbox.Contact, error) {
	all := map[string]*inbox.Contact{}
	if len(ids) == 0 {
		return all, nil
	}
	in, args := inIDs([]any{string(ws)}, ids)
	err := t.Query(`SELECT p.id, `+contactColumns+` FROM people p
		JOIN people o ON o.workspace = $1 AND o.id = coalesce(p.merged_into, p.id) WHERE p.workspace = $1 AND p.id `+in, args,
		func(r sqlengine.Row) error {
			all[r.Text(0)] = readContact(r)
			return nil
		})
	return all, err
}

func (t inboxTx) InsertParticipant(ws workspace.ID, conversationID int64, contactID string, at int64) error {
	return t.Exec(`INSERT INTO conversation_participants (workspace, conversation_id, person_id, created_at) VALUES ($1, $2, $3, $4)`,
		[]any{string(ws), conversationID, contactID, at})
}

func (t inboxTx) DeleteParticipant(ws workspace.ID, conversationID int64, contactID string) error {
	return t.Exec(`DELETE FROM conversation_participants WHERE workspace = $1 AND conversation_id = $3 AND person_id IN `+lineage,
		[]any{string(ws), contactID, conversationID})
}

// The files of what a person wrote.
const (
	filesOfWordsInParts = `(SELECT a.id FROM ` + lineage + ` AS life CROSS JOIN conversation_parts p CROSS JOIN attachments a
		WHERE p.workspace = $1 AND p.contact_id = life.id AND a.workspace = $1 AND a.part_id = p.id)`
	filesOfWordsInMessages = `(SELECT a.id FROM ` + lineage + ` AS life CROSS JOIN messages m CROSS JOIN attachments a
		WHERE m.workspace = $1 AND m.contact_id = life.id AND a.workspace = $1 AND a.message_id = m.id)`
)

func (t inboxTx) RedactWordsOf(ws workspace.ID, personID, body string, at int64) error {
	for _, files := range []string{filesOfWordsInParts, filesOfWordsInMessages} {
		if err := t.deleteFiles(files, string(ws), personID); err != nil {
			return err
		}
	}
	err := t.Exec(`UPDATE messages SET body = $3, redacted = $4, subject = NULL, url = NULL WHERE workspace = $1 AND contact_id IN `+lineage,
		[]any{string(ws), personID, body, true})
	if err != nil {
		return err
	}
	return t.Exec(`UPDATE conversation_parts SET body = CASE WHEN body IS NULL THEN NULL ELSE $3 END, details = NULL, redacted = $4, updated_at = $5
		WHERE workspace = $1 AND contact_id IN `+lineage, []any{string(ws), personID, body, true, at})
}

// deleteFiles deletes the files that an inner query selects, by its arguments $1 and $2.
func (t *tx) deleteFiles(files, ws string, key any) error {
	for _, table := range []string{"uploads", "attachments"} {
		if err := t.Exec(`DELETE FROM `+table+` WHERE workspace = $1 AND id IN `+files, []any{ws, key}); err != nil {
			return err
		}
	}
	return nil
}
