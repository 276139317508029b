package sqlstore

import (
	"strconv"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// distinctionRecords are joined in [records].
var distinctionRecords = []record{
	{name: "distinction", table: "distinctions", order: "person_id, other_id", columns: []recordColumn{
		textOf("person_id").key(), textOf("other_id").key(), numberOf("admin_id"), createdAt(),
	}},
}

// distinctionAttachments are joined in [attachments]. What names a person second is deleted by [deleteDistinctions].
var distinctionAttachments = []string{"distinctions"}

const deleteDistinctions = `DELETE FROM distinctions WHERE workspace = $1 AND other_id IN ` + lineage

// lends is the condition of a record p whose address and number count: a contact that is live or absorbed. A visitor's are
// what a page claims.
const lends = `p.workspace = $1 AND p.role <> 'visitor' AND (p.state IS NULL OR p.state = 'merged')`

// isOwner is the condition of the live person o to whom a record p leads.
const isOwner = `o.workspace = $1 AND o.id = coalesce(p.merged_into, p.id) AND o.state IS NULL`

// sharedBy selects the values of a column, each with the people whose records have it: values that pass the condition of among,
// or without one, those that a record has again. It reads nothing but indexes. SQLite keeps the order of a CROSS JOIN: first
// the values, which are few.
func sharedBy(column, mark, among string, maxRecords int) string {
	values := `SELECT DISTINCT p.` + column + ` AS value FROM people p WHERE p.workspace = $1` + among
	if among == "" {
		values = `SELECT p.` + column + ` AS value FROM people p WHERE p.workspace = $1 AND p.` + mark + ` IS NOT NULL AND p.role <> 'visitor'
			GROUP BY p.` + column + ` HAVING count(CASE WHEN p.state IS NULL THEN 1 END) <= ` + strconv.Itoa(maxRecords)
	}
	return `SELECT s.value, coalesce(p.merged_into, p.id) FROM (` + values + `) s CROSS JOIN people p
		WHERE p.` + column + ` = s.value AND ` + lends + ` AND (p.merged_into IS NULL OR EXISTS (
			SELECT 1 FROM people o WHERE o.workspace = $1 AND o.id = p.merged_into AND o.state IS NULL))`
}

// borrowed selects the external ids that are another person's anonymous id, with both people. p is the record with the external
// id, q that of the browser. The first conditions are those of an index.
func borrowed(among string) string {
	return `SELECT p.external_id, o.id, h.id FROM people p
		JOIN people q ON q.workspace = $1 AND q.anonymous_id = p.external_id AND (q.state IS NULL OR q.state = 'merged')
		JOIN people o ON ` + isOwner + `
		JOIN people h ON h.workspace = $1 AND h.id = coalesce(q.merged_into, q.id) AND h.state IS NULL AND h.id <> o.id
		WHERE p.workspace = $1 AND length(p.external_id) = 36 AND substr(p.external_id, 15, 1) = '4'
			AND (p.anonymous_id IS NULL OR p.anonymous_id <> p.external_id) AND (p.state IS NULL OR p.state = 'merged')` + among
}

// EachShared implements duplicate.Reader.
func (t *tx) EachShared(ws workspace.ID, maxRecords int, ids []string, fn func(field, value, personID string)) error {
	args, in := []any{string(ws)}, ""
	if len(ids) > 0 {
		in, args = inIDs(args, ids)
	}
	among := func(column, of string) string {
		if in == "" {
			return ""
		}
		return ` AND p.` + column + ` IN (
			SELECT ` + of + ` FROM people WHERE workspace = $1 AND id ` + in + ` UNION ALL SELECT ` + of + ` FROM people WHERE workspace = $1 AND merged_into ` + in + `)`
	}
	for _, by := range []struct{ field, column, mark string }{{"email", "email_key", "email_again"}, {"phone", "phone_e164", "phone_again"}} {
		err := t.Query(sharedBy(by.column, by.mark, among(by.column, by.column), maxRecords), args, func(r sqlengine.Row) error {
			fn(by.field, r.Text(0), r.Text(1))
			return nil
		})
		if err != nil {
			return err
		}
	}
	sides := []string{""}
	if in != "" {
		sides = []string{among("id", "id"), among("external_id", "anonymous_id")}
	}
	for _, side := range sides {
		err := t.Query(borrowed(side), args, func(r sqlengine.Row) error {
			fn("external_id", r.Text(0), r.Text(1))
			fn("external_id", r.Text(0), r.Text(2))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// PeopleByIDs implements duplicate.Reader.
func (t *tx) PeopleByIDs(ws workspace.ID, ids []string) ([]*people.Person, error) {
	return t.peopleByID(ws, ids)
}

// eachDistinction selects the pairs with the people to whom their records lead.
const eachDistinction = `SELECT d.person_id, d.other_id, coalesce(p.merged_into, p.id), coalesce(q.merged_into, q.id), d.admin_id, d.created_at
	FROM distinctions d
	JOIN people p ON p.workspace = d.workspace AND p.id = d.person_id JOIN people q ON q.workspace = d.workspace AND q.id = d.other_id
	WHERE d.workspace = $1`

// EachDistinction implements duplicate.Reader.
func (t *tx) EachDistinction(ws workspace.ID, ids []string, fn func(records, people [2]string, adminID, at int64)) error {
	args, sql := []any{string(ws)}, eachDistinction
	if len(ids) > 0 {
		var in string
		in, args = inIDs(args, ids)
		life := ` IN (SELECT id FROM people WHERE workspace = $1 AND id ` + in + ` UNION ALL SELECT id FROM people WHERE workspace = $1 AND merged_into ` + in + `)`
		sql += ` AND (d.person_id` + life + ` OR d.other_id` + life + `)`
	}
	return t.Query(sql+` ORDER BY d.person_id, d.other_id`, args, func(r sqlengine.Row) error {
		fn([2]string{r.Text(0), r.Text(1)}, [2]string{r.Text(2), r.Text(3)}, r.Int(4), r.Int(5))
		return nil
	})
}

// PutDistinction implements duplicate.Writer.
func (t *tx) PutDistinction(ws workspace.ID, personID, otherID string, adminID, at int64) error {
	return t.Exec(`INSERT INTO distinctions (workspace, person_id, other_id, admin_id, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace, person_id, other_id) DO NOTHING`, []any{string(ws), personID, otherID, sqlengine.OrNil(adminID), at})
}

// DeleteDistinction implements duplicate.Writer.
func (t *tx) DeleteDistinction(ws workspace.ID, personID, otherID string) error {
	return t.Exec(`DELETE FROM distinctions WHERE workspace = $1 AND person_id = $2 AND other_id = $3`, []any{string(ws), personID, otherID})
}
