package sqlengine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// probePause is how long a finding counts, so that many probes are no load.
	probePause = 250 * time.Millisecond
	// probeLimit is how long a server may take to say that it can write.
	probeLimit = 1500 * time.Millisecond
	// findLimit is how long all hosts of a URL may take together.
	findLimit = 10 * time.Second
)

var (
	errReadOnly = errors.New("the server only reads")
	errSilent   = errors.New("the server does not answer")
	errClosed   = errors.New("the pool is closed")
)

// postgresProbe finds out whether writing works. It has a connection of its own, so that a busy pool does not look like a
// server that is away. After a failed write it writes itself, and looks for another server behind the same URL.
type postgresProbe struct {
	connect func(context.Context) (*pgx.Conn, error)
	// renew makes the pool replace the connections that were there at a moment, once there is a server that can write.
	renew func(moment)

	// inDoubt says that a write has failed and none succeeded since; isLost that its connection was of no use.
	inDoubt, isLost atomic.Bool
	// lost is when the last work began that lost its connection. Younger connections may be good.
	lost latest

	mu      sync.Mutex
	asking  chan struct{} // closed when the finding is there; nil when nobody asks
	asked   time.Time
	finding error

	conn *pgx.Conn // nil for none; used by whoever asks
}

func newPostgresProbe(connect func(context.Context) (*pgx.Conn, error), renew func(moment)) *postgresProbe {
	return &postgresProbe{connect: connect, renew: renew}
}

// note learns from the result of a transaction, and when it began.
func (p *postgresProbe) note(caller context.Context, isWrite bool, began moment, err error) {
	switch {
	case err == nil:
		if isWrite && p.inDoubt.Load() {
			p.inDoubt.Store(false)
		}
		return
	case !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrUnknownOutcome), codeOf(err) == queryCanceled:
		return
	case errors.Is(err, ErrUnavailable) && caller.Err() != nil:
		return // the caller has left
	}
	p.inDoubt.Store(true)
	if isLost(err) {
		p.lost.raise(began)
		p.isLost.Store(true)
	}
	p.begin()
}

// ready returns ErrUnavailable unless the server can write. It returns within probeLimit and the end of ctx.
func (p *postgresProbe) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	select {
	case <-p.begin():
	case <-ctx.Done():
		return unavailable(errSilent)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.finding != nil {
		return unavailable(p.finding)
	}
	return nil
}

// found is the channel of a finding that is there.
var found = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// begin makes sure that there is a finding of late, or will be, and returns a channel that is closed then.
func (p *postgresProbe) begin() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.asking != nil:
		return p.asking
	case errors.Is(p.finding, errClosed), time.Since(p.asked) < probePause:
		return found
	}
	asking := make(chan struct{})
	p.asking = asking
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), findLimit)
		defer cancel()
		finding := p.find(ctx)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.finding, p.asked, p.asking = finding, time.Now(), nil
		close(asking)
	}()
	return asking
}

// find asks on the connection that is there, and when that fails on a new one, which may lead to another server.
func (p *postgresProbe) find(ctx context.Context) (err error) {
	inDoubt, isLost := p.inDoubt.Load(), p.isLost.Swap(false)
	isFirst := p.conn == nil && !isLost
	since := p.lost.get()
	if !isLost {
		since = now()
	}
	if p.conn != nil && !isLost && p.ask(ctx, inDoubt) == nil {
		p.inDoubt.CompareAndSwap(inDoubt, false)
		return nil
	}
	p.disconnect()
	if p.conn, err = p.connect(ctx); err == nil {
		err = p.ask(ctx, inDoubt)
	}
	if err != nil {
		p.isLost.Store(true)
		return err
	}
	p.inDoubt.CompareAndSwap(inDoubt, false)
	if !isFirst {
		p.renew(since)
	}
	return nil
}

// ask returns nil if the server can write. In doubt it writes, and waits until that is durable.
func (p *postgresProbe) ask(ctx context.Context, inDoubt bool) error {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	results, err := p.conn.PgConn().Exec(ctx, `SHOW transaction_read_only`).ReadAll()
	switch {
	case err != nil:
		return err
	case len(results) == 1 && len(results[0].Rows) == 1 && string(results[0].Rows[0][0]) == "on":
		return errReadOnly
	case inDoubt:
		_, err = p.conn.Exec(ctx, `UPDATE migrations SET hash = hash WHERE number = 1`)
	}
	return err
}

func (p *postgresProbe) disconnect() {
	if p.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = p.conn.Close(ctx) // it is of no use
	p.conn = nil
}

// close waits until nobody asks any more.
func (p *postgresProbe) close() {
	p.mu.Lock()
	for p.asking != nil {
		asking := p.asking
		p.mu.Unlock()
		<-asking
		p.mu.Lock()
	}
	p.finding = errClosed
	p.mu.Unlock()
	p.disconnect()
}
