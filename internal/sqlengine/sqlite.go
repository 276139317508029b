package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"zombiezen.com/go/sqlite"
)

// minSQLite is the first release without a known way to lose a commit in WAL mode.
const minSQLite = 3_051_003

// OpenFile opens an embedded database, whose file is created when missing but not its folder. Reads run beside each
// other and beside one writer.
func OpenFile(ctx context.Context, file string, prepare Prepare, o Options) (Engine, error) {
	uri := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(file)}
	return openSQLite(ctx, uri.String(), o.Readers, prepare, o)
}

// OpenMemory opens an empty embedded database that is gone when it is closed. Only one function runs at a time.
func OpenMemory(ctx context.Context, prepare Prepare, o Options) (Engine, error) {
	return openSQLite(ctx, ":memory:", 0, prepare, o)
}

// sqliteEngine has one writer, which commits in groups, and readers beside it. In memory there is only one connection,
// which they share.
type sqliteEngine struct {
	writer  *sqlitePool // of the one connection that writes
	readers *sqlitePool
	// checkpoints is nil in memory.
	checkpoints *checkpointer
	steps       steps
	uri         string // for one more connection; it has no other use in memory

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

// openSQLite opens a database with this many readers beside the writer. With none, reads and writes share one
// connection.
func openSQLite(ctx context.Context, uri string, readers int, prepare Prepare, o Options) (Engine, error) {
	e := &sqliteEngine{
		jobs: make(chan *job, maxGroup), writer: newSQLitePool(1),
		stopped: make(chan struct{}), broken: make(chan struct{}),
		observer: o.Observer, pageCache: o.PageCache,
	}
	e.uri, e.steps.follower = uri, o.Follower
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
			err = e.startCheckpoints(uri, o.Observer)
		}
	}
	if err != nil {
		return nil, errors.Join(err, e.closeConns())
	}
	go e.writeLoop()
	return e, nil
}

// connect opens one more connection and puts it into a pool.
func (e *sqliteEngine) connect(into *sqlitePool, uri string, pragmas ...string) (*sqliteConn, error) {
	c, err := sqlite.OpenConn(uri, sqlite.OpenReadWrite|sqlite.OpenCreate|sqlite.OpenURI|sqlite.OpenWAL)
	if err != nil {
		return nil, err
	}
	conn := &sqliteConn{conn: c, prepared: map[string]*sqliteStmt{}, view: view{steps: &e.steps}}
	for _, pragma := range append(pragmas, "synchronous = FULL", "busy_timeout = 10000", "temp_store = MEMORY",
		fmt.Sprintf("cache_size = -%d", max(1, e.pageCache>>10)), "wal_autocheckpoint = 0", "journal_size_limit = 67108864") {
		if err := conn.Exec("PRAGMA "+pragma, nil); err != nil {
			return nil, errors.Join(err, conn.close())
		}
	}
	into.add(conn)
	return conn, nil
}

func checkVersion(c *sqliteConn) error {
	var have int64
	err := c.Query(`SELECT sqlite_version()`, nil, func(r Row) error {
		var major, minor, patch int64
		_, err := fmt.Sscanf(r.Text(0), "%d.%d.%d", &major, &minor, &patch)
		have = major*1_000_000 + minor*1_000 + patch
		return err
	})
	if err == nil && have < minSQLite {
		err = fmt.Errorf("SQLite %d is too old: %d or newer is needed", have, minSQLite)
	}
	return err
}

func (e *sqliteEngine) Dialect() Dialect {
	return Dialect{
		Name:    "sqlite",
		Columns: `SELECT name FROM pragma_table_info($1)`,
		addHash: `ALTER TABLE migrations ADD COLUMN hash TEXT`,
	}
}

func (e *sqliteEngine) Failed() <-chan struct{} { return e.broken }

func (e *sqliteEngine) Figures() Figures {
	return Figures{Queued: len(e.jobs), WALBytes: e.checkpoints.logBytes(), Connections: e.readers.figures()}
}

func (e *sqliteEngine) isBroken() bool {
	select {
	case <-e.broken:
		return true
	default:
		return false
	}
}

func (e *sqliteEngine) Ready(context.Context) error {
	e.closing.RLock()
	defer e.closing.RUnlock()
	if e.closed || e.isBroken() {
		return ErrUnavailable
	}
	return nil
}

func (e *sqliteEngine) Read(ctx context.Context, fn func(Session) error) error {
	c, err := e.readers.take(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer e.readers.put(c)
	if c.conn == nil {
		return ErrUnavailable
	}
	err = c.read(fn)
	if !errors.Is(err, errOutOfStep) {
		return err
	}
	e.steps.gate.RLock()
	defer e.steps.gate.RUnlock()
	c.holds = true
	defer func() { c.holds = false }()
	return c.read(fn)
}

// read runs fn on one view.
func (c *sqliteConn) read(fn func(Session) error) error {
	if err := c.Exec(`BEGIN`, nil); err != nil {
		return unavailable(err)
	}
	defer func() {
		if err := c.Exec(`COMMIT`, nil); err != nil {
			c.Exec(`ROLLBACK`, nil) //nolint:errcheck // nothing was written; a broken connection fails at its next BEGIN
		}
	}()
	c.began = false
	return fn(c)
}

// Write hands fn to the writer and waits until what it wrote is on disk.
func (e *sqliteEngine) Write(ctx context.Context, fn func(Session) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{}), since: time.Now()}
	e.closing.RLock()
	if e.closed || e.isBroken() {
		e.closing.RUnlock()
		return ErrUnavailable
	}
	e.jobs <- j
	e.closing.RUnlock()
	<-j.done
	if j.panicked != nil {
		panic(j.panicked)
	}
	return j.err
}

// Script is Write without the group. Migrations run by it before the writer starts.
func (e *sqliteEngine) Script(ctx context.Context, fn func(Session) error) error {
	c, err := e.writer.take(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer e.writer.put(c)
	if err := c.Exec(`BEGIN IMMEDIATE`, nil); err != nil {
		return err
	}
	if err := fn(c); err != nil {
		return errors.Join(err, c.Exec(`ROLLBACK`, nil))
	}
	return c.Exec(`COMMIT`, nil)
}

func (e *sqliteEngine) Close() error {
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
