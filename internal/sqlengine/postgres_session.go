package sqlengine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// maxQueued is the max number of statements that wait for another one to travel with.
const maxQueued = 64

// failedTransaction is the status of a session whose transaction stands and has failed, as the server tells it.
const failedTransaction = 'E'

// postgresTx is a session on one transaction. Only what somebody waits for is a round trip: statements whose results decide
// nothing wait in a queue for the next one that does, BEGIN travels with the first of them, and COMMIT with the last.
// An error of a statement in the queue is returned by the one with which it travelled, and ends the transaction.
type postgresTx struct {
	work
	engine *postgresEngine
	opts   pgx.TxOptions
	conn   *pgxpool.Conn
	// wasUsed says that the connection has served before, so that it may have broken while it was idle.
	wasUsed bool
	// begun says that the server has answered, so that another connection would not do.
	begun bool
	queue []statement
	// failed is the first error of the database. The transaction cannot be committed after it.
	failed error
	// question is what a read has asked.
	question
}

type statement struct {
	sql  string
	args []any
}

func (t *postgresTx) Query(sql string, args []any, each func(Row) error) error {
	if err := t.mayGoOn(); err != nil {
		return err
	}
	t.ask(sql, !t.begun && len(t.queue) == 0, &t.engine.habits)
	var refused error // by each; the database is well
	err := t.send(statement{sql, args}, func(rows pgx.Rows) error {
		for isFirst := true; rows.Next(); isFirst = false {
			t.begun = true
			if isFirst {
				if refused = checkForm(rows.FieldDescriptions()); refused != nil {
					break
				}
			}
			if refused = each(postgresRow(rows.RawValues())); refused != nil {
				break
			}
		}
		rows.Close()
		return rows.Err()
	})
	return cmp.Or(refused, err)
}

func (t *postgresTx) Exec(sql string, args []any) error {
	if t.form == eager {
		_, err := t.Insert(sql, args)
		return err
	}
	if err := t.mayGoOn(); err != nil {
		return err
	}
	t.queue = append(t.queue, statement{sql, slices.Clone(args)})
	if len(t.queue) < maxQueued {
		return nil
	}
	return t.flush()
}

func (t *postgresTx) Insert(sql string, args []any) (bool, error) {
	if err := t.mayGoOn(); err != nil {
		return false, err
	}
	var tag pgconn.CommandTag
	err := t.send(statement{sql, args}, func(rows pgx.Rows) error {
		rows.Close()
		tag = rows.CommandTag()
		return rows.Err()
	})
	return err == nil && tag.RowsAffected() > 0, err
}

// mayGoOn returns an error when another statement would be of no use.
func (t *postgresTx) mayGoOn() error {
	if t.failed == nil {
		t.failed = t.goesOn()
	}
	if t.failed != nil {
		return t.failed
	}
	if err := t.caller.Err(); err != nil {
		return unavailable(err)
	}
	return nil
}

// flush sends what waits.
func (t *postgresTx) flush() error {
	last := len(t.queue) - 1
	if last < 0 {
		return nil
	}
	s := t.queue[last]
	t.queue = t.queue[:last]
	return t.send(s, func(rows pgx.Rows) error {
		rows.Close()
		return rows.Err()
	})
}

// send sends what waits and a last statement, whose result is read by a function. While the server has not answered
// anything, a connection that broke is replaced: nothing was lost with it.
func (t *postgresTx) send(last statement, read func(pgx.Rows) error) error {
	for {
		err := t.sendOnce(last, read)
		if err != nil && t.replace(err) {
			continue
		}
		if err != nil {
			t.failed = t.meaning(err)
			return t.failed
		}
		t.begun, t.queue = true, t.queue[:0]
		return nil
	}
}

// meaning returns what an error of the database means. Whatever keeps a transaction from beginning is no fault of what it
// was to do, unless a statement cannot even be parsed.
func (t *postgresTx) meaning(err error) error {
	if t.begun || t.isAlone || strings.HasPrefix(codeOf(err), "42") {
		return postgresError(err)
	}
	return unavailable(err)
}

