package deliver

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"time"

	"lobby/internal/apiversion"
	"lobby/internal/people"
	"lobby/internal/ticker"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// Options are what a [Deliverer] is made of. Unless said otherwise, all are required.
type Options struct {
	Lobby    *people.Lobby
	Webhooks *webhook.Registry
	// PublicURL begins the URLs of pictures; it may be empty.
	PublicURL string
	Log       *slog.Logger
	// Failed is told what goes wrong besides the attempts themselves.
	Failed func(error)
	// Attempted is told of every attempt, and Paused of every subscription that is paused because it fails. Either may be nil.
	Attempted func(accepted bool, took time.Duration)
	Paused    func()
	// Commits returns how many transactions of this process have ended, and whether others hardly ever write to the database.
	// Nothing is looked for while the number stays, but once a second. Nil is for not known.
	Commits func() (count int64, all bool)
	// Spread returns a random number from 0 up to 1 for the times of retries; nil is the system's.
	Spread func() float64
}

// Deliverer sends what the outbox has for the webhooks. Several may work on one database.
type Deliverer struct {
	Options
	client *http.Client
	// holder names this server in the leases.
	holder string
	// database has a place for each of the rounds that may use the database at once, so that the API keeps room.
	database chan struct{}

	mu sync.Mutex
	// working are the subscriptions that are being served.
	working map[webhook.Ref]bool
}

// New returns a deliverer. Nothing is sent before [Deliverer.Run].
func New(o Options) *Deliverer {
	if o.Spread == nil {
		o.Spread = rand.Float64
	}
	if o.Commits == nil {
		o.Commits = func() (int64, bool) { return 0, false }
	}
	return &Deliverer{
		Options: o, client: newClient(o.Webhooks.AllowPrivate), holder: workspace.RandomUUID(),
		database: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), working: map[webhook.Ref]bool{},
	}
}

const (
	// pause is how long a new entry may wait until it is looked for.
	pause = 100 * time.Millisecond
	// maxServed is the max number of subscriptions that this server delivers to at once.
	maxServed = 1000
)

// Run delivers until ctx ends. Attempts under way are cut off then, and made again by whoever runs next.
func (d *Deliverer) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer d.client.CloseIdleConnections()
	defer all.Wait()
	w := watch{commits: d.Commits, created: d.Webhooks.Created}
	ticker.Every(ctx, pause, func(ctx context.Context) {
		if !w.mayHave(d.Lobby.Unix()) {
			return
		}
		due, err := d.look(ctx, &w)
		if err != nil {
			d.failed(ctx, err)
			return
		}
		d.serveAll(ctx, due, &all)
	})
}

// serveAll begins to serve subscriptions, except those that are being served.
func (d *Deliverer) serveAll(ctx context.Context, due []webhook.Ref, all *sync.WaitGroup) {
	for _, ref := range due {
		if d.begin(ref) {
			all.Go(func() {
				defer d.end(ref)
				d.serve(ctx, ref)
			})
		}
	}
}

// due returns the subscriptions that have something to do now.
func (d *Deliverer) due(ctx context.Context) ([]webhook.Ref, error) {
	return workspace.Read(ctx, d.Webhooks.Store, func(r webhook.Reader) ([]webhook.Ref, error) {
		return r.DueWebhooks(d.Lobby.Unix(), maxServed)
	})
}

// settlePause is how long Settle waits for rounds that others have begun.
const settlePause = 5 * time.Millisecond

// Settle delivers until nothing is due any more, also what Run has begun, or ctx ends, whose error it then returns.
func (d *Deliverer) Settle(ctx context.Context) error {
	for {
		due, err := d.due(ctx)
		if err != nil || len(due) == 0 && !d.isWorking() {
			return err
		}
		var all sync.WaitGroup
		d.serveAll(ctx, due, &all)
		all.Wait()
		if !ticker.Sleep(ctx, settlePause) {
			return ctx.Err()
		}
	}
}

// isWorking reports whether a subscription is being served.
func (d *Deliverer) isWorking() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.working) > 0
}

// begin marks a subscription as being served. It reports false when it is already, or when there are too many.
func (d *Deliverer) begin(ref webhook.Ref) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.working[ref] || len(d.working) >= maxServed {
		return false
	}
	d.working[ref] = true
	return true
}

func (d *Deliverer) end(ref webhook.Ref) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.working, ref)
}

// failed records a failure, unless the server stops, which ends all work.
func (d *Deliverer) failed(ctx context.Context, err error) {
	if ctx.Err() == nil {
		d.Failed(err)
	}
}

func (d *Deliverer) observe(accepted bool, took time.Duration) {
	if d.Attempted != nil {
		d.Attempted(accepted, took)
	}
}

const (
	// leaseLife is how long a server that is gone keeps a subscription from the others, in seconds. A living one renews its
	// lease after leaseRenewal.
	leaseLife    = 10
	leaseRenewal = 3 * time.Second
	// maxTurn is how long a server serves a subscription that always has something to do, before another may take it.
	maxTurn = 30 * time.Second
)

// serve delivers what a subscription has, as long as this server has the lease.
func (d *Deliverer) serve(ctx context.Context, ref webhook.Ref) {
	if held, err := d.lease(ctx, ref, leaseLife); err != nil || !held {
		if err != nil {
			d.failed(ctx, err)
		}
		return
	}
	renewed, stop := context.WithCancel(ctx)
	var renewal sync.WaitGroup
	renewal.Go(func() { d.renew(renewed, ref) })
	until := time.Now().Add(maxTurn)
	for more := true; more && ctx.Err() == nil && time.Now().Before(until); {
		var err error
		if more, err = d.round(ctx, ref); err != nil {
			d.failed(ctx, err)
			break
		}
	}
	stop()
	renewal.Wait()
	// Without this others would wait until the lease ends. A server that stops has no time for it.
	if ctx.Err() == nil {
		if _, err := d.lease(ctx, ref, 0); err != nil {
			d.failed(ctx, err)
		}
	}
}

// renew keeps the lease until ctx ends.
func (d *Deliverer) renew(ctx context.Context, ref webhook.Ref) {
	ticker.Every(ctx, leaseRenewal, func(ctx context.Context) {
		if _, err := d.lease(ctx, ref, leaseLife); err != nil {
			d.failed(ctx, err)
		}
	})
}

// lease takes the lease of a subscription for so many seconds, or reports false when another server has it.
func (d *Deliverer) lease(ctx context.Context, ref webhook.Ref, life int64) (bool, error) {
	return workspace.Write(ctx, d.Webhooks.Store, func(w webhook.Writer) (bool, error) { return d.leaseWithin(w, ref, life) })
}

func (d *Deliverer) leaseWithin(w webhook.Writer, ref webhook.Ref, life int64) (bool, error) {
	now := d.Lobby.Unix()
	return w.TakeLease("webhook "+string(ref.Workspace)+" "+ref.ID, d.holder, now, now+life)
}

// shapeOf returns how the items of a subscription are written.
func (d *Deliverer) shapeOf(s *webhook.Subscription) shape {
	v, err := apiversion.Parse(s.Version)
	if err != nil {
		v = apiversion.Default
	}
	return shape{version: v, base: d.PublicURL}
}
