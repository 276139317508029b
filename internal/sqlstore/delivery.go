package sqlstore

import (
	"fmt"
	"strconv"
	"strings"

	"lobby/internal/sqlengine"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// deliveryAttachments are the tables of deliveries: what was sent about a person goes with the person.
var deliveryAttachments = []string{"webhook_deliveries", "webhook_delivery_people"}

// deliveryRecords are joined in [records]. They leave with their webhooks, and what was not sent yet is sent from there.
var deliveryRecords = []record{
	{name: "webhook_delivery", table: "webhook_deliveries", order: "webhook_id, id", secret: true, columns: []recordColumn{
		textOf("webhook_id").key(), textOf("id").key(), textOf("topic").key(), numberOf("sequence").key(), textOf("person_id"), textOf("order_key"),
		textOf("body").key(), textOf("state").key(), numberOf("attempts").orZero(), createdAt(), numberOf("first_sent_at"), numberOf("last_sent_at"),
		numberOf("next_attempt_at"), numberOf("status"), textOf("answer"), textOf("error"), numberOf("duration_ms"),
	}},
	{
		name: "webhook_delivery_person", table: "webhook_delivery_people", order: "webhook_id, delivery_id, person_id", secret: true,
		columns: []recordColumn{textOf("webhook_id").key(), textOf("delivery_id").key(), textOf("person_id").key()},
	},
}

const selectDelivery = `SELECT workspace, webhook_id, id, topic, sequence, person_id, order_key, state, attempts, created_at, first_sent_at,
	last_sent_at, next_attempt_at, status, answer, error, duration_ms, body FROM webhook_deliveries `

// selectUnfinished selects deliveries without their bodies. Their keys follow forwarding addresses.
const selectUnfinished = `SELECT d.workspace, d.webhook_id, d.id, d.topic, d.sequence, d.person_id, coalesce(p.merged_into, d.order_key), d.state,
	d.attempts, d.created_at, d.first_sent_at, d.last_sent_at, d.next_attempt_at, d.status, d.answer, d.error, d.duration_ms, ''
	FROM webhook_deliveries d LEFT JOIN people p ON p.workspace = d.workspace AND p.id = d.order_key
	WHERE d.workspace = $1 AND d.webhook_id = $2 AND d.next_attempt_at IS NOT NULL ORDER BY d.sequence, d.id LIMIT $3`

func readDelivery(r sqlengine.Row) (*webhook.Delivery, error) {
	return &webhook.Delivery{
		Workspace: workspace.ID(r.Text(0)), WebhookID: r.Text(1), ID: r.Text(2), Topic: r.Text(3), Sequence: r.Int(4), PersonID: r.Text(5),
		Key: r.Text(6), State: webhook.State(r.Text(7)), Attempts: r.Int(8), CreatedAt: r.Int(9), FirstSentAt: r.Int(10),
		LastSentAt: r.Int(11), NextAttemptAt: r.Int(12), Status: r.Int(13), Answer: r.Text(14), Error: r.Text(15), Duration: r.Int(16),
		Body: r.Text(17),
	}, nil
}

func (t *tx) Deliveries(ws workspace.ID, webhookID string, f webhook.Filter, limit int) ([]*webhook.Delivery, error) {
	var where strings.Builder
	args := []any{string(ws), webhookID, int64(limit)}
	for _, narrow := range []struct{ condition, value string }{
		{"state =", string(f.State)}, {"topic =", f.Topic}, {"id <", f.Before},
	} {
		if narrow.value != "" {
			args = append(args, narrow.value)
			where.WriteString(" AND " + narrow.condition + " $" + strconv.Itoa(len(args)))
		}
	}
	return sqlengine.List(t, selectDelivery+`WHERE workspace = $1 AND webhook_id = $2`+where.String()+` ORDER BY id DESC LIMIT $3`,
		args, readDelivery)
}

func (t *tx) Delivery(ws workspace.ID, webhookID, id string) (*webhook.Delivery, error) {
	args := []any{string(ws), webhookID, id}
	d, err := sqlengine.One(t, selectDelivery+`WHERE workspace = $1 AND webhook_id = $2 AND id = $3`, args, readDelivery)
	if err != nil || d == nil {
		return nil, err
	}
	d.Others, err = sqlengine.FirstColumn(t, `SELECT person_id FROM webhook_delivery_people WHERE workspace = $1 AND webhook_id = $2 AND delivery_id = $3
		ORDER BY person_id`, args...)
	return d, err
}

func (t *tx) Unfinished(ws workspace.ID, webhookID string, limit int) ([]*webhook.Delivery, error) {
	return sqlengine.List(t, selectUnfinished, []any{string(ws), webhookID, int64(limit)}, readDelivery)
}

func (t *tx) PutDelivery(d *webhook.Delivery) error {
	for _, id := range d.Others {
		err := t.Exec(`INSERT INTO webhook_delivery_people (workspace, webhook_id, delivery_id, person_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			[]any{string(d.Workspace), d.WebhookID, d.ID, id})
		if err != nil {
			return err
		}
	}
	return t.Exec(`INSERT INTO webhook_deliveries (workspace, webhook_id, id, topic, sequence, person_id, order_key, state, attempts, created_at,
			first_sent_at, last_sent_at, next_attempt_at, status, answer, error, duration_ms, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (workspace, webhook_id, id) DO UPDATE SET state = excluded.state, attempts = excluded.attempts,
			first_sent_at = excluded.first_sent_at, last_sent_at = excluded.last_sent_at, next_attempt_at = excluded.next_attempt_at,
			status = excluded.status, answer = excluded.answer, error = excluded.error, duration_ms = excluded.duration_ms, body = excluded.body`,
		[]any{
			string(d.Workspace), d.WebhookID, d.ID, d.Topic, d.Sequence, sqlengine.OrNil(d.PersonID), sqlengine.OrNil(d.Key), string(d.State),
			d.Attempts, d.CreatedAt, sqlengine.OrNil(d.FirstSentAt), sqlengine.OrNil(d.LastSentAt), sqlengine.OrNil(d.NextAttemptAt),
			sqlengine.OrNil(d.Status), sqlengine.OrNil(d.Answer), sqlengine.OrNil(d.Error), sqlengine.OrNil(d.Duration), d.Body,
		})
}

// deleteDeliveriesAbout deletes what was sent of several persons, of whom one is this.
func (t *tx) deleteDeliveriesAbout(ws workspace.ID, personID string) error {
	args := []any{string(ws), personID}
	found, err := sqlengine.List(t, `SELECT o.webhook_id, o.delivery_id FROM `+lineage+` AS life CROSS JOIN webhook_delivery_people o
			WHERE o.workspace = $1 AND o.person_id = life.id
		UNION SELECT o.webhook_id, o.delivery_id FROM `+lineage+` AS life CROSS JOIN webhook_deliveries d CROSS JOIN webhook_delivery_people o
			WHERE d.workspace = $1 AND d.person_id = life.id AND o.workspace = $1 AND o.webhook_id = d.webhook_id AND o.delivery_id = d.id`, args, func(r sqlengine.Row) ([]any, error) {
		return []any{string(ws), r.Text(0), r.Text(1)}, nil
	})
	if err != nil {
		return err
	}
	for _, key := range found {
		for _, sql := range []string{
			`DELETE FROM webhook_deliveries WHERE workspace = $1 AND webhook_id = $2 AND id = $3`,
			`DELETE FROM webhook_delivery_people WHERE workspace = $1 AND webhook_id = $2 AND delivery_id = $3`,
		} {
			if err := t.Exec(sql, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// oldDeliveries selects deliveries of a workspace by their ids, which begin with the second of what they tell of. It is run
// twice, and must select the same ones both times.
const oldDeliveries = `SELECT d.webhook_id, d.id FROM webhooks w CROSS JOIN webhook_deliveries d
	WHERE w.workspace = $1 AND d.workspace = $1 AND d.webhook_id = w.id AND d.id < $2 ORDER BY d.webhook_id, d.id LIMIT $3`

func (t *tx) DeleteDeliveries(ws workspace.ID, before int64, limit int) (deleted int, err error) {
	args := []any{string(ws), fmt.Sprintf("notif_%08x", before), int64(limit)}
	err = t.Exec(`DELETE FROM webhook_delivery_people WHERE workspace = $1 AND (webhook_id, delivery_id) IN (`+oldDeliveries+`)`, args)
	if err != nil {
		return 0, err
	}
	err = t.Query(`DELETE FROM webhook_deliveries WHERE workspace = $1 AND (webhook_id, id) IN (`+oldDeliveries+`) RETURNING id`, args,
		func(sqlengine.Row) error {
			deleted++
			return nil
		})
	return deleted, err
}
