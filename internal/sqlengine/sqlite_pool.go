package sqlengine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// sqlitePool lends connections. It lends the one that came back last, which has the most recent pages in its cache.
type sqlitePool struct {
	free chan struct{} // one token for each connection that may be taken
	mu   sync.Mutex
	idle []*sqliteConn
	size int // of all connections, lent ones among them

	waits atomic.Int64 // of callers that found none
}

func newSQLitePool(size int) *sqlitePool { return &sqlitePool{free: make(chan struct{}, size)} }

// take waits for a connection until ctx ends. Closed connections are lent too, so that no caller waits for ever.
func (p *sqlitePool) take(ctx context.Context) (*sqliteConn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.free:
	default:
		p.waits.Add(1)
		select {
		case <-p.free:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	c := p.idle[last]
	p.idle = p.idle[:last]
	return c, nil
}

// add makes a connection one of the pool.
func (p *sqlitePool) add(c *sqliteConn) {
	p.mu.Lock()
	p.size++
	p.mu.Unlock()
	p.put(c)
}

func (p *sqlitePool) put(c *sqliteConn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.free <- struct{}{}
}

func (p *sqlitePool) figures() Connections {
	idle := len(p.free)
	return Connections{Acquired: cap(p.free) - idle, Idle: idle, Max: cap(p.free), Waits: p.waits.Load()}
}

// close closes every connection when it has come back.
func (p *sqlitePool) close() error {
	p.mu.Lock()
	size := p.size
	p.mu.Unlock()
	var errs []error
	closed := make([]*sqliteConn, size)
	for i := range closed {
		closed[i], _ = p.take(context.Background()) // it cannot fail: this context never ends
		errs = append(errs, closed[i].close())
	}
	for _, c := range closed {
		p.put(c)
	}
	return errors.Join(errs...)
}
