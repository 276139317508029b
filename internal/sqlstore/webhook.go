package sqlstore

import (
	"context"
	"strings"

	"lobby/internal/invariant"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// Webhooks returns the store of webhooks, in the same database.
func (s *Store) Webhooks() webhook.Store { return webhooks{s} }

// webhooks is webhook.Store over the same database.
type webhooks struct{ *Store }

var _ webhook.Writer = (*tx)(nil)

// Read implements webhook.Store.
func (s webhooks) Read(ctx context.Context, fn func(webhook.Reader) error) error {
	return s.Store.Read(ctx, func(r people.Reader) error { return fn(r.(*tx)) })
}

// Write implements webhook.Store.
func (s webhooks) Write(ctx context.Context, fn func(webhook.Writer) error) error {
	return s.Store.Write(ctx, func(w people.Writer) error { return fn(w.(*tx)) })
}

// webhookRecords are joined in [records].
var webhookRecords = []record{
	{name: "webhook", table: "webhooks", order: "id", secret: true, columns: []recordColumn{
		textOf("id").key(), textOf("url").key(), textOf("topics").key(), textOf("version").key(), textOf("secret").key(), textOf("old_secret"),
		numberOf("old_secret_until"), textOf("paused"), numberOf("paused_at"), createdAt(), updatedAt(), numberOf("cursor_sequence").orZero(),
		numberOf("failures"), numberOf("failing_since"), numberOf("retry_at"),
	}},
}

const selectWebhook = `SELECT workspace, id, url, topics, version, secret, old_secret, old_secret_until, paused, paused_at, created_at,
	updated_at, cursor_sequence, failures, failing_since, retry_at FROM webhooks `

func readWebhook(r sqlengine.Row) (*webhook.Subscription, error) {
	return &webhook.Subscription{
		Workspace: workspace.ID(r.Text(0)), ID: r.Text(1), URL: r.Text(2), Topics: strings.Fields(r.Text(3)), Version: r.Text(4),
		Secret: r.Text(5), OldSecret: r.Text(6), OldSecretUntil: r.Int(7), Paused: webhook.Reason(r.Text(8)), PausedAt: r.Int(9),
		CreatedAt: r.Int(10), UpdatedAt: r.Int(11),
		Progress: webhook.Progress{Cursor: r.Int(12), Failures: r.Int(13), FailingSince: r.Int(14), RetryAt: r.Int(15)},
	}, nil
}

func (t *tx) Webhook(ws workspace.ID, id string) (*webhook.Subscription, error) {
	return sqlengine.One(t, selectWebhook+`WHERE workspace = $1 AND id = $2`, []any{string(ws), id}, readWebhook)
}

func (t *tx) Webhooks(ws workspace.ID) ([]*webhook.Subscription, error) {
	return sqlengine.List(t, selectWebhook+`WHERE workspace = $1 ORDER BY id`, []any{string(ws)}, readWebhook)
}

// dueWebhooks selects the webhooks that have something to deliver at $1. $2 is the kind of number that counts the outbox.
const dueWebhooks = `SELECT w.workspace, w.id FROM webhooks w LEFT JOIN numbers n ON n.workspace = w.workspace AND n.kind = $2
	WHERE w.paused IS NULL AND coalesce(w.retry_at, 0) <= $1 AND (n.last > w.cursor_sequence OR EXISTS (SELECT 1 FROM webhook_deliveries d
			WHERE d.workspace = w.workspace AND d.webhook_id = w.id AND d.state = 'retrying' AND d.next_attempt_at <= $1))
		OR EXISTS (SELECT 1 FROM webhook_deliveries d
			WHERE d.workspace = w.workspace AND d.webhook_id = w.id AND d.state = 'requested' AND d.next_attempt_at <= $1)
	LIMIT $3`

func (t *tx) DueWebhooks(now int64, limit int) ([]webhook.Ref, error) {
	return sqlengine.List(t, dueWebhooks, []any{now, invariant.OutboxSequence, int64(limit)}, func(r sqlengine.Row) (webhook.Ref, error) {
		return webhook.Ref{Workspace: workspace.ID(r.Text(0)), ID: r.Text(1)}, nil
	})
}

func (t *tx) HasWebhooks() (has bool, err error) {
	err = t.Query(`SELECT 1 FROM webhooks LIMIT 1`, nil, func(sqlengine.Row) error {
		has = true
		return nil
	})
	return has, err
}

func (t *tx) InsertWebhook(s *webhook.Subscription) error {
	return t.Exec(`INSERT INTO webhooks (workspace, id, url, topics, version, secret, old_secret, old_secret_until, paused, paused_at,
			created_at, updated_at, cursor_sequence, failures, failing_since, retry_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, append(webhookArgs(s), progressArgs(s)...))
}

func (t *tx) UpdateWebhook(s *webhook.Subscription) error {
	return t.Exec(`UPDATE webhooks SET url = $3, topics = $4, version = $5, secret = $6, old_secret = $7, old_secret_until = $8,
		paused = $9, paused_at = $10, created_at = $11, updated_at = $12 WHERE workspace = $1 AND id = $2`, webhookArgs(s))
}

func (t *tx) UpdateProgress(s *webhook.Subscription) error {
	return t.Exec(`UPDATE webhooks SET cursor_sequence = $3, failures = $4, failing_since = $5, retry_at = $6 WHERE workspace = $1 AND id = $2`,
		append([]any{string(s.Workspace), s.ID}, progressArgs(s)...))
}

// webhookArgs are the columns of a webhook but for its progress, in the order of selectWebhook.
func webhookArgs(s *webhook.Subscription) []any {
	return []any{
		string(s.Workspace), s.ID, s.URL, strings.Join(s.Topics, " "), s.Version, s.Secret, sqlengine.OrNil(s.OldSecret),
		sqlengine.OrNil(s.OldSecretUntil), sqlengine.OrNil(string(s.Paused)), sqlengine.OrNil(s.PausedAt), s.CreatedAt, s.UpdatedAt,
	}
}

func progressArgs(s *webhook.Subscription) []any {
	return []any{s.Cursor, sqlengine.OrNil(s.Failures), sqlengine.OrNil(s.FailingSince), sqlengine.OrNil(s.RetryAt)}
}

func (t *tx) Pause(ws workspace.ID, id string, why webhook.Reason, at int64) error {
	return t.Exec(`UPDATE webhooks SET paused = $3, paused_at = $4, updated_at = $4 WHERE workspace = $1 AND id = $2 AND paused IS NULL`,
		[]any{string(ws), id, string(why), at})
}

func (t *tx) DeleteWebhook(ws workspace.ID, id string) error {
	args := []any{string(ws), id}
	for _, table := range deliveryAttachments {
		if err := t.Exec(`DELETE FROM `+table+` WHERE workspace = $1 AND webhook_id = $2`, args); err != nil {
			return err
		}
	}
	return t.Exec(`DELETE FROM webhooks WHERE workspace = $1 AND id = $2`, args)
}

func (t *tx) Existing(ws workspace.ID, personIDs []string) (map[string]bool, error) {
	there := make(map[string]bool, len(personIDs))
	if len(personIDs) == 0 {
		return there, nil
	}
	in, args := inIDs([]any{string(ws)}, personIDs)
	query := `SELECT id FROM people WHERE workspace = $1 AND id ` + in
	if t.lock {
		query += ` ORDER BY id FOR KEY SHARE`
	}
	return there, t.Query(query, args, func(r sqlengine.Row) error {
		there[r.Text(0)] = true
		return nil
	})
}
