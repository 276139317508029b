package sqlstore

import (
	"strconv"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// tagAttachments are joined in [attachments].
var tagAttachments = []string{"person_tags"}

// tagRecords and personTagRecords are joined in [records].
var (
	tagRecords = []record{
		{
			name: "tag", table: "tags", order: "id", number: "tag",
			columns: []recordColumn{numberOf("id").key(), textOf("name").key(), createdAt()},
			derived: []derivedColumn{{"name_key", "name", people.TagKey}},
		},
	}
	personTagRecords = []record{
		{name: "person_tag", table: "person_tags", order: "person_id, tag_id", columns: []recordColumn{
			textOf("person_id").key(), numberOf("tag_id").key(), numberOf("applied_at").orElse((*importedRow).now), numberOf("admin_id"),
		}},
		{name: "company_tag", table: "company_tags", order: "company_id, tag_id", columns: []recordColumn{
			textOf("company_id").key(), numberOf("tag_id").key(), numberOf("applied_at").orElse((*importedRow).now), numberOf("admin_id"),
		}},
	}
)

const selectTag = `SELECT id, name, created_at FROM tags WHERE workspace = $1 `

func readTag(ws workspace.ID) func(sqlengine.Row) (*people.Tag, error) {
	return func(r sqlengine.Row) (*people.Tag, error) {
		return &people.Tag{Workspace: ws, ID: r.Int(0), Name: r.Text(1), CreatedAt: r.Int(2)}, nil
	}
}

// oneTag looks a tag up. A writer locks it, so that it cannot be deleted while it is applied.
func (t *tx) oneTag(where string, ws workspace.ID, key any) (*people.Tag, error) {
	sql := selectTag + where
	if t.lock {
		sql += sqlengine.ForUpdate
	}
	return sqlengine.One(t, sql, []any{string(ws), key}, readTag(ws))
}

func (t *tx) Tag(ws workspace.ID, id int64) (*people.Tag, error) {
	return t.oneTag(`AND id = $2`, ws, id)
}

func (t *tx) TagByName(ws workspace.ID, name string) (*people.Tag, error) {
	return t.oneTag(`AND name_key = $2`, ws, people.TagKey(name))
}

func (t *tx) Tags(ws workspace.ID) ([]*people.Tag, error) {
	return sqlengine.List(t, selectTag+`ORDER BY id`, []any{string(ws)}, readTag(ws))
}

// countTagged counts the people to whom records with a tag lead today, each once.
const countTagged = `SELECT tag_id, count(*), 0, 0 FROM (
		SELECT DISTINCT t.tag_id, o.id FROM person_tags t JOIN people p ON p.workspace = $1 AND p.id = t.person_id
		JOIN people o ON ` + isOwner + ` WHERE t.workspace = $1) AS carriers GROUP BY tag_id
	UNION ALL SELECT tag_id, 0, count(*), 0 FROM company_tags WHERE workspace = $1 GROUP BY tag_id
	UNION ALL SELECT tag_id, 0, 0, count(*) FROM conversation_tags WHERE workspace = $1 GROUP BY tag_id`

// CountTagged implements people.TagCounter.
func (t *tx) CountTagged(ws workspace.ID) (map[int64]people.TagCount, error) {
	counts := map[int64]people.TagCount{}
	return counts, t.Query(countTagged, []any{string(ws)}, func(r sqlengine.Row) error {
		c := counts[r.Int(0)]
		counts[r.Int(0)] = people.TagCount{People: c.People + int(r.Int(1)), Companies: c.Companies + int(r.Int(2)), Conversations: c.Conversations + int(r.Int(3))}
		return nil
	})
}

func (t *tx) PutTag(tag *people.Tag) error {
	return t.Exec(`INSERT INTO tags (workspace, id, name, name_key, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace, id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key`,
		[]any{string(tag.Workspace), tag.ID, tag.Name, people.TagKey(tag.Name), tag.CreatedAt})
}

// Only the inner query uses the index of the persons with a tag.
const (
	deletePersonTags = `DELETE FROM person_tags WHERE workspace = $1 AND tag_id = $2
		AND person_id IN (SELECT person_id FROM person_tags WHERE workspace = $1 AND tag_id = $2)`
	deleteCompanyTags = `DELETE FROM company_tags WHERE workspace = $1 AND tag_id = $2
		AND company_id IN (SELECT company_id FROM company_tags WHERE workspace = $1 AND tag_id = $2)`
	deleteConversationTags = `DELETE FROM conversation_tags WHERE workspace = $1 AND tag_id = $2
		AND conversation_id IN (SELECT conversation_id FROM conversation_tags WHERE workspace = $1 AND tag_id = $2)`
)

func (t *tx) DeleteTag(ws workspace.ID, id int64) error {
	for _, statement := range []string{
		deletePersonTags,
		deleteCompanyTags,
		deleteConversationTags,
		`DELETE FROM tags WHERE workspace = $1 AND id = $2`,
	} {
		if err := t.Exec(statement, []any{string(ws), id}); err != nil {
			return err
		}
	}
	return nil
}

// appliedTag are the columns of an applied tag, from the tables a and g.
const appliedTag = `g.id, g.name, g.created_at, a.applied_at, a.admin_id`

func readAppliedTag(ws workspace.ID, r sqlengine.Row) *people.AppliedTag {
	return &people.AppliedTag{
		Tag:       people.Tag{Workspace: ws, ID: r.Int(0), Name: r.Text(1), CreatedAt: r.Int(2)},
		AppliedAt: r.Int(3), AdminID: r.Int(4),
	}
}

func (t *tx) PersonTags(ws workspace.ID, personIDs []string) (map[string][]*people.AppliedTag, error) {
	args := []any{string(ws)}
	for _, id := range personIDs {
		args = append(args, id)
	}
	all, seen := map[string][]*people.AppliedTag{}, map[string]bool{}
	err := t.Query(personTags(len(personIDs)), args, func(r sqlengine.Row) error {
		tag, owner := readAppliedTag(ws, r), r.Text(5)
		if key := owner + " " + strconv.FormatInt(tag.ID, 10); !seen[key] {
			seen[key] = true
			all[owner] = append(all[owner], tag)
		}
		return nil
	})
	return all, err
}

// personTags is the query for the tags of several persons.
func personTags(persons int) string {
	return `WITH ` + lineageOf(persons) + ` SELECT ` + appliedTag + `, owner FROM lineage
		CROSS JOIN person_tags a CROSS JOIN tags g
		WHERE a.workspace = $1 AND a.person_id = lineage.id AND g.workspace = $1 AND g.id = a.tag_id
		ORDER BY owner, a.applied_at, a.tag_id, a.person_id`
}

func (t *tx) TagPerson(personID string, tag *people.AppliedTag) error {
	return t.Exec(`INSERT INTO person_tags (workspace, person_id, tag_id, applied_at, admin_id) VALUES ($1, $2, $3, $4, $5)`,
		[]any{string(tag.Workspace), personID, tag.ID, tag.AppliedAt, sqlengine.OrNil(tag.AdminID)})
}

func (t *tx) UntagPerson(ws workspace.ID, personID string, tagID int64) error {
	return t.Exec(`DELETE FROM person_tags WHERE workspace = $1 AND tag_id = $3 AND person_id IN `+lineage,
		[]any{string(ws), personID, tagID})
}

func (t *tx) TagCompany(id string, tag *people.AppliedTag) error {
	return t.Exec(`INSERT INTO company_tags (workspace, company_id, tag_id, applied_at, admin_id) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`,
		[]any{string(tag.Workspace), id, tag.ID, tag.AppliedAt, sqlengine.OrNil(tag.AdminID)})
}

func (t *tx) UntagCompany(ws workspace.ID, id string, tagID int64) error {
	return t.Exec(`DELETE FROM company_tags WHERE workspace = $1 AND company_id = $2 AND tag_id = $3`, []any{string(ws), id, tagID})
}
