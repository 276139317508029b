package sqlengine

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The errors of PostgreSQL after which a transaction may simply run again.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	uniqueViolation      = "23505"
)

// maxAttempts bounds how often one transaction runs again.
const maxAttempts = 12

// OpenPostgres opens the database that a postgres:// URL names.
func OpenPostgres(ctx context.Context, dsn string, prepare Prepare, o Options) (Engine, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("the database URL cannot be read") // the cause would repeat the password
	}
	if err := checkQueryMode(cfg.ConnConfig.DefaultQueryExecMode); err != nil {
		return nil, err
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = 10 * time.Second
	}
	if o.MaxConns > 0 {
		cfg.MaxConns = int32(o.MaxConns)
		cfg.MinConns = min(cfg.MinConns, cfg.MaxConns)
	}
	// A server may be set to confirm a commit before it is on disk, but an acknowledged write must not be lost.
	cfg.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		var now string
		if err := c.QueryRow(ctx, `SHOW synchronous_commit`).Scan(&now); err != nil || now != "off" {
			return nil //nolint:nilerr // engines without the setting always commit durably
		}
		_, err := c.Exec(ctx, `SET synchronous_commit TO on`)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	e := &postgresEngine{pool, o.Observer}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, unavailable(err)
	}
	if err := prepare(ctx, e); err != nil {
		pool.Close()
		return nil, err
	}
	return e, nil
}

// postgresEngine runs every write in a transaction of its own, and runs it again when it conflicts with another.
type postgresEngine struct {
	pool     *pgxpool.Pool
	observer Observer
}

// replanSQL does nothing on servers without the setting.
const replanSQL = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true) WHERE current_setting('plan_cache_mode', true) IS NOT NULL`

func (e *postgresEngine) Dialect() Dialect {
	return Dialect{
		Name: "postgres", Locks: true, ReplanSQL: replanSQL,
		Columns: `SELECT CAST(attname AS TEXT) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
		addHash: `ALTER TABLE migrations ADD COLUMN IF NOT EXISTS hash TEXT`,
	}
}

func (e *postgresEngine) Ready(ctx context.Context) error {
	if err := e.pool.Ping(ctx); err != nil {
		return unavailable(err)
	}
	return nil
}

func (e *postgresEngine) Failed() <-chan struct{} { return nil }

func (e *postgresEngine) Figures() Figures {
	stat := e.pool.Stat()
	return Figures{Connections: Connections{
		Acquired: int(stat.AcquiredConns()), Idle: int(stat.IdleConns()), Max: int(stat.MaxConns()),
		Waits: stat.EmptyAcquireCount(), Waited: stat.AcquireDuration(),
	}}
}

func (e *postgresEngine) Close() error {
	e.pool.Close()
	return nil
}

func (e *postgresEngine) Read(ctx context.Context, fn func(Session) error) error {
	return e.retry(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, fn)
}

func (e *postgresEngine) ReadLong(ctx context.Context, fn func(Session) error) error {
	return e.Read(ctx, fn)
}

func (e *postgresEngine) Write(ctx context.Context, fn func(Session) error) error {
	return e.retry(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, fn)
}

func (e *postgresEngine) Script(ctx context.Context, fn func(Session) error) error {
	return e.Write(ctx, fn)
}

// retry runs fn in a transaction, and again while it fails only because of another transaction. A taken unique key
// counts as that: the function's own check ran before the other transaction committed, and sees it the next time.
//
// Under READ COMMITTED each statement sees a state of its own: a look-up may find nobody, and the check after it somebody
// who came between the two. So what fn refuses counts only when it also refuses in a run that sees one state.
func (e *postgresEngine) retry(ctx context.Context, opts pgx.TxOptions, fn func(Session) error) error {
	isolation := opts.IsoLevel
	var refusal error
	for attempt := 1; ; attempt++ {
		err := e.attempt(ctx, opts, fn)
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
		case !isConflict(err):
			return err
		}
		opts.IsoLevel = isolation
		e.observer.Retried()
		// The pause grows, so that many writers of one person spread out.
		pause := time.Duration(rand.Int64N(int64(attempt) * int64(5*time.Millisecond)))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return unavailable(ctx.Err())
		}
	}
}

