package sqlstore

import (
	"context"
	"fmt"

	"lobby/internal/people"
)

// maxBatch bounds how many writes share one commit, and so how long the first of them waits.
const maxBatch = 512

// job is one write on its way through the group commit.
type job struct {
	ctx      context.Context
	fn       func(session) error
	err      error
	panicked any
	done     chan struct{}
}

func (e *sqliteEngine) writeLoop() {
	defer close(e.stopped)
	for first := range e.jobs {
		c, _ := e.writer.take(context.Background()) // it cannot fail while there are jobs
		e.commitGroup(c, first)
		e.checkpoints.committed(c)
		e.writer.put(c)
	}
}

// commitGroup runs first and every write that waits behind it in one transaction, commits once, and only then answers
// them all: a thousand writers share one wait for the disk.
func (e *sqliteEngine) commitGroup(c *sqliteConn, first *job) {
	group := []*job{first}
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
	lose := func(err error) {
		close(e.broken)
		fail(fmt.Errorf("%w: %w", people.ErrUnknownOutcome, err))
		c.exec(`ROLLBACK`, nil) //nolint:errcheck // the connection is not used again
	}
	if e.isBroken() {
		fail(people.ErrUnavailable)
		return
	}
	if err := c.exec(`BEGIN IMMEDIATE`, nil); err != nil {
		fail(unavailable(err))
		return
	}
	for j := first; j != nil; {
		if err := c.runJob(j); err != nil {
			lose(err)
			return
		}
		j = nil
		if len(group) < maxBatch {
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
	if err := c.exec(`COMMIT`, nil); err != nil {
		lose(err)
	}
}

// runJob runs one write of a group so that its failure takes nothing else with it. It answers an error only when the
// whole group is lost.
func (c *sqliteConn) runJob(j *job) error {
	if err := j.ctx.Err(); err != nil {
		j.err = unavailable(err)
		return nil
	}
	if err := c.exec(`SAVEPOINT job`, nil); err != nil {
		return err
	}
	func() {
		defer func() {
			if j.panicked = recover(); j.panicked != nil {
				j.err = people.ErrUnavailable
			}
		}()
		j.err = j.fn(c)
	}()
	if j.err != nil {
		if err := c.exec(`ROLLBACK TO job`, nil); err != nil {
			return err
		}
	}
	return c.exec(`RELEASE job`, nil)
}
