package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"zombiezen.com/go/sqlite"

	"lobby/internal/workspace"
)

const (
	// fileName is the database within its folder.
	fileName = "lobby.db"
	// minSQLite is the first release without a known way to lose a commit in WAL mode.
	minSQLite = 3_051_003
	// maxStatements bounds the statements that one connection keeps prepared.
	maxStatements = 256
)

// HasSQLite reports whether a folder holds an embedded database.
func HasSQLite(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, fileName))
	return err == nil
}

// OpenSQLite opens the embedded database in a folder, which is created when missing, and brings its schema up to date.
func OpenSQLite(ctx context.Context, folder string, with ...Option) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if err := protectFiles(folder); err != nil {
		return nil, err
	}
	store, err := openSQLite(ctx, fileURI(folder), opened(with).readers, migrate, with...)
	if err != nil {
		return nil, err
	}
	// A new file survives a power cut only when its name does.
	if err := syncFolder(folder); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// InspectSQLite opens the embedded database in a folder as it is; ErrOlder, ErrNewer or ErrAltered when its
// schema is another.
func InspectSQLite(ctx context.Context, folder string) (*Store, error) {
	return openSQLite(ctx, fileURI(folder), 1, mustBeCurrent)
}

// OpenMemory opens an empty database that is gone when it is closed.
func OpenMemory(ctx context.Context, with ...Option) (*Store, error) {
	return openSQLite(ctx, ":memory:", 0, migrate, with...)
}

func fileURI(folder string) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(filepath.Join(folder, fileName))}).String()
}

func syncFolder(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// sqliteEngine has one writer, which commits in groups, and readers beside it. In memory there is only one connection,
// which they share.
type sqliteEngine struct {
	writer  *sqlitePool // of the one connection that writes
	readers *sqlitePool
	// checkpoints is nil in memory, where there is nothing to check.
	checkpoints *checkpointer

	jobs    chan *job
	closing sync.RWMutex // held for reading while a job is handed in
	closed  bool
	stopped chan struct{} // closed when the last job is done
	// broken is closed for good, by the writer, when a commit failed: what is in the file is then unknown.
	broken chan struct{}

	observer  Observer
	pageCache int64           // bytes a connection
	waits     []time.Duration // the writer's, used anew for each group
}

// openSQLite opens a database with so many readers beside the writer, or none for one that only one connection sees.
func openSQLite(
	ctx context.Context, uri string, readers int, prepare func(context.Context, engine) error, with ...Option,
) (*Store, error) {
	o := opened(with)
	e := &sqliteEngine{
		jobs: make(chan *job, maxGroup), writer: newSQLitePool(1),
		stopped: make(chan struct{}), broken: make(chan struct{}),
		observer: o.observer, pageCache: o.pageCache,
	}
	e.readers = e.writer
	writer, err := e.connect(e.writer, uri)
	if err == nil {
		err = checkVersion(writer)
	}
	if err == nil {
		err = prepare(ctx, e)
	}
	if err == nil && readers > 0 {
		e.readers = newSQLitePool(readers)
		for range readers {
			if _, err = e.connect(e.readers, uri, "query_only = ON"); err != nil {
				break
			}
		}
		if err == nil {
			err = e.startCheckpoints(uri, o.observer)
		}
	}
	if err != nil {
		return nil, errors.Join(err, e.closeConns())
	}
	go e.writeLoop()
	kind := "sqlite"
	if readers == 0 {
		kind = "memory"
	}
	return &Store{engine: e, few: usualFew, observer: o.observer, kind: kind}, nil
}

// connect opens one more connection and puts it into a pool.
func (e *sqliteEngine) connect(into *sqlitePool, uri string, pragmas ...string) (*sqliteConn, error) {
	c, err := sqlite.OpenConn(uri, sqlite.OpenReadWrite|sqlite.OpenCreate|sqlite.OpenURI|sqlite.OpenWAL)
	if err != nil {
		return nil, err
	}
	conn := &sqliteConn{conn: c, prepared: map[string]*sqliteStmt{}}
	for _, pragma := range append(pragmas, "synchronous = FULL", "busy_timeout = 10000", "temp_store = MEMORY",
		fmt.Sprintf("cache_size = -%d", max(1, e.pageCache>>10)), "wal_autocheckpoint = 0", "journal_size_limit = 67108864") {
		if err := conn.exec("PRAGMA "+pragma, nil); err != nil {
			return nil, errors.Join(err, conn.close())
		}
	}
	into.add(conn)
	return conn, nil
}

func checkVersion(c *sqliteConn) error {
	var have int64
	err := c.query(`SELECT sqlite_version()`, nil, func(r row) error {
		var major, minor, patch int64
		_, err := fmt.Sscanf(r.text(0), "%d.%d.%d", &major, &minor, &patch)
		have = major*1_000_000 + minor*1_000 + patch
		return err
	})
	if err == nil && have < minSQLite {
		err = fmt.Errorf("SQLite %d is too old: %d or newer is needed", have, minSQLite)
	}
	return err
}

func (e *sqliteEngine) dialect() dialect {
	return dialect{
		name: "sqlite", rowByRow: true,
		columns: `SELECT name FROM pragma_table_info($1)`,
		addHash: `ALTER TABLE migrations ADD COLUMN hash TEXT`,
	}
}

func (e *sqliteEngine) failed() <-chan struct{} { return e.broken }

func (e *sqliteEngine) figures(f *Figures) {
	f.Queued, f.WALBytes, f.Connections = len(e.jobs), e.checkpoints.logBytes(), e.readers.figures()
}

func (e *sqliteEngine) isBroken() bool {
	select {
	case <-e.broken:
		return true
	default:
		return false
	}
}

func (e *sqliteEngine) ready(context.Context) error {
	e.closing.RLock()
	defer e.closing.RUnlock()
	if e.closed || e.isBroken() {
		return workspace.ErrUnavailable
	}
	return nil
}

func (e *sqliteEngine) read(ctx context.Context, fn func(session) error) error {
	c, err := e.readers.take(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer e.readers.put(c)
	if c.conn == nil {
		return workspace.ErrUnavailable
	}
	if err := c.exec(`BEGIN`, nil); err != nil {
		return unavailable(err)
	}
	defer func() {
		if err := c.exec(`COMMIT`, nil); err != nil {
			c.exec(`ROLLBACK`, nil) //nolint:errcheck // nothing was written; a broken connection fails at its next BEGIN
		}
	}()
	return fn(c)
}

// write hands fn to the writer and waits until it is on disk.
func (e *sqliteEngine) write(ctx context.Context, fn func(session) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{}), since: time.Now()}
	e.closing.RLock()
	if e.closed || e.isBroken() {
		e.closing.RUnlock()
		return workspace.ErrUnavailable
	}
	e.jobs <- j
	e.closing.RUnlock()
	<-j.done
	if j.panicked != nil {
		panic(j.panicked)
	}
	return j.err
}

