package sqlstore

import (
	"encoding/json"
	"strings"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// changeRecords are joined in [records].
var changeRecords = []record{
	{name: "change", table: "changes", order: "id", columns: []recordColumn{
		textOf("id").key(), textOf("kind").key(), textOf("from_role").key(), textOf("to_role").key(), textOf("subject_id").key(), textOf("survivor_id"),
		textOf("actor_kind"), textOf("actor_id"), textOf("request_id"), createdAt(), textOf("undoes"), textOf("forwarded"), standsColumn,
		jsonOf("outcomes", readOutcomes), jsonOf("subject", readAnyImage).key(), jsonOf("survivor", readAnyImage), jsonOf("result", readAnyImage).key(),
	}},
}

// standsColumn is true unless the change is undone, or undoes another.
var standsColumn = recordColumn{name: "stands", kind: flagKind, shown: true, fallback: func(r *importedRow) any {
	return sqlengine.OrNil(r.value("undoes") == nil)
}}

func readAnyImage(text string) (*people.Person, error) { return readImage("", blank, text) }

const changeColumns = `id, kind, from_role, to_role, subject_id, survivor_id, actor_kind, actor_id, request_id, created_at,
	undoes, forwarded, stands, outcomes, subject, survivor, result`

var insertChange = `INSERT INTO changes (` + changeColumns + `, workspace) VALUES (` + marks(1, 18) + `)`

func (t *tx) InsertChange(c *people.Change) error {
	survivorID := c.SurvivorID
	if survivorID == c.SubjectID {
		survivorID = ""
	}
	return t.Exec(insertChange, []any{
		c.ID, string(c.Kind), string(c.From), string(c.To), c.SubjectID, sqlengine.OrNil(survivorID),
		sqlengine.OrNil(c.Actor.Kind), sqlengine.OrNil(c.Actor.ID), sqlengine.OrNil(c.RequestID), c.CreatedAt,
		sqlengine.OrNil(c.Undoes), sqlengine.OrNil(strings.Join(c.Forwarded, " ")), sqlengine.OrNil(c.Undoes == "" && !c.Undone),
		sqlengine.OrNil(writeOutcomes(c.Outcomes)),
		writeImage(blank, c.Subject), sqlengine.OrNil(writeImage(blank, c.Survivor)), writeImage(resultBase(c), c.Result),
		string(c.Workspace),
	})
}

func (t *tx) MarkUndone(ws workspace.ID, id string, undone bool) error {
	return t.Exec(`UPDATE changes SET stands = $3 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, sqlengine.OrNil(!undone)})
}

// journal selects the entries about all records of one person. A database uses the two indexes only when each column
// is tested by itself.
const journal = `WITH lineage AS ` + lineage + `
	SELECT ` + changeColumns + ` FROM changes WHERE workspace = $1 AND ($3 = '' OR id < $3) AND id IN (
		SELECT c.id FROM lineage CROSS JOIN changes c WHERE c.workspace = $1 AND c.subject_id = lineage.id
		UNION ALL SELECT c.id FROM lineage CROSS JOIN changes c WHERE c.workspace = $1 AND c.survivor_id = lineage.id
	) ORDER BY id DESC LIMIT $4`

func (t *tx) Changes(ws workspace.ID, personID, before string, limit int) ([]*people.Change, error) {
	return sqlengine.List(t, journal, []any{string(ws), personID, before, int64(limit)}, readChange(ws))
}

func (t *tx) Change(ws workspace.ID, id string) (*people.Change, error) {
	return sqlengine.One(t, `SELECT `+changeColumns+` FROM changes WHERE workspace = $1 AND id = $2`, []any{string(ws), id}, readChange(ws))
}

func (t *tx) Undoing(ws workspace.ID, id string) (*people.Change, error) {
	return sqlengine.One(t, `SELECT `+changeColumns+` FROM changes WHERE workspace = $1 AND undoes = $2`, []any{string(ws), id}, readChange(ws))
}

func (t *tx) ChangeFrom(ws workspace.ID, personID string, from people.Role) (*people.Change, error) {
	return sqlengine.One(t, `SELECT `+changeColumns+` FROM changes
		WHERE workspace = $1 AND subject_id = $2 AND from_role = $3 AND stands IS NOT NULL`,
		[]any{string(ws), personID, string(from)}, readChange(ws))
}

// mergesOf selects the merges into n persons, newest first, in an order that no index has: SQLite would read the whole journal in order.
func mergesOf(n int) string {
	return `SELECT survivor_id, id, subject_id, from_role, created_at FROM changes
		WHERE workspace = $1 AND survivor_id IN (` + marks(2, n) + `) AND kind = 'merged' AND from_role <> 'visitor' AND stands IS NOT NULL
		ORDER BY id || '' DESC`
}

func (t *tx) Merges(ws workspace.ID, personIDs []string) (map[string][]people.Merge, error) {
	args := []any{string(ws)}
	for _, id := range personIDs {
		args = append(args, id)
	}
	all := make(map[string][]people.Merge, len(personIDs))
	err := t.Query(mergesOf(len(personIDs)), args, func(r sqlengine.Row) error {
		m := people.Merge{ChangeID: r.Text(1), ContactID: r.Text(2), Role: people.Role(r.Text(3)), At: r.Int(4)}
		all[r.Text(0)] = append(all[r.Text(0)], m)
		return nil
	})
	return all, err
}

func readChange(ws workspace.ID) func(sqlengine.Row) (*people.Change, error) {
	return func(r sqlengine.Row) (*people.Change, error) {
		c := &people.Change{
			Workspace: ws, ID: r.Text(0), Kind: people.ChangeKind(r.Text(1)),
			From: people.Role(r.Text(2)), To: people.Role(r.Text(3)),
			SubjectID: r.Text(4), SurvivorID: r.Text(5),
			Actor:     workspace.Actor{Kind: r.Text(6), ID: r.Text(7)},
			RequestID: r.Text(8), CreatedAt: r.Int(9),
			Undoes: r.Text(10), Forwarded: strings.Fields(r.Text(11)),
		}
		c.Undone = c.Undoes == "" && !r.Bool(12)
		if c.SurvivorID == "" {
			c.SurvivorID = c.SubjectID
		}
		var err error
		if c.Outcomes, err = readOutcomes(r.Text(13)); err != nil {
			return nil, err
		}
		if c.Subject, err = readImage(ws, blank, r.Text(14)); err != nil {
			return nil, err
		}
		if c.Survivor, err = readImage(ws, blank, r.Text(15)); err != nil {
			return nil, err
		}
		if c.Result, err = readImage(ws, resultBase(c), r.Text(16)); err != nil {
			return nil, err
		}
		return c, nil
	}
}

// resultBase returns the image that the result of a change is stored against: that of the record that stays.
func resultBase(c *people.Change) *people.Person {
	if c.Survivor != nil {
		return c.Survivor
	}
	return c.Subject
}

// Outcomes are a JSON list of pairs, [verdict, field].
func writeOutcomes(all []people.Outcome) string {
	if len(all) == 0 {
		return ""
	}
	buf := append(make([]byte, 0, 256), '[')
	for i, o := range all {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(jsonio.AppendText(append(buf, '['), string(o.Verdict)), ',')
		buf = append(jsonio.AppendText(buf, o.Field), ']')
	}
	return string(append(buf, ']'))
}

func readOutcomes(text string) ([]people.Outcome, error) {
	if text == "" {
		return nil, nil
	}
	var pairs [][2]string
	if err := json.Unmarshal([]byte(text), &pairs); err != nil {
		return nil, err
	}
	all := make([]people.Outcome, len(pairs))
	for i, pair := range pairs {
		all[i] = people.Outcome{Field: pair[1], Verdict: people.Verdict(pair[0])}
	}
	return all, nil
}
