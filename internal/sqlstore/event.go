package sqlstore

import (
	"math"
	"strconv"

	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/workspace"
)

// eventAttachments are joined in [attachments].
var eventAttachments = []string{"data_events", "event_summaries"}

// eventRecords are joined in [records].
var eventRecords = []record{
	{name: "event", table: eventTable, order: "id", columns: []recordColumn{
		textOf("id").orElse((*importedRow).newID), textOf("person_id").key(), textOf("name").key(), createdAt(), jsonOf("metadata", readObject),
	}},
	{name: "event_summary", table: "event_summaries", order: "person_id, name", columns: []recordColumn{
		textOf("person_id").key(), textOf("name").key(), numberOf("count").key(), numberOf("first_at").key(), numberOf("last_at").key(),
	}},
}

const eventTable = "data_events"

// knownEvent finds an event with the same name in the same second, of a person or of one that it absorbed.
const knownEvent = `SELECT 1 FROM data_events WHERE workspace = $1 AND created_at = $3 AND name = $4 AND person_id IN ` + lineage

func (t *tx) InsertEvent(e *people.Event) (bool, error) {
	known := false
	err := t.Query(knownEvent, []any{string(e.Workspace), e.PersonID, e.CreatedAt, e.Name}, func(sqlengine.Row) error {
		known = true
		return nil
	})
	if err != nil || known {
		return false, err
	}
	return t.Insert(`INSERT INTO data_events (workspace, id, person_id, name, created_at, metadata)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		[]any{string(e.Workspace), e.ID, e.PersonID, e.Name, e.CreatedAt, sqlengine.OrNil(e.Metadata)})
}

// placedEvents are a person's events from one second to another, each with its position in the list. A second has room
// for a thousand.
const placedEvents = `SELECT id, person_id, name, created_at, metadata,
	created_at * 1000 + CASE WHEN older < 1000 THEN older ELSE 999 END AS place
	FROM (SELECT id, person_id, name, created_at, metadata, row_number() OVER (PARTITION BY created_at ORDER BY id) - 1 AS older
		FROM data_events WHERE workspace = $1 AND created_at >= $3 AND created_at <= $4 AND person_id IN ` + lineage + `) AS ranked`

func (t *tx) Events(ws workspace.ID, personID string, span people.EventSpan, limit int) ([]*people.Event, error) {
	if span.Before == 0 {
		span.Before = math.MaxInt64
	}
	return sqlengine.List(t, `SELECT id, person_id, name, created_at, metadata, place FROM (`+placedEvents+`) AS placed
		WHERE place >= $5 AND place < $6 ORDER BY created_at DESC, id DESC LIMIT `+strconv.Itoa(limit),
		[]any{string(ws), personID, span.Since / 1000, span.Before / 1000, span.Since, span.Before},
		func(r sqlengine.Row) (*people.Event, error) {
			return &people.Event{
				Workspace: ws, ID: r.Text(0), PersonID: r.Text(1), Name: r.Text(2), CreatedAt: r.Int(3), Metadata: r.Text(4),
				Place: r.Int(5),
			}, nil
		})
}

const eventsOf = `SELECT id, person_id, name, created_at, metadata FROM data_events WHERE workspace = $1 AND person_id IN ` + lineage

// The events of a person come in the order of their times, those of one second in that of their ids.
var (
	newestEvents = eventsOf + " ORDER BY created_at DESC, id DESC LIMIT $3"
	olderEvents  = eventsOf + ` AND (created_at, id) < (SELECT created_at, id FROM data_events WHERE workspace = $1 AND id = $4)
		ORDER BY created_at DESC, id DESC LIMIT $3`
)

func (t *tx) EventsAfter(ws workspace.ID, personID, after string, limit int) ([]*people.Event, error) {
	sql, args := newestEvents, []any{string(ws), personID, int64(limit)}
	if after != "" {
		sql, args = olderEvents, append(args, after)
	}
	return sqlengine.List(t, sql, args, func(r sqlengine.Row) (*people.Event, error) {
		return &people.Event{Workspace: ws, ID: r.Text(0), PersonID: r.Text(1), Name: r.Text(2), CreatedAt: r.Int(3), Metadata: r.Text(4)}, nil
	})
}

// Event returns one event, without its place; nil when there is none. Package deliver asks for it.
func (t *tx) Event(ws workspace.ID, id string) (*people.Event, error) {
	return sqlengine.One(t, `SELECT id, person_id, name, metadata, created_at FROM data_events WHERE workspace = $1 AND id = $2`, []any{string(ws), id},
		func(r sqlengine.Row) (*people.Event, error) {
			return &people.Event{Workspace: ws, ID: r.Text(0), PersonID: r.Text(1), Name: r.Text(2), Metadata: r.Text(3), CreatedAt: r.Int(4)}, nil
		})
}