func (t *postgresTx) sendOnce(last statement, read func(pgx.Rows) error) error {
	batch := new(pgx.Batch)
	if !t.begun {
		for _, s := range t.engine.server.begin(t.conn.Conn().PgConn(), t.work, t.opts, t.isAlone) {
			batch.Queue(s.sql, s.args...)
		}
	}
	for _, s := range t.queue {
		batch.Queue(s.sql, s.args...)
	}
	if batch.Len() == 0 {
		rows, err := t.conn.Query(t.database, last.sql, last.args...)
		if err != nil {
			return err
		}
		return read(rows)
	}
	batch.Queue(last.sql, last.args...)
	results := t.conn.SendBatch(t.database, batch)
	for range batch.Len() - 1 {
		if _, err := results.Exec(); err != nil {
			_ = results.Close() // it repeats the error
			return err
		}
		t.begun = true
	}
	rows, err := results.Query()
	if err == nil {
		err = read(rows)
	}
	return cmp.Or(err, results.Close())
}

// replace reports whether it has replaced a connection on which a transaction could not begin.
func (t *postgresTx) replace(err error) bool {
	if t.begun || !t.wasUsed || !isLost(err) || t.caller.Err() != nil {
		return false
	}
	letGo(t.conn)
	t.conn = nil
	t.engine.pool.Reset() // the other idle ones are as old
	return t.acquire() == nil
}

// acquire takes a connection out of the pool.
func (t *postgresTx) acquire() error {
	for {
		conn, err := t.engine.pool.Acquire(t.caller)
		if errors.Is(err, errPooled) {
			continue
		}
		if err != nil && t.caller.Err() != nil {
			return unavailable(fmt.Errorf("%w: %w", errNoneFree, err))
		}
		if err != nil {
			return unavailable(err)
		}
		if t.engine.retire(conn) {
			continue
		}
		known := conn.Conn().PgConn().CustomData()
		t.conn, t.wasUsed = conn, known[used] != nil
		known[used] = true
		delete(known, unreplicated)
		return nil
	}
}

// release ends what is left of a transaction, and gives the connection back. It runs even when nobody waits any more, to
// keep the connection.
func (t *postgresTx) release(ending context.Context) {
	if t.conn == nil {
		return
	}
	if conn := t.conn.Conn(); !conn.IsClosed() && conn.PgConn().TxStatus() != 'I' {
		_, _ = conn.Exec(ending, "rollback") // a connection that is no good after it does not go back into the pool
	}
	letGo(t.conn)
}

// commit sends what waits together with COMMIT. When the transaction has not begun, that comes first: a connection that
// broke while it was idle must be found before there is anything to lose.
func (t *postgresTx) commit(ending context.Context) error {
	if t.isAlone {
		return nil
	}
	if !t.begun || t.limit == 0 { // without a deadline, statements end with the context, and a COMMIT does not
		if err := t.flush(); err != nil {
			return err
		}
	}
	conn := t.conn.Conn()
	if !t.begun { // nothing was asked
		return nil
	}
	if len(t.queue) == 0 {
		tag, err := conn.Exec(ending, commitSQL)
		return committed(conn.PgConn(), tag, err)
	}
	batch := new(pgx.Batch)
	for _, s := range t.queue {
		batch.Queue(s.sql, s.args...)
	}
	batch.Queue(commitSQL)
	results := conn.SendBatch(ending, batch)
	for range t.queue {
		if _, err := results.Exec(); err != nil {
			_ = results.Close() // it repeats the error
			return t.uncommitted(err)
		}
	}
	tag, err := results.Exec()
	return committed(conn.PgConn(), tag, cmp.Or(err, results.Close()))
}

const commitSQL = "commit"

// uncommitted returns the error of a transaction in which a statement that travelled with COMMIT failed. A server skips
// COMMIT then, and says so; but a connection that ends, or a pooler that lost its server, says nothing of what came of it.
func (t *postgresTx) uncommitted(err error) error {
	conn := t.conn.Conn().PgConn()
	isRefused := codeOf(err) != "" && conn.CustomData()[settled] != nil
	if isRefused || conn.TxStatus() == failedTransaction {
		return postgresError(err)
	}
	return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
}
