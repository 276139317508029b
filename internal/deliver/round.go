package deliver

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"lobby/internal/webhook"
)

const (
	// maxInFlight is the max number of deliveries to one subscription that are under way at once.
	maxInFlight = 8
	// maxEntries is the max number of outbox entries that one round takes, and maxRepeated that of unfinished deliveries of
	// one key.
	maxEntries, maxRepeated = 256, 16
	// maxUnfinished is the number of unfinished deliveries from which a subscription takes no new entries.
	maxUnfinished = 5000
	// maxRound is how long a round begins attempts, so that what a slow receiver has accepted is written down in time.
	maxRound = 5 * time.Second
)

// round is one step of a subscription: what is due is read, sent, and written down with the new position.
type round struct {
	*Deliverer
	ref webhook.Ref
	sub *webhook.Subscription
	// chains are the deliveries to be made, in their order within each chain. Chains of the same key are one.
	chains []*chain
	byKey  map[string]*chain
	// more says that there may be more to do at once.
	more  bool
	until time.Time

	mu       sync.Mutex
	progress webhook.Progress
	isGone   bool
}

// job is a delivery, and its item as JSON.
type job struct {
	*webhook.Delivery
	item []byte
}

// chain is deliveries that must not overtake each other.
type chain struct {
	jobs []*job
	// sent is the number of jobs that were attempted. isHeld says that none may be, because an earlier one waits.
	sent   int
	isHeld bool
	// old is the number of jobs that the database has already.
	old int
}

// round does one step, and reports whether there may be more to do at once.
func (d *Deliverer) round(ctx context.Context, ref webhook.Ref) (more bool, err error) {
	var r *round
	err = d.using(func() error {
		return read(ctx, d.Lobby, func(on reader) error {
			r = &round{Deliverer: d, ref: ref, byKey: map[string]*chain{}, until: time.Now().Add(maxRound)}
			return r.load(on)
		})
	})
	if err != nil || r.sub == nil || len(r.chains) == 0 && r.progress == r.sub.Progress {
		return false, err
	}
	r.send(ctx)
	if ctx.Err() != nil {
		return false, nil // what was cut off counts as not sent
	}
	err = d.using(func() error { return r.write(ctx) })
	return r.more, err
}

// using runs do when there is a place for it among those who use the database.
func (d *Deliverer) using(do func() error) error {
	d.database <- struct{}{}
	defer func() { <-d.database }()
	return do()
}

// load reads what is due.
func (r *round) load(on reader) error {
	s, err := on.Webhook(r.ref.Workspace, r.ref.ID)
	if err != nil || s == nil {
		return err
	}
	r.sub, r.progress = s, s.Progress
	unfinished, err := on.Unfinished(s.Workspace, s.ID, maxUnfinished)
	if err != nil {
		return err
	}
	now := r.Lobby.Unix()
	for _, one := range unfinished {
		if one.State == webhook.Asked && one.NextAttemptAt <= now {
			if err := r.repeat(on, &chain{}, one); err != nil {
				return err
			}
		}
	}
	if s.Paused != webhook.NotPaused || s.RetryAt > now {
		return nil
	}
	r.progress.RetryAt = 0
	for _, one := range unfinished {
		if err := r.loadUnfinished(on, one, now); err != nil {
			return err
		}
	}
	if len(unfinished) == maxUnfinished {
		return nil
	}
	return r.loadEntries(on, now)
}

// loadUnfinished adds a delivery that will be attempted to the chain of its key. Behind one that is not due, only those
// that are marked as due are added, so that [round.changed] marks them as waiting.
func (r *round) loadUnfinished(on reader, one *webhook.Delivery, now int64) error {
	if one.State == webhook.Asked {
		return nil
	}
	isDue := one.State == webhook.Retrying && one.NextAttemptAt <= now
	c := r.byKey[one.Key]
	if c == nil {
		c = &chain{isHeld: one.State == webhook.Retrying && !isDue}
		r.byKey[one.Key] = c
	}
	if c.isHeld && !isDue || c.old > maxRepeated {
		return nil
	}
	return r.repeat(on, c, one)
}

