package sqlengine

import (
	"context"
	"time"
)

const (
	// purgePatience is how long Purge keeps the writer while it waits for reads to end.
	purgePatience = 200 * time.Millisecond
	// purgeStep is the pause between two of its attempts, and all that an attempt in the background waits.
	purgeStep = 2 * time.Millisecond
)

// Purge empties the write-ahead log, in which former images of pages stand. What was deleted is overwritten in the database
// file itself, because each connection has secure_delete. It cannot while another read, perhaps of another process, still
// needs the log; then the checkpointer goes on trying.
func (e *sqliteEngine) Purge(ctx context.Context) bool {
	if e.checkpoints == nil { // in memory
		return true
	}
	if e.truncate(ctx, purgePatience) {
		return true
	}
	e.checkpoints.owed.Store(true)
	e.checkpoints.wake()
	return false
}

// truncate empties the log within the time of patience, in which nobody writes. It reports whether the log is empty.
func (e *sqliteEngine) truncate(ctx context.Context, patience time.Duration) bool {
	c, err := e.writer.take(ctx)
	if err != nil || c.conn == nil {
		return false
	}
	defer e.writer.put(c)
	// Reads that begin after the last commit need no log once it is copied. So while nobody writes, each attempt waits for
	// older reads only.
	for end := time.Now().Add(patience); ; time.Sleep(purgeStep) {
		if e.checkpoints.truncate(c) {
			return true
		}
		if ctx.Err() != nil || !time.Now().Before(end) {
			return false
		}
	}
}

// truncate makes one attempt, which does not wait for other connections.
func (c *checkpointer) truncate(on *sqliteConn) bool {
	began, isBusy := time.Now(), true
	err := on.withoutWaiting(func() error {
		return on.Query(`PRAGMA wal_checkpoint(TRUNCATE)`, nil, func(r Row) error {
			isBusy = r.Bool(0)
			return nil
		})
	})
	if err == nil && isBusy {
		return false
	}
	c.observer.Checkpointed(time.Since(began), err)
	if err != nil {
		c.observer.BackgroundFailed("checkpoint", err)
	}
	return err == nil
}

// withoutWaiting runs fn while the connection does not wait for locks of others.
func (c *sqliteConn) withoutWaiting(fn func() error) error {
	c.conn.SetBusyTimeout(0)
	defer c.conn.SetBusyTimeout(busyTimeout)
	return fn()
}