// script is write without the group: it serves the migrations, before the writer starts.
func (e *sqliteEngine) script(ctx context.Context, fn func(session) error) error {
	c, err := e.writer.take(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer e.writer.put(c)
	if err := c.exec(`BEGIN IMMEDIATE`, nil); err != nil {
		return err
	}
	if err := fn(c); err != nil {
		return errors.Join(err, c.exec(`ROLLBACK`, nil))
	}
	return c.exec(`COMMIT`, nil)
}

func (e *sqliteEngine) close() error {
	e.closing.Lock()
	if e.closed {
		e.closing.Unlock()
		return nil
	}
	e.closed = true
	close(e.jobs)
	e.closing.Unlock()
	<-e.stopped
	return e.closeConns()
}

// closeConns closes every connection once the reads on it are done.
func (e *sqliteEngine) closeConns() error {
	var errs []error
	if e.checkpoints != nil {
		errs = append(errs, e.checkpoints.close())
	}
	if e.readers != e.writer {
		errs = append(errs, e.readers.close())
	}
	return errors.Join(append(errs, e.writer.close())...)
}

// sqliteConn is one connection with its prepared statements. It is a session, used by one goroutine at a time.
type sqliteConn struct {
	conn     *sqlite.Conn // nil once closed
	prepared map[string]*sqliteStmt
}

// sqliteStmt is a prepared statement; arg[i] is the argument that its parameter i+1 stands for, as SQLite numbers
// parameters by their first appearance.
type sqliteStmt struct {
	*sqlite.Stmt
	arg []int
}

func (c *sqliteConn) close() error {
	c.forget()
	err := c.conn.Close()
	c.conn = nil
	return err
}

func (c *sqliteConn) forget() {
	for _, s := range c.prepared {
		s.Finalize() //nolint:errcheck // it repeats the last error of the statement, which was handled then
	}
	clear(c.prepared)
}

func (c *sqliteConn) prepare(sql string) (*sqliteStmt, error) {
	if s := c.prepared[sql]; s != nil {
		return s, nil
	}
	if len(c.prepared) >= maxStatements {
		c.forget()
	}
	stmt, _, err := c.conn.PrepareTransient(sql)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, sql)
	}
	s := &sqliteStmt{Stmt: stmt, arg: make([]int, stmt.BindParamCount())}
	for i := range s.arg {
		if _, err := fmt.Sscanf(stmt.BindParamName(i+1), "$%d", &s.arg[i]); err != nil {
			return nil, fmt.Errorf("parameter %d of %s is not $n", i+1, sql)
		}
	}
	c.prepared[sql] = s
	return s, nil
}

func (c *sqliteConn) query(sql string, args []any, each func(row) error) error {
	s, err := c.prepare(sql)
	if err != nil {
		return err
	}
	defer s.Reset() //nolint:errcheck // it repeats the error of Step
	for i, n := range s.arg {
		switch v := args[n-1].(type) {
		case nil:
			s.BindNull(i + 1)
		case string:
			s.BindText(i+1, v)
		case int64:
			s.BindInt64(i+1, v)
		case bool:
			s.BindBool(i+1, v)
		default:
			return fmt.Errorf("argument %d of %s has type %T", n, sql, v)
		}
	}
	for {
		has, err := s.Step()
		if err != nil {
			return sqliteError(err)
		}
		if !has {
			return nil
		}
		if err := each(sqliteRow{s.Stmt}); err != nil {
			return err
		}
	}
}

func (c *sqliteConn) exec(sql string, args []any) error {
	return c.query(sql, args, func(row) error { return nil })
}

func (c *sqliteConn) insert(sql string, args []any) (bool, error) {
	err := c.exec(sql, args)
	return err == nil && c.conn.Changes() > 0, err
}

func sqliteError(err error) error {
	switch sqlite.ErrCode(err) {
	case sqlite.ResultConstraintUnique, sqlite.ResultConstraintPrimaryKey:
		return fmt.Errorf("%w: %w", workspace.ErrTaken, err)
	}
	return err
}

type sqliteRow struct{ s *sqlite.Stmt }

func (r sqliteRow) text(i int) string { return r.s.ColumnText(i) }

func (r sqliteRow) int(i int) int64 { return r.s.ColumnInt64(i) }

func (r sqliteRow) bool(i int) bool { return r.s.ColumnInt64(i) != 0 }
