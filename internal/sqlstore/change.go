package sqlstore

import (
	"strings"

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
		orNil(writeOutcomes(c.Outcomes)), writeImage(c.Subject), orNil(writeImage(c.Survivor)), writeImage(c.Result),
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
			Outcomes: readOutcomes(r.text(10)),
		}
		if c.SurvivorID == "" {
			c.SurvivorID = c.SubjectID
		}
		var err error
		for i, image := range []**people.Person{&c.Subject, &c.Survivor, &c.Result} {
			if *image, err = readImage(ws, r.text(11+i)); err != nil {
				return nil, err
			}
		}
		return c, nil
	}
}

// Outcomes are one line each, "verdict field": a field may hold any character but a line break.
func writeOutcomes(all []people.Outcome) string {
	lines := make([]string, len(all))
	for i, o := range all {
		lines[i] = string(o.Verdict) + " " + o.Field
	}
	return strings.Join(lines, "\n")
}

func readOutcomes(text string) []people.Outcome {
	if text == "" {
		return nil
	}
	var all []people.Outcome
	for line := range strings.SplitSeq(text, "\n") {
		verdict, field, _ := strings.Cut(line, " ")
		all = append(all, people.Outcome{Field: field, Verdict: people.Verdict(verdict)})
	}
	return all
}
