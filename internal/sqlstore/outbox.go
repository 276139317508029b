package sqlstore

import (
	"encoding/json"
	"fmt"
	"strconv"

	"lobby/internal/invariant"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// outboxRecords are joined in [records].
var outboxRecords = []record{
	{name: "outbox_entry", table: "outbox", order: "id", columns: []recordColumn{
		textOf("id").key(), textOf("topic").key(), textOf("person_id").orZero(), textOf("role"), textOf("subject_id").orZero(), jsonOf("image", readObject), createdAt(),
		numberOf("sequence"),
	}},
}

func (t *tx) Emit(e *workspace.OutboxEntry) error {
	image, err := writeEntryImage(e.Image)
	if err != nil {
		return err
	}
	if t.emitted != nil {
		*t.emitted = append(*t.emitted, e)
	}
	return t.Exec(`INSERT INTO outbox (workspace, id, topic, person_id, role, subject_id, image, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		[]any{string(e.Workspace), e.ID, string(e.Topic), e.PersonID, sqlengine.OrNil(e.Role), e.SubjectID, sqlengine.OrNil(image), e.CreatedAt})
}

// entriesAfter selects a page of the outbox.
const entriesAfter = `SELECT id, topic, person_id, subject_id, image, created_at, sequence, role FROM outbox
	WHERE workspace = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`

func (t *tx) Outbox(ws workspace.ID, after int64, limit int) ([]*workspace.OutboxEntry, error) {
	return sqlengine.List(t, entriesAfter, []any{string(ws), after, int64(limit)}, func(r sqlengine.Row) (*workspace.OutboxEntry, error) {
		e := &workspace.OutboxEntry{
			Workspace: ws, ID: r.Text(0), Topic: workspace.Topic(r.Text(1)),
			PersonID: r.Text(2), Role: r.Text(7), SubjectID: r.Text(3), CreatedAt: r.Int(5), Sequence: r.Int(6),
		}
		if err := readEntryImage(e, r.Text(4)); err != nil {
			return nil, fmt.Errorf("image of outbox entry %s: %w", e.ID, err)
		}
		return e, nil
	})
}

// nextUnstamped selects the first workspace after $1 that has entries without a sequence.
const nextUnstamped = `SELECT workspace FROM outbox WHERE sequence IS NULL AND workspace > $1 ORDER BY workspace LIMIT 1`

func (t *tx) OutboxWaits() (bool, error) {
	ws, err := t.firstUnstamped("")
	return ws != "", err
}

func (t *tx) firstUnstamped(after workspace.ID) (ws workspace.ID, err error) {
	err = t.Query(nextUnstamped, []any{string(after)}, func(r sqlengine.Row) error {
		ws = workspace.ID(r.Text(0))
		return nil
	})
	return ws, err
}

// stampEntries numbers the oldest entries of a workspace that have no sequence from $2 on.
const stampEntries = `UPDATE outbox SET sequence = fresh.place FROM (
		SELECT id, $2 + row_number() OVER (ORDER BY id) AS place FROM (
			SELECT id FROM outbox WHERE workspace = $1 AND sequence IS NULL ORDER BY id LIMIT $3
		) AS oldest
	) AS fresh WHERE outbox.workspace = $1 AND outbox.id = fresh.id RETURNING outbox.sequence`

func (t *tx) StampOutbox(after workspace.ID, limit int) (workspace.ID, int, error) {
	ws, err := t.firstUnstamped(after)
	if err != nil || ws == "" {
		return "", 0, err
	}
	last, err := t.LastSequence(ws)
	if err != nil {
		return "", 0, err
	}
	stamped := 0
	err = t.Query(stampEntries, []any{string(ws), last, int64(limit)}, func(sqlengine.Row) error {
		stamped++
		return nil
	})
	if err != nil {
		return "", 0, err
	}
	return ws, stamped, t.keepNumber(ws, invariant.OutboxSequence, last+int64(stamped))
}

// LastSequence returns the last sequence that a workspace gave out; 0 for none.
func (t *tx) LastSequence(ws workspace.ID) (last int64, err error) {
	return sqlengine.Number(t, `SELECT last FROM numbers WHERE workspace = $1 AND kind = $2`, []any{string(ws), invariant.OutboxSequence})
}

func (t *tx) DeleteOutbox(ws workspace.ID, before int64, limit int) (int, error) {
	deleted := 0
	// An id begins with the second in which its entry was written.
	err := t.Query(`DELETE FROM outbox WHERE workspace = $1 AND id IN (
			SELECT id FROM outbox WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT `+strconv.Itoa(limit)+`
		) RETURNING id`, []any{string(ws), fmt.Sprintf("%08x", before)}, func(sqlengine.Row) error {
		deleted++
		return nil
	})
	if err != nil || deleted == 0 {
		return 0, err
	}
	return deleted, t.keepNumber(ws, invariant.OutboxSwept, before)
}

// tagImage is how the image of a tag that was taken off is kept.
type tagImage struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	CreatedAt int64  `json:"created_at"`
	AppliedAt int64  `json:"applied_at"`
	AdminID   int64  `json:"admin_id,omitempty"`
}

// writeEntryImage returns the image of an entry as a JSON object, "" for none. That of a person is the journal's.
func writeEntryImage(image any) (string, error) {
	switch image := image.(type) {
	case nil:
		return "", nil
	case *people.Person:
		return writeImage(blank, image), nil
	case *people.Company:
		return writeCompanyImage(image), nil
	case *people.AppliedTag:
		text, err := json.Marshal(tagImage{image.ID, image.Name, image.CreatedAt, image.AppliedAt, image.AdminID})
		return string(text), err
	}
	return "", fmt.Errorf("no image is kept of a %T", image)
}

// readEntryImage reads what writeEntryImage wrote; the topic says of what.
func readEntryImage(e *workspace.OutboxEntry, text string) (err error) {
	if text == "" {
		return nil
	}
	switch e.Topic {
	case people.CompanyDeleted:
		e.Image, err = readCompanyImage(e.Workspace, text)
	case people.ContactTagDeleted:
		var t tagImage
		err = json.Unmarshal([]byte(text), &t)
		e.Image = &people.AppliedTag{
			Tag:       people.Tag{Workspace: e.Workspace, ID: t.ID, Name: t.Name, CreatedAt: t.CreatedAt},
			AppliedAt: t.AppliedAt, AdminID: t.AdminID,
		}
	default:
		e.Image, err = readImage(e.Workspace, blank, text)
	}
	return err
}

// planName is the name of a company's plan in its image.
const planName = "plan"

func writeCompanyImage(c *people.Company) string {
	buf := append(make([]byte, 0, 256), '{')
	for i := range people.CompanyFields {
		f := &people.CompanyFields[i]
		buf = append(jsonio.AppendText(buf, f.Name), ':')
		buf = append(jsonio.AppendField(buf, f, c), ',')
	}
	name := ""
	if c.Plan != nil {
		name = c.Plan.Name
	}
	return string(append(jsonio.AppendText(append(jsonio.AppendText(buf, planName), ':'), name), '}'))
}

func readCompanyImage(ws workspace.ID, text string) (*people.Company, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		return nil, err
	}
	c := &people.Company{Workspace: ws}
	for i := range people.CompanyFields {
		f := &people.CompanyFields[i]
		raw, has := object[f.Name]
		if !has {
			continue
		}
		if err := jsonio.ReadField(f, c, raw); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	if c.PlanID == 0 {
		return c, nil
	}
	c.Plan = &people.CompanyPlan{ID: c.PlanID}
	return c, json.Unmarshal(object[planName], &c.Plan.Name)
}
