package sqlengine

import (
	"context"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
)

// maxGroup is how many writes may share one commit. It limits how long the first of them waits.
const maxGroup = 512

// job is one write on its way through the group commit.
type job struct {
	ctx      context.Context
	fn       func(Session) error
	err      error
	panicked any
	done     chan struct{}
	since    time.Time // when it was handed in
}

func (e *sqliteEngine) writeLoop() {
	defer close(e.stopped)
	for first := range e.jobs {
		c, _ := e.writer.take(context.Background()) // it cannot fail while there are jobs
		took, committed := e.commitGroup(c, first)
		if committed { // all writers have returned
			e.observer.Committed(e.waits, took)
		}
		e.checkpoints.committed(c)
		e.writer.put(c)
	}
}

// commitGroup runs first and every write that waits behind it in one transaction, commits once, and then returns from
// all of them. So a thousand writers share one wait for the disk. It returns how long the commit took, and leaves in
// e.waits how long each write waited for its turn.
func (e *sqliteEngine) commitGroup(c *sqliteConn, first *job) (took time.Duration, committed bool) {
	group := []*job{first}
	e.waits = e.waits[:0]
	defer func() {
		for _, j := range group {
			close(j.done)
		}
	}()
	fail := func(err error) {
		for _, j := range group {
			if j.err == nil {
				j.err = err
			}
		}
	}
	// abandon gives up a transaction that cannot have been committed.
	abandon := func(err error) {
		fail(unavailable(e.noticed(err)))
		if !c.conn.AutocommitEnabled() { // SQLite itself rolls back when the disk is full, and after some other errors
			if err := c.Exec(`ROLLBACK`, nil); err != nil {
				e.failure.fail(fmt.Errorf("a transaction could not be rolled back: %w", err))
			}
		}
	}
	if e.failure.reason() != nil {
		fail(ErrUnavailable)
		return 0, false
	}
	if err := c.Exec(`BEGIN IMMEDIATE`, nil); err != nil {
		fail(unavailable(e.noticed(err)))
		return 0, false
	}
	if err := e.marker.begin(c); err != nil {
		abandon(err)
		return 0, false
	}
	c.Forget(0)
	if err := c.noticeOthers(); err != nil {
		abandon(err)
		return 0, false
	}
	c.holds = true // nobody else commits
	defer func() { c.holds = false }()
	for j := first; j != nil; {
		e.waits = append(e.waits, time.Since(j.since))
		if err := c.runJob(j); err != nil {
			abandon(err)
			return 0, false
		}
		if j.err = e.noticed(j.err); e.failure.reason() != nil {
			abandon(e.failure.reason())
			return 0, false
		}
		j = nil
		if len(group) < maxGroup {
			select {
			case next, ok := <-e.jobs:
				if ok {
					j = next
					group = append(group, next)
				}
			default:
			}
		}
	}
	if err := e.marker.mark(c, false); err != nil {
		abandon(err)
		return 0, false
	}
	began := time.Now()
	if err := e.steps.commit(c, func() error { return c.Exec(`COMMIT`, nil) }); err != nil {
		if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultFull {
			// The frame that commits is the last one that is written, so it is not there.
			abandon(err)
			return 0, false
		}
		e.failure.fail(fmt.Errorf("a commit failed: %w: %w", ErrUnknownOutcome, err))
		fail(fmt.Errorf("%w: %w", ErrUnknownOutcome, err))
		c.Exec(`ROLLBACK`, nil) //nolint:errcheck // the connection is not used again
		return 0, false
	}
	took = time.Since(began)
	if err := e.guard.check(); err != nil { // it went into a file without a name
		e.failure.fail(err)
		fail(fmt.Errorf("%w: %w", ErrUnknownOutcome, err))
		return 0, false
	}
	e.marker.committed()
	return took, true
}

// runJob runs one write of a group in a savepoint, so that its failure undoes nothing else. It returns an error only
// when the whole group is lost; nothing of it is committed then.
func (c *sqliteConn) runJob(j *job) error {
	if err := j.ctx.Err(); err != nil {
		j.err = unavailable(err)
		return nil
	}
	if err := c.Exec(`SAVEPOINT job`, nil); err != nil {
		return err
	}
	noted := len(c.notes)
	func() {
		defer func() {
			if j.panicked = recover(); j.panicked != nil {
				j.err = ErrUnavailable
			}
		}()
		j.err = j.fn(c)
	}()
	if j.err != nil {
		c.Forget(noted)
		if c.conn.AutocommitEnabled() {
			return j.err // with the whole transaction
		}
		if err := c.Exec(`ROLLBACK TO job`, nil); err != nil {
			return err
		}
	}
	return c.Exec(`RELEASE job`, nil)
}
