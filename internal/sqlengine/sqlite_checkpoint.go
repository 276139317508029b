package sqlengine

import (
	"errors"
	"os"
	"sync/atomic"
	"time"
)

const (
	// checkpointPause is how long the log grows before its pages are copied into the database file.
	checkpointPause = 500 * time.Millisecond
	// maxLog is the length of the log, in pages, at which the writer itself copies the rest, so that the log can begin
	// anew. While the writer goes on, no other connection reaches the end of the log.
	maxLog = 16_000
)

// checkpointer copies the pages of the write-ahead log into the database file while the writer goes on. The log is
// durable, so nothing is lost when a checkpoint fails: the next one tries again.
type checkpointer struct {
	pool    *sqlitePool // of one connection
	dirty   chan struct{}
	tooLong atomic.Bool
	stop    chan struct{}
	stopped chan struct{}

	observer Observer
	log      string // file
}

func (e *sqliteEngine) startCheckpoints() error {
	c := &checkpointer{
		pool: newSQLitePool(1), dirty: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
		observer: e.observer, log: logOf(e.file),
	}
	conn, err := e.connect(c.pool)
	if err != nil {
		return err
	}
	e.checkpoints = c
	go c.run(conn)
	return nil
}

func (c *checkpointer) run(conn *sqliteConn) {
	defer close(c.stopped)
	pause := time.NewTimer(0)
	for {
		select {
		case <-c.stop:
			return
		case <-c.dirty:
		}
		pause.Reset(checkpointPause)
		select {
		case <-c.stop:
			return
		case <-pause.C:
		}
		if c.checkpoint(conn) > maxLog {
			c.tooLong.Store(true)
		}
	}
}

// committed is called by the writer after each commit, with its own connection. It has the log copied soon.
func (c *checkpointer) committed(writer *sqliteConn) {
	if c == nil {
		return
	}
	if c.tooLong.CompareAndSwap(true, false) {
		c.checkpoint(writer)
	}
	select {
	case c.dirty <- struct{}{}:
	default:
	}
}

// checkpoint runs one checkpoint on a connection. It returns the number of pages in the log, or the last known one.
func (c *checkpointer) checkpoint(on *sqliteConn) (pages int64) {
	began := time.Now()
	pages, err := on.checkpoint()
	c.observer.Checkpointed(time.Since(began), err)
	if err != nil {
		c.observer.BackgroundFailed("checkpoint", err)
	}
	return pages
}

// logBytes returns the size of the log's file; 0 where there is none.
func (c *checkpointer) logBytes() int64 {
	if c == nil {
		return 0
	}
	info, err := os.Stat(c.log)
	if err != nil {
		return 0
	}
	return info.Size()
}

func (c *checkpointer) close() error {
	close(c.stop)
	<-c.stopped
	return c.pool.close()
}

// copiedWhole runs a checkpoint, and reports whether all of the log is now in the file.
func (c *sqliteConn) copiedWhole() (whole bool, err error) {
	err = c.Query(`PRAGMA wal_checkpoint(PASSIVE)`, nil, func(r Row) error {
		whole = r.Int(0) == 0 && r.Int(1) == r.Int(2)
		return nil
	})
	return whole, err
}

// checkpoint copies what can be copied without waiting, and returns the number of pages in the log.
func (c *sqliteConn) checkpoint() (pages int64, err error) {
	if c.conn == nil {
		return 0, errors.New("the connection is closed")
	}
	err = c.Query(`PRAGMA wal_checkpoint(PASSIVE)`, nil, func(r Row) error {
		pages = r.Int(1)
		return nil
	})
	return pages, err
}
