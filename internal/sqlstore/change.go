package sqlstore

import (
	"encoding/json"
	"strings"

	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/workspace"
)

const changeColumns = `id, kind, from_role, to_role, subject_id, survivor_id, actor_kind, actor_id, request_id, created_at,
	undoes, forwarded, stands, outcomes, subject, survivor, result`

var insertChange = `INSERT INTO changes (` + changeColumns + `, workspace) VALUES (` + marks(1, 18) + `)`

func (t *tx) InsertChange(c *people.Change) error {
	survivorID := c.SurvivorID
	if survivorID == c.SubjectID {
		survivorID = ""
	}
	return t.exec(insertChange, []any{
		c.ID, string(c.Kind), string(c.From), string(c.To), c.SubjectID, orNil(survivorID),
		orNil(c.Actor.Kind), orNil(c.Actor.ID), orNil(c.RequestID), c.CreatedAt,
		orNil(c.Undoes), orNil(strings.Join(c.Forwarded, " ")), orNil(c.Undoes == "" && !c.Undone),
		orNil(writeOutcomes(c.Outcomes)),
		writeImage(blank, c.Subject), orNil(writeImage(blank, c.Survivor)), writeImage(resultBase(c), c.Result),
		string(c.Workspace),
	})
}

func (t *tx) MarkUndone(ws workspace.ID, id string, undone bool) error {
	return t.exec(`UPDATE changes SET stands = $3 WHERE workspace = $1 AND id = $2`, []any{string(ws), id, orNil(!undone)})
}

// journal asks for the entries about all records of one person. A database finds them by the indexes only when each
// column is asked for by itself.
const journal = `WITH lives AS ` + lives + `
	SELECT ` + changeColumns + ` FROM changes WHERE workspace = $1 AND ($3 = '' OR id < $3) AND id IN (
		SELECT c.id FROM lives JOIN changes c ON c.workspace = $1 AND c.subject_id = lives.id
		UNION SELECT c.id FROM lives JOIN changes c ON c.workspace = $1 AND c.survivor_id = lives.id
	) ORDER BY id DESC LIMIT $4`

func (t *tx) Changes(ws workspace.ID, personID, before string, limit int) ([]*people.Change, error) {
	return list(t, journal, []any{string(ws), personID, before, int64(limit)}, readChange(ws))
}

func (t *tx) Change(ws workspace.ID, id string) (*people.Change, error) {
	return one(t, `SELECT `+changeColumns+` FROM changes WHERE workspace = $1 AND id = $2`, []any{string(ws), id}, readChange(ws))
}

func (t *tx) Undoing(ws workspace.ID, id string) (*people.Change, error) {
	return one(t, `SELECT `+changeColumns+` FROM changes WHERE workspace = $1 AND undoes = $2`, []any{string(ws), id}, readChange(ws))
}

func (t *tx) Conversion(ws workspace.ID, personID string, from people.Role) (*people.Change, error) {
	return one(t, `SELECT `+changeColumns+` FROM changes
		WHERE workspace = $1 AND subject_id = $2 AND from_role = $3 AND stands IS NOT NULL`,
		[]any{string(ws), personID, string(from)}, readChange(ws))
}

func (t *tx) Merges(ws workspace.ID, personIDs []string) (map[string][]people.Merge, error) {
	args := []any{string(ws)}
	for _, id := range personIDs {
		args = append(args, id)
	}
	all := make(map[string][]people.Merge, len(personIDs))
	err := t.query(`SELECT survivor_id, id, subject_id, from_role, created_at FROM changes
		WHERE workspace = $1 AND survivor_id IN (`+marks(2, len(personIDs))+`)
			AND kind = 'merged' AND from_role <> 'visitor' AND stands IS NOT NULL
		ORDER BY id DESC`, args, func(r row) error {
		m := people.Merge{ChangeID: r.text(1), ContactID: r.text(2), Role: people.Role(r.text(3)), At: r.int(4)}
		all[r.text(0)] = append(all[r.text(0)], m)
		return nil
	})
	return all, err
}

func readChange(ws workspace.ID) func(row) (*people.Change, error) {
	return func(r row) (*people.Change, error) {
		c := &people.Change{
			Workspace: ws, ID: r.text(0), Kind: people.ChangeKind(r.text(1)),
			From: people.Role(r.text(2)), To: people.Role(r.text(3)),
			SubjectID: r.text(4), SurvivorID: r.text(5),
			Actor:     workspace.Actor{Kind: r.text(6), ID: r.text(7)},
			RequestID: r.text(8), CreatedAt: r.int(9),
			Undoes: r.text(10), Forwarded: strings.Fields(r.text(11)),
		}
		c.Undone = c.Undoes == "" && !r.bool(12)
		if c.SurvivorID == "" {
			c.SurvivorID = c.SubjectID
		}
		var err error
		if c.Outcomes, err = readOutcomes(r.text(13)); err != nil {
			return nil, err
		}
		if c.Subject, err = readImage(ws, blank, r.text(14)); err != nil {
			return nil, err
		}
		if c.Survivor, err = readImage(ws, blank, r.text(15)); err != nil {
			return nil, err
		}
		if c.Result, err = readImage(ws, resultBase(c), r.text(16)); err != nil {
			return nil, err
		}
		return c, nil
	}
}

// resultBase is the image that the result is kept against: that of the record which stays.
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