// repeat adds a delivery that the database has to a chain.
func (r *round) repeat(on reader, c *chain, one *webhook.Delivery) error {
	whole, err := on.Delivery(one.Workspace, one.WebhookID, one.ID)
	if err != nil || whole == nil {
		return err
	}
	var sent struct {
		Data struct {
			Item json.RawMessage `json:"item"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(whole.Body), &sent); err != nil {
		return err
	}
	whole.Key = one.Key
	r.push(c, &job{whole, sent.Data.Item})
	c.old++
	return nil
}

// loadEntries makes deliveries of the entries after the cursor.
func (r *round) loadEntries(on reader, now int64) error {
	s := r.sub
	// A slow receiver is not given more while it has not seen what earlier rounds took.
	limit := maxEntries
	for _, c := range r.chains {
		limit -= c.old
	}
	if limit <= 0 {
		return nil
	}
	entries, err := on.Outbox(s.Workspace, s.Cursor, limit)
	if err != nil || len(entries) == 0 {
		return err
	}
	if first := entries[0].Sequence; first != s.Cursor+1 {
		r.Log.Warn("outbox entries were deleted before a webhook got them", "webhook", s.ID, "workspace", s.Workspace, "entries", first-s.Cursor-1)
	}
	has, err := loadRecords(on, s.Workspace, entries, now)
	if err != nil {
		return err
	}
	as := r.shapeOf(s)
	for _, e := range entries {
		t := as.tell(e, has)
		for i, n := range t.notifications {
			if s.Wants(n.Topic) {
				r.add(t.key, &job{&webhook.Delivery{
					Workspace: s.Workspace, WebhookID: s.ID, ID: webhook.NotificationID(e.ID, s.ID, i), Topic: n.Topic, Sequence: e.Sequence,
					PersonID: t.about, Others: t.others, Key: t.key, CreatedAt: now,
				}, n.Item})
			}
		}
	}
	r.progress.Cursor = entries[len(entries)-1].Sequence
	r.more = len(entries) == limit
	return nil
}

// add adds a new delivery to the chain of its key.
func (r *round) add(key string, fresh *job) {
	c := r.byKey[key]
	if c == nil {
		c = &chain{}
		r.byKey[key] = c
	}
	r.push(c, fresh)
}

// push appends a delivery to a chain. A chain is in r.chains from its first delivery on.
func (r *round) push(c *chain, next *job) {
	if c.jobs == nil {
		r.chains = append(r.chains, c)
	}
	c.jobs = append(c.jobs, next)
}

// send attempts all chains, several at once. A receiver that failed often gets one of them first.
func (r *round) send(ctx context.Context) {
	rest := r.chains
	if r.progress.Failures >= webhook.MaxFailures {
		first := slices.IndexFunc(rest, func(c *chain) bool { return !c.isHeld })
		if first < 0 {
			return
		}
		r.sendChain(ctx, rest[first])
		rest = slices.Concat(rest[:first], rest[first+1:])
	}
	queue := make(chan *chain)
	var senders sync.WaitGroup
	for range min(maxInFlight, len(rest)) {
		senders.Go(func() {
			for c := range queue {
				r.sendChain(ctx, c)
			}
		})
	}
	for _, c := range rest {
		queue <- c
	}
	close(queue)
	senders.Wait()
}

// sendChain attempts the deliveries of a chain up to the first that is to be tried again.
func (r *round) sendChain(ctx context.Context, c *chain) {
	// The last of many old ones is there only to be the first of the next round.
	last := len(c.jobs)
	if c.old > maxRepeated {
		last = maxRepeated
	}
	for _, next := range c.jobs[:last] {
		asked := next.State == webhook.Asked
		if c.isHeld || !asked && r.isResting() || ctx.Err() != nil {
			return
		}
		accepted, wait := r.attempt(ctx, r.sub, next)
		if ctx.Err() != nil {
			return
		}
		c.sent++
		if !r.settle(next.Delivery, accepted, wait, asked) {
			return
		}
	}
}

// isResting reports whether nothing more is to be attempted in this round.
func (r *round) isResting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.isGone || r.progress.RetryAt > r.Lobby.Unix() || time.Now().After(r.until)
}

// settle sets the state of a delivery that was attempted, and counts. It reports whether the next one may follow.
func (r *round) settle(one *webhook.Delivery, accepted bool, wait int64, asked bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Lobby.Unix()
	one.NextAttemptAt = 0
	if accepted {
		one.State = webhook.Delivered
		r.progress.Failures, r.progress.FailingSince = 0, 0
		return true
	}
	if asked {
		one.State = webhook.Failed
		return true
	}
	if r.progress.Failures++; r.progress.Failures == 1 {
		r.progress.FailingSince = now
	}
	r.progress.RetryAt = max(r.progress.RetryAt, r.progress.Rest(now, r.Spread()))
	if wait > 0 {
		r.progress.RetryAt = max(r.progress.RetryAt, now+wait)
	}
	r.isGone = r.isGone || one.Status == 410
	if one.NextAttemptAt = one.Retry(now, r.Spread()); one.NextAttemptAt == 0 {
		one.State = webhook.Failed
		return true
	}
	one.State = webhook.Retrying
	return false
}

// changed returns the deliveries that have to be written, in their states.
func (r *round) changed() (all []*webhook.Delivery) {
	now := r.Lobby.Unix()
	for _, c := range r.chains {
		for i, one := range c.jobs {
			isOld := i < c.old
			// It would have been attempted, had there been time, or had the receiver not been left alone.
			isNext := i == c.sent && !c.isHeld && (i == 0 || c.jobs[i-1].State.Ends())
			switch {
			case i < c.sent:
			case one.State == webhook.Asked, isNext && isOld && one.State == webhook.Retrying, !isNext && isOld && one.State == webhook.Waiting:
				continue // it is as it was
			case isNext:
				one.State, one.NextAttemptAt = webhook.Retrying, now
				r.more = r.more || r.progress.RetryAt <= now
			default:
				one.State, one.NextAttemptAt = webhook.Waiting, now
			}
			if one.Body == "" {
				one.Body = one.envelope()
			}
			all = append(all, one.Delivery)
		}
	}
	return all
}

// write writes down what was done, unless another server has the lease by now, or had it and went on.
func (r *round) write(ctx context.Context) error {
	rows := r.changed()
	var about []string
	for _, one := range rows {
		about = append(about, one.People()...)
	}
	slices.Sort(about)
	about = slices.Compact(about)
	paused := webhook.NotPaused
	err := r.Webhooks.Store.Write(ctx, func(w webhook.Writer) error {
		paused = webhook.NotPaused
		held, err := r.leaseWithin(w, r.ref, leaseLife)
		if err != nil || !held {
			r.more = r.more && held
			return err
		}
		s, err := w.Webhook(r.ref.Workspace, r.ref.ID)
		if err != nil || s == nil {
			return err
		}
		// Another server had the lease meanwhile and gave it back. What it wrote counts.
		if s.Cursor != r.sub.Cursor {
			return nil
		}
		existing, err := w.Existing(r.ref.Workspace, about)
		if err != nil {
			return err
		}
		for _, one := range rows {
			if slices.ContainsFunc(one.People(), func(id string) bool { return !existing[id] }) {
				continue // erased meanwhile, with all that was sent about the person
			}
			if err := w.PutDelivery(one); err != nil {
				return err
			}
		}
		s.Progress = r.progress
		if err := w.UpdateProgress(s); err != nil || s.Paused != webhook.NotPaused {
			return err
		}
		if paused = r.mustPause(); paused == webhook.NotPaused {
			return nil
		}
		return w.Pause(s.Workspace, s.ID, paused, r.Lobby.Unix())
	})
	r.logPause(err, paused)
	return err
}

// mustPause returns why the subscription is to be paused, if it is.
func (r *round) mustPause() webhook.Reason {
	switch {
	case r.isGone:
		return webhook.Gone
	case r.progress.IsDead(r.Lobby.Unix()):
		return webhook.Failing
	}
	return webhook.NotPaused
}

func (r *round) logPause(err error, paused webhook.Reason) {
	if err == nil && paused != webhook.NotPaused {
		r.Log.Warn("a webhook is paused", "webhook", r.ref.ID, "workspace", r.ref.Workspace, "reason", string(paused),
			"failures", r.progress.Failures, "failing_since", r.progress.FailingSince)
		if r.Paused != nil {
			r.Paused()
		}
	}
}
