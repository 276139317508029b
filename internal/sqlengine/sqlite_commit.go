package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
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

// errSpoilt says that a write failed after it had changed rows in a transaction that it shares with other writes.
var errSpoilt = errors.New("a write has to be undone alone")

// commitGroup runs first and every write that waits behind it in one transaction, commits once, and then returns from
// all of them. So a thousand writers share one wait for the disk. It returns how long the commit took, and leaves in
// e.waits how long each write waited for its turn.
//
// The writes run without savepoints, which cost more than many a write. When one fails after it has changed rows, all of
// the group run again, each in a savepoint.
func (e *sqliteEngine) commitGroup(c *sqliteConn, first *job) (took time.Duration, committed bool) {
	group := []*job{first}
	e.waits = append(e.waits[:0], time.Since(first.since))
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
	abandon := func(err error) (time.Duration, bool) {
		fail(unavailable(e.noticed(err)))
		e.rollBack(c)
		return 0, false
	}
	if e.failure.reason() != nil {
		fail(ErrUnavailable)
		return 0, false
	}
	if err := e.beginGroup(c); err != nil {
		return abandon(err)
	}
	c.holds = true // nobody else commits
	defer func() { c.holds = false }()
	inSavepoints := false
	for i := 0; i < len(group); i++ {
		err := c.runJob(group[i], inSavepoints)
		if errors.Is(err, errSpoilt) {
			e.rollBack(c)
			if err = e.beginGroup(c); err == nil {
				inSavepoints, i = true, -1
				continue
			}
		}
		if err != nil {
			return abandon(err)
		}
		if group[i].err = e.noticed(group[i].err); e.failure.reason() != nil {
			return abandon(e.failure.reason())
		}
		if i == len(group)-1 && len(group) < maxGroup {
			if next := e.nextJob(); next != nil {
				group = append(group, next)
				e.waits = append(e.waits, time.Since(next.since))
			}
		}
	}
	if err := e.marker.mark(c, false); err != nil {
		return abandon(err)
	}
	began := time.Now()
	if err := e.steps.commit(c, func() error { return c.Exec(`COMMIT`, nil) }); err != nil {
		if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultFull {
			// The frame that commits is the last one that is written, so it is not there.
			return abandon(err)
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

// nextJob returns a write that waits; nil for none. Before it gives up, those who are about to hand one in get their turn: where
// processors are scarce, this makes groups several times larger, and a lone writer waits for nobody.
func (e *sqliteEngine) nextJob() *job {
	if len(e.jobs) == 0 {
		runtime.Gosched()
	}
	select {
	case next := <-e.jobs: // nil once closed
		return next
	default:
		return nil
	}
}

// beginGroup begins the transaction of a group. After an error there may be one.
func (e *sqliteEngine) beginGroup(c *sqliteConn) error {
	if err := c.Exec(`BEGIN IMMEDIATE`, nil); err != nil {
		return err
	}
	if err := e.marker.begin(c); err != nil {
		return err
	}
	c.Forget(0)
	return c.noticeOthers()
}

// rollBack ends the transaction of a group, if there is one. What was noticed of other processes is to be noticed again.
func (e *sqliteEngine) rollBack(c *sqliteConn) {
	c.nextVersion = c.dataVersion
	if c.conn.AutocommitEnabled() { // SQLite itself rolls back when the disk is full, and after some other errors
		return
	}
	if err := c.Exec(`ROLLBACK`, nil); err != nil {
		e.failure.fail(fmt.Errorf("a transaction could not be rolled back: %w", err))
	}
}

// runJob runs one write of a group, so that its failure undoes nothing else. Outside of a savepoint it returns errSpoilt when
// the write has failed after it changed rows. Any other error says that the whole group is lost; nothing of it is
// committed then.
func (c *sqliteConn) runJob(j *job, inSavepoint bool) error {
	j.panicked, j.err = nil, nil
	if err := j.ctx.Err(); err != nil {
		j.err = unavailable(err)
		return nil
	}
	if inSavepoint {
		if err := c.Exec(`SAVEPOINT job`, nil); err != nil {
			return err
		}
	}
	noted := len(c.notes)
	c.wrote = false
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
		switch {
		case c.conn.AutocommitEnabled():
			return j.err // with the whole transaction
		case !inSavepoint && c.wrote:
			return errSpoilt
		case inSavepoint:
			if err := c.Exec(`ROLLBACK TO job`, nil); err != nil {
				return err
			}
		}
	}
	if !inSavepoint {
		return nil
	}
	return c.Exec(`RELEASE job`, nil)
}
