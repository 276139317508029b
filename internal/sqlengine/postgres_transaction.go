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
func (e *postgresEngine) retry(w work, opts pgx.TxOptions, fn func(Session) error) error {
	isolation := opts.IsoLevel
	var refusal error
	for attempt := 1; ; attempt++ {
		err := e.attempt(w, opts, fn)
		switch {
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

func (e *postgresEngine) attempt(w work, opts pgx.TxOptions, fn func(Session) error) error {
	conn, t, err := e.begin(w, opts)
	if err != nil {
		return err
	}
	defer letGo(conn)
	// What ends a transaction must run even when nobody waits any more, to keep the connection.
	ending := w.database
	if w.limit == 0 {
		ending = context.WithoutCancel(ending)
	}
	defer t.Rollback(ending) //nolint:errcheck // after a commit it does nothing
	if err := fn(&postgresTx{w, t}); err != nil {
		return err
	}
	if err := w.database.Err(); err != nil {
		return unavailable(err)
	}
	return committed(conn.Conn().PgConn(), t.Commit(ending))
}

// committed returns what the result of a COMMIT means.
func committed(conn *pgconn.PgConn, err error) error {
	var refused *pgconn.PgError
	switch {
	case err == nil && conn.CustomData()[unreplicated] != nil:
		return fmt.Errorf("%w: the commit did not wait for its standby", ErrUnknownOutcome)
	case err == nil, errors.Is(err, pgx.ErrTxCommitRollback):
		return err
	case errors.As(err, &refused) && !isNotNow(refused.Code):
		return postgresError(err)
	}
	return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
}

// used is set on a connection that has begun a transaction before.
const used = "used"

// begin begins a transaction. A connection that broke while it was idle is replaced: nothing was lost with it.
func (e *postgresEngine) begin(w work, opts pgx.TxOptions) (*pgxpool.Conn, pgx.Tx, error) {
	for {
		conn, err := e.pool.Acquire(w.caller)
		if errors.Is(err, errPooled) {
			continue
		}
		if err != nil {
			return nil, nil, unavailable(err)
		}
		known := conn.Conn().PgConn().CustomData()
		wasUsed := known[used] != nil
		known[used] = true
		delete(known, unreplicated)
		opts.BeginQuery = e.server.begin(conn.Conn().PgConn(), w, opts)
		t, err := conn.Conn().BeginTx(w.database, opts)
		if err == nil {
			return conn, t, nil
		}
		letGo(conn)
		if !wasUsed || !isLost(err) || w.caller.Err() != nil {
			return nil, nil, unavailable(err)
		}
		e.pool.Reset() // the other idle ones are as old
	}
}

// letGo gives a connection back. One that is closed leaves the pool at once: pgx may need seconds to take leave of a
// server that does not answer, and its place would be taken for as long.
func letGo(conn *pgxpool.Conn) {
	if conn.Conn().IsClosed() {
		conn.Hijack()
		return
	}
	conn.Release()
}

// postgresTx is a session on one transaction.
type postgresTx struct {
	work
	t pgx.Tx
}

func (t *postgresTx) Query(sql string, args []any, each func(Row) error) error {
	if err := t.caller.Err(); err != nil {
		return unavailable(err)
	}
	rows, err := t.t.Query(t.database, sql, args...)
	if err != nil {
		return postgresError(err)
	}
	defer rows.Close()
	for isFirst := true; rows.Next(); isFirst = false {
		if isFirst {
			if err := checkForm(rows.FieldDescriptions()); err != nil {
				return err
			}
		}
		if err := each(postgresRow(rows.RawValues())); err != nil {
			return err
		}
	}
	return postgresError(rows.Err())
}

func (t *postgresTx) Exec(sql string, args []any) error {
	_, err := t.Insert(sql, args)
	return err
}

func (t *postgresTx) Insert(sql string, args []any) (bool, error) {
	if err := t.caller.Err(); err != nil {
		return false, unavailable(err)
	}
	tag, err := t.t.Exec(t.database, sql, args...)
	return tag.RowsAffected() > 0, postgresError(err)
}
