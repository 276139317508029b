package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// maxAttempts bounds how often one transaction runs again.
const maxAttempts = 12

// retry runs fn in a transaction, and again while it fails only because of another transaction. A taken unique key
// counts as that: the function's own check ran before the other transaction committed, and sees it the next time.
//
// Under READ COMMITTED each statement sees a state of its own: a look-up may find nobody, and the check after it somebody
// who came between the two. So what fn refuses counts only when it also refuses in a run that sees one state.
func (e *postgresEngine) retry(w work, opts pgx.TxOptions, as form, fn func(Session) error) error {
	isolation := opts.IsoLevel
	var refusal error
	for attempt := 1; ; attempt++ {
		err := e.attempt(w, opts, as, fn)
		switch {
		case errors.Is(err, errMoreQuestions):
			as = whole
			continue
		case err == nil, attempt == maxAttempts && refusal == nil:
			return err
		case attempt == maxAttempts:
			return refusal
		case isRefusal(err):
			if opts.IsoLevel != pgx.ReadCommitted {
				return err
			}
			refusal, opts.IsoLevel = err, pgx.RepeatableRead
			continue
		case e.server.chooses && isMixedUp(err): // a pooler that did not look like one
			e.server.isPooled.Store(true)
			e.pool.Reset()
		case !isConflict(err):
			return err
		}
		opts.IsoLevel = isolation
		e.observer.Retried()
		// The pause grows, so that many writers of one person spread out.
		pause := time.Duration(rand.Int64N(int64(attempt) * int64(5*time.Millisecond)))
		select {
		case <-time.After(pause):
		case <-w.caller.Done():
			return unavailable(w.caller.Err())
		}
	}
}

func (e *postgresEngine) attempt(w work, opts pgx.TxOptions, as form, fn func(Session) error) error {
	t := &postgresTx{work: w, engine: e, opts: opts, question: question{form: as}}
	if err := t.acquire(); err != nil {
		return err
	}
	ending := w.database
	if w.limit == 0 {
		ending = context.WithoutCancel(ending)
	}
	defer t.release(ending)
	err := fn(t)
	t.learn(&e.habits)
	if errors.Is(t.failed, errMoreQuestions) || err == nil && t.failed != nil {
		return t.failed // whatever fn made of it
	}
	if err != nil {
		return err
	}
	if err := w.database.Err(); err != nil {
		return unavailable(err)
	}
	return t.commit(ending)
}

// committed returns what the result of a COMMIT means.
func committed(conn *pgconn.PgConn, tag pgconn.CommandTag, err error) error {
	var refused *pgconn.PgError
	switch {
	case err == nil && tag.String() == "ROLLBACK": // the transaction had failed
		return pgx.ErrTxCommitRollback
	case err == nil && conn.CustomData()[unreplicated] != nil:
		return fmt.Errorf("%w: the commit did not wait for its standby", ErrUnknownOutcome)
	case err == nil:
		return nil
	case errors.As(err, &refused) && !isNotNow(refused.Code):
		return postgresError(err)
	}
	return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
}

// used is set on a connection that has served before.
const used = "used"

// letGo gives a connection back. One that is closed leaves the pool at once: pgx may need seconds to take leave of a
// server that does not answer, and its place would be taken for as long.
func letGo(conn *pgxpool.Conn) {
	if conn.Conn().IsClosed() {
		conn.Hijack()
		return
	}
	conn.Release()
}
