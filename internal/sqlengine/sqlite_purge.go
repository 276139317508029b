package sqlengine

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"time"
)

const (
	// truncatePatience is how long a purge keeps the writer while it waits for reads that need the log.
	truncatePatience = 50 * time.Millisecond
	// purgePause is how long a purge that could not finish waits before it begins again.
	purgePause = 250 * time.Millisecond
	// purgeRest is how many times as long as a purge took the next one is put off, so that many deletions cost little.
	purgeRest = 4
	// purgeBatch is how many pages are cleared in one transaction, so that other writes come in between.
	purgeBatch = 256
)

// purger runs purges, one at a time. Callers that wait share the next one.
type purger struct {
	pool    *sqlitePool // of the one connection that looks at the pages
	wanted  chan struct{}
	ctx     context.Context // ends with the database
	stop    context.CancelFunc
	stopped chan struct{}

	mu   sync.Mutex
	next chan struct{} // closed when a purge is done that has not begun yet; nil when no caller waits for one
}

func (e *sqliteEngine) startPurges() error {
	p := &purger{pool: newSQLitePool(1), wanted: make(chan struct{}, 1), stopped: make(chan struct{})}
	p.ctx, p.stop = context.WithCancel(context.Background())
	conn, err := e.connect(p.pool, "cache_size = -1024")
	if err != nil {
		return err
	}
	e.purges = p
	go e.runPurges(conn)
	return nil
}

func (p *purger) close() error {
	p.stop()
	<-p.stopped
	return p.pool.close()
}

// join returns a channel that is closed when a purge that has not begun yet is done.
func (p *purger) join() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = make(chan struct{})
	}
	select {
	case p.wanted <- struct{}{}:
	default:
	}
	return p.next
}

// take returns the channel on which callers wait. Later callers wait for another purge.
func (p *purger) take() chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := p.next
	p.next = nil
	return next
}

