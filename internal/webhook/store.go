package webhook

import (
	"context"

	"lobby/internal/workspace"
)

// Store keeps subscriptions and deliveries. Read and Write are those of [workspace.Store].
type Store interface {
	Read(ctx context.Context, fn func(Reader) error) error
	Write(ctx context.Context, fn func(Writer) error) error
}

// Reader looks subscriptions and deliveries up. Methods that return one record return nil when there is none.
type Reader interface {
	workspace.OutboxReader
	// LastSequence returns the last sequence of the outbox that a workspace gave out; 0 for none.
	LastSequence(ws workspace.ID) (int64, error)
	Webhook(ws workspace.ID, id string) (*Subscription, error)
	// Webhooks returns a workspace's subscriptions, oldest first.
	Webhooks(ws workspace.ID) ([]*Subscription, error)
	// DueWebhooks returns the subscriptions of all workspaces that have something to deliver at a Unix second, at most limit.
	DueWebhooks(now int64, limit int) ([]Ref, error)
	// HasWebhooks reports whether any workspace has a subscription.
	HasWebhooks() (bool, error)
	// Deliveries lists deliveries, newest first, at most limit.
	Deliveries(ws workspace.ID, webhookID string, f Filter, limit int) ([]*Delivery, error)
	Delivery(ws workspace.ID, webhookID, id string) (*Delivery, error)
	// Unfinished lists the deliveries that will be attempted, without their bodies: the oldest sequence first, at most limit.
	Unfinished(ws workspace.ID, webhookID string, limit int) ([]*Delivery, error)
}

// Ref names a subscription.
type Ref struct {
	Workspace workspace.ID
	ID        string
}

// Writer also changes them.
type Writer interface {
	Reader
	workspace.LeaseWriter
	InsertWebhook(*Subscription) error
	// UpdateWebhook writes everything but the progress, which UpdateProgress writes. Pause pauses a subscription that is not
	// paused. All of them do nothing when the subscription is gone.
	UpdateWebhook(*Subscription) error
	UpdateProgress(*Subscription) error
	Pause(ws workspace.ID, id string, why Reason, at int64) error
	// DeleteWebhook removes a subscription and its deliveries.
	DeleteWebhook(ws workspace.ID, id string) error
	// PutDelivery creates a delivery, or replaces the one with the same id.
	PutDelivery(*Delivery) error
	// Existing returns those of the people that exist. Where servers share a database, these stay until the write ends.
	Existing(ws workspace.ID, personIDs []string) (map[string]bool, error)
	// DeleteDeliveries deletes at most limit deliveries of a workspace that tell of what happened before a Unix second.
	DeleteDeliveries(ws workspace.ID, before int64, limit int) (int, error)
}
