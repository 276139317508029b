package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// connectTimeout bounds how long one host may take to accept a connection, unless the URL says otherwise.
const connectTimeout = 2 * time.Second

// postgresEngine runs every write in a transaction of its own, and runs it again when it conflicts with another.
type postgresEngine struct {
	pool     *pgxpool.Pool
	server   *postgresServer
	probe    *postgresProbe
	shares   *shares
	observer Observer
	timeout  time.Duration // 0 for none
	owner    func(context.Context) string
	habits   habits
	// retired is the moment before which no connection may have been made that is still used.
	retired latest
}

// OpenPostgres opens the database that a postgres:// URL names.
func OpenPostgres(ctx context.Context, dsn string, prepare Prepare, o Options) (Engine, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("the database URL cannot be read") // the cause would repeat the password
	}
	if err := checkQueryMode(cfg.ConnConfig); err != nil {
		return nil, err
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectTimeout
	}
	if o.MaxConns == 0 && !strings.Contains(dsn, "pool_max_conns") {
		o.MaxConns = max(20, 4*runtime.GOMAXPROCS(0))
	}
	if o.MaxConns > 0 {
		cfg.MaxConns = int32(o.MaxConns)
		cfg.MinConns = min(cfg.MinConns, cfg.MaxConns)
	}
	// A broken connection is found by its BEGIN, after which nothing is lost.
	cfg.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	server := newPostgresServer(cfg.ConnConfig, dsn, o.Timeout)
	cfg.BeforeConnect, cfg.AfterConnect = server.beforeConnect, server.afterConnect
	if err := server.meet(ctx, cfg.ConnConfig); err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	e := &postgresEngine{
		pool: pool, server: server, shares: newShares(int(cfg.MaxConns) / 2), observer: o.Observer, timeout: o.Timeout, owner: o.Owner,
	}
	e.probe = newPostgresProbe(func(ctx context.Context) (*pgx.Conn, error) { return server.connect(ctx, cfg.ConnConfig) }, e.renew)
	if err := prepare(ctx, e); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// replanSQL does nothing on servers without the setting.
const replanSQL = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true) WHERE current_setting('plan_cache_mode', true) IS NOT NULL`

func (e *postgresEngine) Dialect() Dialect {
	return Dialect{
		Name: "postgres", Locks: true, ReplanSQL: replanSQL, ByteOrder: ` COLLATE "C"`,
		Columns: `SELECT CAST(attname AS TEXT) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
		addHash: `ALTER TABLE migrations ADD COLUMN IF NOT EXISTS hash TEXT`,
	}
}

func (e *postgresEngine) Ready(ctx context.Context) error { return e.probe.ready(ctx) }

func (e *postgresEngine) Failed() <-chan struct{} { return nil }

// Purge leaves it to vacuum.
func (e *postgresEngine) Purge(context.Context, time.Duration) bool { return true }

func (e *postgresEngine) Commits() (count int64, all bool) { return 0, false }

func (e *postgresEngine) Figures() Figures {
	stat := e.pool.Stat()
	return Figures{Connections: Connections{
		Acquired: int(stat.AcquiredConns()), Idle: int(stat.IdleConns()), Max: int(stat.MaxConns()),
		Waits: stat.EmptyAcquireCount(), Waited: stat.AcquireDuration(),
	}}
}

func (e *postgresEngine) Close() error {
	e.probe.close()
	e.pool.Close()
	return nil
}

// reading are the options of a read.
var reading = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// renew has the pool replace the connections that were made before a moment. Those made since then stay: were they replaced
// too, and took as long to make as a request may take, no request would ever find one.
func (e *postgresEngine) renew(since moment) {
	e.retired.raise(since)
	for _, conn := range e.pool.AcquireAllIdle(context.Background()) {
		if !e.retire(conn) {
			conn.Release()
		}
	}
}

// retire closes a connection that is to be replaced, or reports false.
func (e *postgresEngine) retire(conn *pgxpool.Conn) bool {
	born, _ := conn.Conn().PgConn().CustomData()[made].(moment)
	if born >= e.retired.get() {
		return false
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // a server that does not answer would keep the leave waiting
	_ = conn.Hijack().Close(ctx)
	return true
}

func (e *postgresEngine) Read(ctx context.Context, fn func(Session) error) error {
	return e.bounded(ctx, reading, single, fn)
}

// ReadLong does not try whether fn asks one question only, which would ask a long one twice.
func (e *postgresEngine) ReadLong(ctx context.Context, fn func(Session) error) error {
	return e.bounded(ctx, reading, whole, fn)
}

func (e *postgresEngine) Write(ctx context.Context, fn func(Session) error) error {
	return e.bounded(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, whole, fn)
}

// Script has no time-out: a migration takes as long as it must.
func (e *postgresEngine) Script(ctx context.Context, fn func(Session) error) error {
	return e.retry(work{caller: ctx, database: ctx}, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, eager, fn)
}

// bounded runs fn within the time that the caller has, and only while its owner has less than its share of the pool.
func (e *postgresEngine) bounded(ctx context.Context, opts pgx.TxOptions, as form, fn func(Session) error) error {
	if err := ctx.Err(); err != nil {
		return unavailable(err)
	}
	began := now()
	w, end := e.begun(ctx)
	defer end()
	if e.owner != nil {
		if owner := e.owner(ctx); owner != "" {
			if err := e.shares.enter(w.caller, owner); err != nil {
				return unavailable(fmt.Errorf("wait for the share of a workspace: %w", err))
			}
			defer e.shares.leave(owner)
		}
	}
	err := e.retry(w, opts, as, fn)
	e.probe.note(ctx, opts.AccessMode != pgx.ReadOnly, began, err)
	return err
}

// work is the time in which something is to be done.
type work struct {
	// caller ends when nobody waits for the result any more, or with the deadline.
	caller context.Context
	// database ends with the deadline only: a statement that is cut off would cost its connection.
	database context.Context
	limit    time.Duration // from the beginning to the deadline; 0 for none
}

// begun returns the work of a caller that begins now. Its deadline is that of ctx, or else the time-out of the options.
// Without either, and in programs without a time-out, ctx alone decides.
func (e *postgresEngine) begun(ctx context.Context) (w work, end func()) {
	if e.timeout == 0 {
		return work{caller: ctx, database: ctx}, func() {}
	}
	limit := e.timeout
	deadline, given := ctx.Deadline()
	if given {
		limit = max(time.Millisecond, time.Until(deadline))
	} else {
		deadline = time.Now().Add(limit)
	}
	caller, endCaller := context.WithDeadline(ctx, deadline)
	database, endDatabase := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	return work{caller, database, limit}, func() { endCaller(); endDatabase() }
}
