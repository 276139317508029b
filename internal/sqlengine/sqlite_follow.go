package sqlengine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Followed is a session of an engine that tells a follower of every commit, so that the follower can keep something in
// memory that is made of the rows.
type Followed interface {
	Session
	// Note keeps a change for the follower, who gets it when the transaction is committed.
	Note(change any)
	// Noted returns the changes that are not committed yet and that the session sees, in their order.
	Noted() []any
	// Forget drops all of them but the first n, because what they tell of was rolled back.
	Forget(n int)
	// InStep runs fn while the follower has been told of all commits that the session sees, and of no other. A session
	// that writes also sees what is noted. It returns an error that ends the read, which then runs again.
	InStep(fn func() error) error
	// MayRecall reports whether what the follower keeps may stand for rows: no other process has begun to commit since the
	// follower was told of others, and the session is a writer or has no view yet.
	MayRecall() bool
	// Recalled says that rows were recalled. When a view begins after that, the read runs again unless they are current.
	Recalled(Recalled)
}

// Recalled are rows that a read has not read but knew.
type Recalled interface {
	// IsCurrent reports whether the rows are those of the last commit.
	IsCurrent() bool
}

// Follower is called after each commit of an engine with the changes that were noted, if any, in the order of the commits. No
// function of InStep runs meanwhile. It must return soon, because the writes wait for it.
type Follower func(changes []any)

// Writing is called with the table that a statement is about to change, which is empty when anything may change, and with the
// statement. It must not run statements.
type Writing func(table, sql string, args []any)

// Foreign is the change of which a follower is told when a script or another process has written to the database.
type Foreign struct{}

// errOutOfStep ends a read whose view is older or newer than what the follower knows.
var errOutOfStep = errors.New("the view is not the one that the follower knows")

// steps keeps the views of a database in step with its follower.
type steps struct {
	follower Follower // nil for none
	writing  Writing  // nil for none
	marker   *marker  // nil in memory
	// gate is held while a commit ends and the follower is told of it, and for reading while neither may happen.
	gate sync.RWMutex
	// commits counts the commits that have ended.
	commits atomic.Int64
}

// commit runs a commit, and tells the follower of it.
func (s *steps) commit(c *sqliteConn, commit func() error) error {
	s.gate.Lock()
	defer s.gate.Unlock()
	defer s.commits.Add(1) // a view of before, and one that began meanwhile, are then out of step
	defer c.Forget(0)
	if err := commit(); err != nil {
		return err
	}
	c.dataVersion = c.nextVersion
	if s.follower != nil {
		s.follower(c.notes)
	}
	return nil
}

// view is the part of a session that keeps it in step.
type view struct {
	steps *steps
	// began is whether the session has a view, and commits what was counted just before.
	began   bool
	commits int64
	// holds is whether the session holds the gate until it ends, or writes. Then it is in step.
	holds bool
	notes []any
	// untold says that what is noted is not kept.
	untold bool
	read
}

func (v *view) begin() {
	if !v.began {
		v.began, v.commits = true, v.steps.commits.Load()
	}
}

func (v *view) Note(change any) {
	if v.steps.follower != nil && !v.untold {
		v.notes = append(v.notes, change)
	}
}

func (v *view) Noted() []any { return v.notes }

func (v *view) Forget(n int) {
	clear(v.notes[n:])
	v.notes = v.notes[:n]
}

func (c *sqliteConn) InStep(fn func() error) error {
	if c.holds {
		return fn()
	}
	c.steps.gate.RLock()
	defer c.steps.gate.RUnlock()
	if c.isAlone {
		return c.goOn()
	}
	if !c.began {
		// A view begins with the first statement that reads.
		c.form = whole
		if err := c.Exec(`SELECT 1 FROM sqlite_schema LIMIT 1`, nil); err != nil {
			return err
		}
	}
	if c.commits != c.steps.commits.Load() {
		return errOutOfStep
	}
	return fn()
}

// MayRecall implements [Followed].
func (c *sqliteConn) MayRecall() bool {
	if c.isRead {
		return (c.holds || !c.began) && c.steps.marker.isAlone()
	}
	return c.holds // it has noticed the others, and keeps them from committing
}

// Recalled implements [Followed].
func (c *sqliteConn) Recalled(rows Recalled) {
	if !c.holds {
		c.recalled = rows
	}
}

// ReadLong implements Engine. It opens a connection, and ends in the midst of a statement when ctx does. Who asks many
// questions begins with a transaction.
func (e *sqliteEngine) ReadLong(ctx context.Context, fn func(Session) error) error {
	if e.readers == e.writer {
		return e.readAs(ctx, whole, fn)
	}
	pool := newSQLitePool(1)
	c, err := e.connect(pool, "query_only = ON")
	if err == nil {
		c.conn.SetInterrupt(ctx.Done())
		if err = e.readOn(c, whole, fn); err != nil && ctx.Err() != nil {
			err = unavailable(ctx.Err())
		}
		c.conn.SetInterrupt(nil)
	}
	return errors.Join(err, pool.close())
}

// dataVersion asks for a number that changes when another connection has committed.
const dataVersion = `PRAGMA data_version`

// noticeOthers notes that another process has written since the last time. Every transaction that writes begins with it.
func (c *sqliteConn) noticeOthers() error {
	version, err := Number(c, dataVersion, nil)
	if err != nil {
		return err
	}
	if version != c.dataVersion {
		c.Note(Foreign{})
		if c.steps.writing != nil {
			c.steps.writing("", "", nil)
		}
	}
	c.steps.marker.notice()
	c.nextVersion = version // until it is committed, the follower is not told
	return nil
}
