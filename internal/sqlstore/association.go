package sqlstore

import (
	"strconv"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// linked selects what is attached to the records in the table "lineage". What is attached to two records of a person
// counts once. SQLite joins the tables of a CROSS JOIN in their order; otherwise it would begin with all attachments
// of a workspace.
const linked = `
	SELECT owner, 'tag' AS kind, CAST(tag_id AS TEXT) AS item, min(applied_at) AS at, tag_id AS number
		FROM lineage CROSS JOIN person_tags t WHERE t.workspace = $1 AND t.person_id = lineage.id GROUP BY owner, tag_id
	UNION ALL
	SELECT owner, 'company', company_id, min(created_at), 0
		FROM lineage CROSS JOIN person_companies c WHERE c.workspace = $1 AND c.person_id = lineage.id GROUP BY owner, company_id
	UNION ALL
	SELECT owner, consent, CAST(type_id AS TEXT), min(created_at), type_id
		FROM lineage CROSS JOIN person_subscriptions s WHERE s.workspace = $1 AND s.person_id = lineage.id GROUP BY owner, consent, type_id
	UNION ALL
	SELECT owner, 'note', CAST(n.id AS TEXT), -n.id, n.id
		FROM lineage CROSS JOIN notes n WHERE n.workspace = $1 AND n.person_id = lineage.id`

func (t *tx) Associations(ws workspace.ID, personIDs []string) (map[string]*people.Associations, error) {
	args := []any{string(ws)}
	for _, id := range personIDs {
		args = append(args, id)
	}
	all := make(map[string]*people.Associations, len(personIDs))
	err := t.Query(linksOf(len(personIDs)), args, func(r sqlengine.Row) error {
		links := all[r.Text(0)]
		if links == nil {
			links = new(people.Associations)
			all[r.Text(0)] = links
		}
		list := map[string]*people.FirstIDs{
			"tag": &links.Tags, "note": &links.Notes, "company": &links.Companies,
			string(people.OptOut): &links.OptedOut, string(people.OptIn): &links.OptedIn,
		}[r.Text(1)]
		list.First, list.Total = append(list.First, r.Text(2)), int(r.Int(3))
		return nil
	})
	return all, err
}

// linksOf is the query for what is attached to several persons.
func linksOf(persons int) string {
	return `WITH ` + lineageOf(persons) + `, items AS (` + linked + `
	), ranked AS (
		SELECT owner, kind, item, row_number() OVER (PARTITION BY owner, kind ORDER BY at, number, item) AS rank,
			count(*) OVER (PARTITION BY owner, kind) AS total
		FROM items
	) SELECT owner, kind, item, total FROM ranked WHERE rank <= ` + strconv.Itoa(people.MaxFirstIDs) + ` ORDER BY owner, kind, rank`
}