// rest waits for d, and reports false when the database closes meanwhile.
func (p *purger) rest(d time.Duration) bool {
	select {
	case <-p.ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Purge waits for a purge that begins after the call.
func (e *sqliteEngine) Purge(ctx context.Context, patience time.Duration) bool {
	if e.purges == nil { // in memory
		return true
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	select {
	case <-e.purges.join():
		return true
	case <-ctx.Done():
		return false
	}
}

func (e *sqliteEngine) runPurges(conn *sqliteConn) {
	p := e.purges
	defer close(p.stopped)
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-p.wanted:
		}
		began := time.Now()
		done := p.take()
		for {
			isDone, err := e.purge(conn)
			if err != nil && p.ctx.Err() == nil {
				e.observer.BackgroundFailed("purge", err)
			}
			if isDone {
				break
			}
			if !p.rest(purgePause) {
				return
			}
		}
		if done != nil {
			close(done)
		}
		if !p.rest(purgeRest * time.Since(began)) {
			return
		}
	}
}

// purge makes what was deleted before unreadable, in three steps, and reports whether it could do all of them. Each
// connection has secure_delete, which overwrites what is deleted where it stands. What SQLite moved earlier still stands
// where it was, on other pages; these are found and cleared. Former images of pages stand in the log, which is emptied.
func (e *sqliteEngine) purge(reading *sqliteConn) (bool, error) {
	pages, err := reading.unclearedPages()
	if err != nil {
		return false, err
	}
	for batch := range slices.Chunk(pages, purgeBatch) {
		if err := e.Write(e.purges.ctx, func(on Session) error { return on.(*sqliteConn).clearPages(batch) }); err != nil {
			return false, err
		}
	}
	for more := true; more; {
		err := e.Write(e.purges.ctx, func(on Session) (err error) {
			more, err = on.(*sqliteConn).clearFree()
			return err
		})
		if err != nil {
			return false, err
		}
	}
	return e.truncate()
}

// unclearedPages returns the numbers of the pages of trees that hold more than what is stored.
func (c *sqliteConn) unclearedPages() (numbers []int64, err error) {
	err = c.eachPage(`SELECT pgno, data FROM sqlite_dbpage`, nil, func(number int64, page []byte) error {
		if clearUnused(page, number) {
			numbers = append(numbers, number)
		}
		return nil
	})
	return numbers, err
}

// clearPages clears pages of trees. One that has become something else since is not changed.
func (c *sqliteConn) clearPages(numbers []int64) error {
	for _, number := range numbers {
		err := c.changePage(number, func(page []byte) bool { return clearUnused(page, number) })
		if err != nil {
			return err
		}
	}
	return nil
}

// clearFree clears free pages, at most purgeBatch. Only those of a file that was once written without secure_delete hold
// anything. It reports whether there are more.
func (c *sqliteConn) clearFree() (more bool, err error) {
	cleared := 0
	change := func(number int64, clear func(page []byte) bool) error {
		return c.changePage(number, func(page []byte) bool {
			found := clear(page)
			if found {
				cleared++
			}
			return found
		})
	}
	next := int64(0)
	err = c.eachPage(selectPage, []any{int64(1)}, func(_ int64, page []byte) error {
		next = int64(binary.BigEndian.Uint32(page[firstTrunkAt:]))
		return nil
	})
	for err == nil && next != 0 && cleared < purgeBatch {
		var free []int64
		err = change(next, func(page []byte) (found bool) {
			free, next, found = clearTrunk(page)
			return found
		})
		for i := 0; err == nil && i < len(free) && cleared < purgeBatch; i++ {
			err = change(free[i], clearBytes)
		}
	}
	return cleared >= purgeBatch, err
}

const selectPage = `SELECT pgno, data FROM sqlite_dbpage WHERE pgno = $1`

// eachPage calls do with each page that a query returns. The page is valid during the call only.
func (c *sqliteConn) eachPage(sql string, args []any, do func(number int64, page []byte) error) error {
	var page []byte
	return c.Query(sql, args, func(r Row) error {
		stmt := r.(sqliteRow).s
		page = slices.Grow(page[:0], stmt.ColumnLen(1))[:stmt.ColumnLen(1)]
		stmt.ColumnBytes(1, page)
		return do(stmt.ColumnInt64(0), page)
	})
}

// changePage writes a page unless change reports that it changed nothing.
func (c *sqliteConn) changePage(number int64, change func(page []byte) bool) error {
	var changed []byte
	err := c.eachPage(selectPage, []any{number}, func(_ int64, page []byte) error {
		if change(page) {
			changed = page
		}
		return nil
	})
	if err != nil || changed == nil {
		return err
	}
	return c.Exec(`UPDATE sqlite_dbpage SET data = $2 WHERE pgno = $1`, []any{number, changed})
}

// truncate empties the log, and reports false when other reads or writes did not let it.
func (e *sqliteEngine) truncate() (bool, error) {
	c, err := e.writer.take(e.purges.ctx)
	if err != nil {
		return false, err
	}
	defer e.writer.put(c)
	if c.conn == nil {
		return false, ErrUnavailable
	}
	c.conn.SetBusyTimeout(0)
	defer c.conn.SetBusyTimeout(busyTimeout)
	// Reads that begin after the last commit need no log once it is copied. So while nobody writes, each attempt waits for
	// older reads only.
	for end := time.Now().Add(truncatePatience); ; time.Sleep(time.Millisecond) {
		began, isBusy := time.Now(), true
		err := c.Query(`PRAGMA wal_checkpoint(TRUNCATE)`, nil, func(r Row) error {
			isBusy = r.Bool(0)
			return nil
		})
		if err != nil || !isBusy {
			e.observer.Checkpointed(time.Since(began), err)
			return err == nil, err
		}
		if !time.Now().Before(end) {
			return false, nil
		}
	}
}
