package sqlstore

import (
	"context"
	"errors"
	"sync"
)

// sqlitePool lends connections. It lends the one that came back last, whose pages are the warmest.
type sqlitePool struct {
	free chan struct{} // one token for each connection that may be taken
	mu   sync.Mutex
	idle []*sqliteConn
}

func newSQLitePool(size int) *sqlitePool { return &sqlitePool{free: make(chan struct{}, size)} }

// take waits for a connection until ctx ends. One that is closed already is lent too, so that nobody waits for ever.
func (p *sqlitePool) take(ctx context.Context) (*sqliteConn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	c := p.idle[last]
	p.idle = p.idle[:last]
	return c, nil
}

func (p *sqlitePool) put(c *sqliteConn) {
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
	p.free <- struct{}{}
}

// close closes every connection, each when it has come back.
func (p *sqlitePool) close() error {
	p.mu.Lock()
	lent := cap(p.free)
	p.mu.Unlock()
	var errs []error
	var closed []*sqliteConn
	for range lent {
		c, err := p.take(context.Background())
		if err != nil {
			errs = append(errs, err)
			continue
		}
		errs = append(errs, c.close())
		closed = append(closed, c)
	}
	for _, c := range closed {
		p.put(c)
	}
	return errors.Join(errs...)
}
