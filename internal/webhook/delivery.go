package webhook

import (
	"context"
	"errors"
	"slices"

	"lobby/internal/workspace"
)

// ErrDeliveryNotFound refuses a delivery.
var ErrDeliveryNotFound = errors.New("no such delivery")

// State says how a delivery stands.
type State string

// The states of a delivery. All but the first two will be attempted.
const (
	Delivered State = "delivered" // the receiver accepted it
	Failed    State = "failed"    // given up
	Retrying  State = "retrying"  // an attempt failed, and another follows
	Waiting   State = "waiting"   // an earlier delivery about the same person must end first
	Asked     State = "requested" // a test, or a redelivery: one attempt, at once
)

// IsKnown reports whether a state is one of these, or "".
func (s State) IsKnown() bool {
	return s == "" || slices.Contains([]State{Delivered, Failed, Retrying, Waiting, Asked}, s)
}

// Ends reports whether no attempt follows.
func (s State) Ends() bool { return s == Delivered || s == Failed }

// Delivery is one notification to one subscription. All times are Unix seconds; 0 is for what has not happened.
type Delivery struct {
	Workspace workspace.ID
	WebhookID string
	// ID is the id of the notification, the same in every attempt. Ids sort by age.
	ID    string
	Topic string
	// Sequence is that of the outbox entry; 0 for a test.
	Sequence int64
	// PersonID is the person whose data the body has; "" for none.
	PersonID string
	// Others are further persons whose data the body has. Lists leave them out.
	Others []string
	// Key is what deliveries are kept in order by: that of one person, or of one company.
	Key string
	// Body is the JSON that was sent, or will be sent, as text. It is "" when its person was erased.
	Body      string
	State     State
	Attempts  int64
	CreatedAt int64
	// FirstSentAt and LastSentAt are the times of the first and the last attempt.
	FirstSentAt, LastSentAt int64
	// NextAttemptAt is set exactly while the state says that an attempt follows.
	NextAttemptAt int64
	// Status, Answer and Error are what came of the last attempt: the status of the response, 0 for none; the beginning of
	// its body; and, without a response, what went wrong.
	Status int64
	Answer string
	Error  string
	// Duration is how long the last attempt took, in milliseconds.
	Duration int64
}

// People returns the ids of the persons whose data the body has.
func (d *Delivery) People() []string {
	if d.PersonID == "" {
		return d.Others
	}
	return append([]string{d.PersonID}, d.Others...)
}

// Filter selects deliveries of a subscription.
type Filter struct {
	State State  // "" for all
	Topic string // "" for all
	// Before is the id of a delivery: only older ones are listed. "" begins with the newest.
	Before string
}

// MaxPage is the max number of deliveries on a page.
const MaxPage = 150

// Deliveries lists the deliveries to a subscription, newest first, at most limit, and reports whether there are more.
// Errors: ErrNotFound.
func (g *Registry) Deliveries(ctx context.Context, c workspace.Caller, id string, f Filter, limit int) (page []*Delivery, more bool, err error) {
	limit = min(limit, MaxPage)
	err = g.Store.Read(ctx, func(r Reader) error {
		if _, err := find(r, c, id); err != nil {
			return err
		}
		page, err = r.Deliveries(c.Workspace, id, f, limit+1)
		return err
	})
	if len(page) > limit {
		return page[:limit], true, err
	}
	return page, false, err
}

// Delivery returns one delivery. Errors: ErrNotFound, ErrDeliveryNotFound.
func (g *Registry) Delivery(ctx context.Context, c workspace.Caller, webhookID, id string) (*Delivery, error) {
	return workspace.Read(ctx, g.Store, func(r Reader) (*Delivery, error) { return findDelivery(r, c, webhookID, id) })
}

func findDelivery(r Reader, c workspace.Caller, webhookID, id string) (*Delivery, error) {
	if _, err := find(r, c, webhookID); err != nil {
		return nil, err
	}
	d, err := r.Delivery(c.Workspace, webhookID, id)
	if err == nil && d == nil {
		err = ErrDeliveryNotFound
	}
	return d, err
}

// ErrErased refuses to redeliver what is not kept any more.
var ErrErased = errors.New("the person of the delivery was erased")

// Redeliver has a delivery sent once more, at once, also to a paused subscription. Its id stays. One that will be
// attempted anyway is not changed otherwise. Errors: ErrNotFound, ErrDeliveryNotFound, ErrErased.
func (g *Registry) Redeliver(ctx context.Context, c workspace.Caller, webhookID, id string) (*Delivery, error) {
	return workspace.Write(ctx, g.Store, func(w Writer) (*Delivery, error) {
		d, err := findDelivery(w, c, webhookID, id)
		if err != nil {
			return nil, err
		}
		if d.Body == "" {
			return nil, ErrErased
		}
		if d.State.Ends() {
			d.State = Asked
		}
		d.NextAttemptAt = g.Unix()
		return d, w.PutDelivery(d)
	})
}

// Test has a ping sent at once, also to a paused subscription. body makes the JSON of a notification with an id.
// Errors: ErrNotFound.
func (g *Registry) Test(ctx context.Context, c workspace.Caller, webhookID string, body func(*Delivery) string) (*Delivery, error) {
	now := g.Unix()
	entry := g.IDAt(now)
	return workspace.Write(ctx, g.Store, func(w Writer) (*Delivery, error) {
		if _, err := find(w, c, webhookID); err != nil {
			return nil, err
		}
		d := &Delivery{
			Workspace: c.Workspace, WebhookID: webhookID, ID: NotificationID(entry, webhookID, 0), Topic: Ping,
			State: Asked, CreatedAt: now, NextAttemptAt: now,
		}
		d.Body = body(d)
		return d, w.PutDelivery(d)
	})
}

// sweepBatch is the max number of deliveries that one transaction deletes.
const sweepBatch = 500

// SweepDeliveries deletes the deliveries of a workspace that are older than [workspace.DeliveryLife], and returns their
// number.
func (g *Registry) SweepDeliveries(ctx context.Context, ws *workspace.Workspace) (total int, err error) {
	before := g.Unix() - workspace.DeliveryLife.Number(ws)*24*60*60
	for {
		n, err := workspace.Write(ctx, g.Store, func(w Writer) (int, error) { return w.DeleteDeliveries(ws.ID, before, sweepBatch) })
		if total += n; err != nil || n < sweepBatch {
			return total, err
		}
	}
}