// isConflict reports whether a transaction failed because of another one.
func isConflict(err error) bool {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (refused.Code == serializationFailure || refused.Code == deadlockDetected || refused.Code == uniqueViolation)
}

// isRefusal reports whether an error is the function's own, and none of the database.
func isRefusal(err error) bool {
	_, ofDatabase := errors.AsType[*pgconn.PgError](err)
	return !ofDatabase && !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrUnknownOutcome)
}

func (e *postgresEngine) attempt(ctx context.Context, opts pgx.TxOptions, fn func(Session) error) error {
	t, err := e.pool.BeginTx(ctx, opts)
	if err != nil {
		return unavailable(err)
	}
	// A rollback after a commit does nothing. It must run even when the context has ended, to clean the connection.
	defer t.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck
	if err := fn(&postgresTx{ctx, t}); err != nil {
		return err
	}
	// A request that is cancelled during the commit must not leave the outcome unknown.
	err = t.Commit(context.WithoutCancel(ctx))
	var refused *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, pgx.ErrTxCommitRollback):
		return err
	case errors.As(err, &refused) && !isNotNow(refused.Code):
		return postgresError(err)
	}
	return fmt.Errorf("%w: %w", ErrUnknownOutcome, err)
}

// postgresTx is a session on one transaction.
type postgresTx struct {
	ctx context.Context
	t   pgx.Tx
}

func (t *postgresTx) Query(sql string, args []any, each func(Row) error) error {
	rows, err := t.t.Query(t.ctx, sql, args...)
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
	tag, err := t.t.Exec(t.ctx, sql, args...)
	return tag.RowsAffected() > 0, postgresError(err)
}

func postgresError(err error) error {
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refused) || isNotNow(refused.Code):
		return unavailable(err)
	case refused.Code == uniqueViolation:
		return fmt.Errorf("%w: %w", ErrTaken, err)
	}
	return err
}

// isNotNow reports whether a SQLSTATE means that the server cannot do its work at present: connections (08), a server that
// only reads, as an old primary does (25006), resources (53), an operator or a time-out (57), and its disk (58).
func isNotNow(code string) bool {
	if code == "25006" {
		return true
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57", "58":
		return true
	}
	return false
}

// checkQueryMode refuses the modes in which values come as text, or from the description of another query.
func checkQueryMode(mode pgx.QueryExecMode) error {
	switch mode {
	case pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeExec, pgx.QueryExecModeDescribeExec:
		return fmt.Errorf("the database URL must not set default_query_exec_mode=%s: behind a pooler of transactions set it to cache_describe",
			strings.ReplaceAll(mode.String(), " ", "_"))
	}
	return nil
}

// checkForm returns an error unless [postgresRow] can read all columns of a result. A number that came in another form
// would be read as 0, and a flag as false.
func checkForm(columns []pgconn.FieldDescription) error {
	for _, c := range columns {
		switch c.DataTypeOID {
		case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID, pgtype.UnknownOID:
			continue
		case pgtype.Int8OID, pgtype.Int4OID, pgtype.BoolOID:
			if c.Format == pgx.BinaryFormatCode {
				continue
			}
		}
		return fmt.Errorf("the column %s has type %d in format %d, which is not expected", c.Name, c.DataTypeOID, c.Format)
	}
	return nil
}

// postgresRow is a row in the binary format, which pgx asks for: text as its bytes, integers big-endian, booleans as one
// byte. checkForm has made sure that there are no other types.
type postgresRow [][]byte

func (r postgresRow) Text(i int) string { return string(r[i]) }

func (r postgresRow) Int(i int) int64 {
	switch v := r[i]; len(v) {
	case 8:
		return int64(binary.BigEndian.Uint64(v))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(v)))
	}
	return 0
}

func (r postgresRow) Bool(i int) bool { return len(r[i]) == 1 && r[i][0] == 1 }
