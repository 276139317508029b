package sqlstore

import (
	"encoding/json"

	"lobby/internal/people"
)

const changeColumns = `id, kind, from_role, to_role, subject_id, survivor_id, actor_kind, actor_id, request_id, created_at,
	outcomes, subject, survivor, result`

func (t *tx) InsertChange(c *people.Change) error {
	survivorID := c.SurvivorID
	if survivorID == c.SubjectID {
		survivorID = ""
	}
	return t.exec(`INSERT INTO changes (`+changeColumns+`, workspace)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, []any{
		c.ID, string(c.Kind), string(c.From), string(c.To), c.SubjectID, orNil(survivorID),
		orNil(c.Actor.Kind), orNil(c.Actor.ID), orNil(c.RequestID), c.CreatedAt,
		orNil(writeOutcomes(c.Outcomes)),
		writeImage(blank, c.Subject), orNil(writeImage(blank, c.Survivor)), writeImage(resultBase(c), c.Result),
		string(c.Workspace),
	})
}

func (t *tx) Changes(ws people.WorkspaceID, personID string) ([]*people.Change, error) {
	return list(t, `SELECT `+changeColumns+` FROM changes
		WHERE workspace = $1 AND (subject_id = $2 OR survivor_id = $2) ORDER BY id DESC`,
		[]any{string(ws), personID}, readChange(ws))
}

func (t *tx) Conversion(ws people.WorkspaceID, visitorID string) (*people.Change, error) {
	return one(t, `SELECT `+changeColumns+` FROM changes WHERE workspace = $1 AND subject_id = $2 AND from_role = $3`,
		[]any{string(ws), visitorID, string(people.Visitor)}, readChange(ws))
}

func readChange(ws people.WorkspaceID) func(row) (*people.Change, error) {
	return func(r row) (*people.Change, error) {
		c := &people.Change{
			Workspace: ws, ID: r.text(0), Kind: people.ChangeKind(r.text(1)),
			From: people.Role(r.text(2)), To: people.Role(r.text(3)),
			SubjectID: r.text(4), SurvivorID: r.text(5),
			Actor:     people.Actor{Kind: r.text(6), ID: r.text(7)},
			RequestID: r.text(8), CreatedAt: r.int(9),
		}
		if c.SurvivorID == "" {
			c.SurvivorID = c.SubjectID
		}
		var err error
		if c.Outcomes, err = readOutcomes(r.text(10)); err != nil {
			return nil, err
		}
		if c.Subject, err = readImage(ws, blank, r.text(11)); err != nil {
			return nil, err
		}
		if c.Survivor, err = readImage(ws, blank, r.text(12)); err != nil {
			return nil, err
		}
		if c.Result, err = readImage(ws, resultBase(c), r.text(13)); err != nil {
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
		buf = append(appendText(append(buf, '['), string(o.Verdict)), ',')
		buf = append(appendText(buf, o.Field), ']')
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
