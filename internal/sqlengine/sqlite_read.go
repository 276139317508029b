package sqlengine

import (
	"context"
	"errors"
)

// read is the part of a session that knows how far a read is. Its transaction begins with the first statement. When that is
// the only one, as mostly the last times, it needs none; when another one follows, the read runs again in a transaction.
type read struct {
	isRead bool
	form
	first   *sqliteStmt // nil for none yet
	isAlone bool        // whether the first one runs without a transaction
	isMore  bool        // whether others follow
	// recalled is asked when the view begins; nil for nothing.
	recalled Recalled
}

func (e *sqliteEngine) Read(ctx context.Context, fn func(Session) error) error {
	return e.readAs(ctx, single, fn)
}

// readAs is Read, which runs fn first in a form.
func (e *sqliteEngine) readAs(ctx context.Context, as form, fn func(Session) error) error {
	c, err := e.readers.take(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer e.readers.put(c)
	if c.conn == nil {
		return ErrUnavailable
	}
	if err = e.readOn(c, as, fn); errors.Is(err, errMoreQuestions) {
		err = e.readOn(c, whole, fn)
	}
	if !errors.Is(err, errOutOfStep) {
		return err
	}
	e.steps.gate.RLock()
	defer e.steps.gate.RUnlock()
	c.holds = true
	defer func() { c.holds = false }()
	return e.readOn(c, whole, fn)
}

// readOn runs fn on one view of a connection. It returns errMoreQuestions when it has to run again as a whole.
func (e *sqliteEngine) readOn(c *sqliteConn, as form, fn func(Session) error) error {
	c.read, c.began = read{isRead: true, form: as}, false
	defer func() {
		isBegun := c.began && !c.isAlone
		if c.learn(); !isBegun {
			return
		}
		if err := c.Exec(`COMMIT`, nil); err != nil {
			c.Exec(`ROLLBACK`, nil) //nolint:errcheck // nothing was written; a broken connection fails at its next BEGIN
		}
	}()
	err := e.noticed(fn(c))
	if c.isAlone && c.isMore { // whatever fn made of that
		return errMoreQuestions
	}
	return err
}

// learn ends a read, and remembers whether the first statement was the only one.
func (c *sqliteConn) learn() {
	if c.first != nil {
		c.first.habit = c.first.habit.after(c.isMore)
	}
	c.read = read{}
}

// reads is called before each statement of a read.
func (c *sqliteConn) reads(s *sqliteStmt) error {
	switch {
	case !c.isRead:
		return nil
	case !c.began:
		return c.beginRead(s)
	case c.first != nil:
		return c.goOn()
	}
	return nil
}

// goOn says that another question follows.
func (c *sqliteConn) goOn() error {
	if c.isMore = true; c.isAlone {
		return errMoreQuestions
	}
	return nil
}

// beginRead begins the transaction of a read, unless its first statement can do without.
func (c *sqliteConn) beginRead(s *sqliteStmt) error {
	c.begin()
	if c.recalled == nil && c.form == single && isQuestion(s.sql) {
		if c.isAlone = s.habit.isSingle(); c.isAlone {
			c.first = s
			return nil
		}
	}
	if err := c.Exec(`BEGIN`, nil); err != nil {
		return unavailable(err)
	}
	if c.recalled == nil {
		c.first = s
		return nil
	}
	// A view begins with the first statement that reads.
	if err := c.Exec(`SELECT 1 FROM sqlite_schema LIMIT 1`, nil); err != nil {
		return err
	}
	if !c.steps.marker.isAlone() || !c.recalled.IsCurrent() {
		return errOutOfStep
	}
	return nil
}
