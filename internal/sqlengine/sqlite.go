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

// busyTimeout is how long a connection waits for a lock of another one.
const busyTimeout = 10 * time.Second

// OpenFile opens an embedded database, whose file is created when missing but not its folder. Reads run beside each
// other and beside one writer. Other processes may use the file, too.
func OpenFile(ctx context.Context, file string, prepare Prepare, o Options) (Engine, error) {
	return openFile(ctx, file, nil, prepare, o)
}

// ServeFile is OpenFile for the process that holds the folder. The engine fails when the file is damaged, removed or
// replaced. Close releases the lock, and so does an error.
func ServeFile(ctx context.Context, file string, lock *Lock, prepare Prepare, o Options) (Engine, error) {
	e, err := openFile(ctx, file, lock, prepare, o)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return e, nil
}

func openFile(ctx context.Context, file string, lock *Lock, prepare Prepare, o Options) (Engine, error) {
	e := newSQLite(fileURI(file), o)
	e.file, e.lock, e.marker = file, lock, newMarker(file)
	e.marker.serves, e.steps.marker = lock != nil, e.marker
	if err := e.open(ctx, o.Readers, prepare); err != nil {
		return nil, errors.Join(err, e.markClosed(), e.closeConns())
	}
	if lock != nil {
		if err := e.startServing(ctx); err != nil {
			return nil, errors.Join(err, e.Close())
		}
	}
	return e, nil
}

func fileURI(file string) string {
	uri := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(file)}
	return uri.String()
}

// OpenMemory opens an empty embedded database that is gone when it is closed. Only one function runs at a time.
func OpenMemory(ctx context.Context, prepare Prepare, o Options) (Engine, error) {
	e := newSQLite(":memory:", o)
	if err := e.open(ctx, 0, prepare); err != nil {
		return nil, errors.Join(err, e.closeConns())
	}
	return e, nil
}

// sqliteEngine has one writer, which commits in groups, and readers beside it. In memory there is only one connection,
// which they share.
type sqliteEngine struct {
	writer  *sqlitePool // of the one connection that writes
	readers *sqlitePool
	// checkpoints is nil in memory.
	checkpoints *checkpointer
	// purges is nil in memory.
	purges *purger
	steps  steps
	uri    string

	jobs    chan *job
	closing sync.RWMutex // held for reading while a job is handed in
	closed  bool
	stopped chan struct{} // closed when the last job is done
	// failure says why nothing can be written any more: what a failed commit left in the file is unknown, or the file
	// itself cannot be used.
	failure failure

	file   string  // empty in memory
	marker *marker // nil in memory
	lock   *Lock   // nil unless the engine serves its file
	guard  *guard  // nil unless the engine serves its file

	observer  Observer
	pageCache int64           // bytes a connection
	waits     []time.Duration // the writer's, used anew for each group
}

func newSQLite(uri string, o Options) *sqliteEngine {
	return &sqliteEngine{
		uri:  uri,
		jobs: make(chan *job, maxGroup), writer: newSQLitePool(1), stopped: make(chan struct{}),
		failure: failure{broken: make(chan struct{})}, observer: o.Observer, pageCache: o.PageCache, steps: steps{follower: o.Follower, writing: o.Writing},
	}
}

// open opens a database with this many readers beside the writer. With none, reads and writes share one connection.
func (e *sqliteEngine) open(ctx context.Context, readers int, prepare Prepare) error {
	e.readers = e.writer
	writer, err := e.connect(e.writer)
	if err == nil {
		err = checkVersion(writer)
	}
	if err == nil {
		follower, writing := e.steps.follower, e.steps.writing
		e.steps.follower, e.steps.writing = nil, nil // nothing is made of the rows yet
		err = prepare(ctx, e)
		e.steps.follower, e.steps.writing = follower, writing
	}
	if err == nil { // whatever others commit from here on must be noticed, also before the first write
		writer.dataVersion, err = Number(writer, dataVersion, nil)
		writer.nextVersion = writer.dataVersion
	}
	if err == nil && readers > 0 {
		e.readers = newSQLitePool(readers)
		for range readers {
			if _, err = e.connect(e.readers, "query_only = ON"); err != nil {
				break
			}
		}
		if err == nil {
			err = e.startCheckpoints()
		}
		if err == nil {
			err = e.startPurges()
		}
	}
	if err == nil {
		go e.writeLoop()
	}
	return err
}

// startServing marks the file as being in use, and watches it from then on.
func (e *sqliteEngine) startServing(ctx context.Context) error {
	if err := e.setID(ctx, openID); err != nil {
		return err
	}
	if e.marker.note == nil {
		c, err := e.writer.take(ctx)
		if err != nil {
			return err
		}
		whole, err := c.copiedWhole()
		e.writer.put(c)
		if err == nil && whole {
			err = e.marker.createNote(e.file)
		}
		if err != nil {
			return err
		}
	}
	return e.startGuard()
}

// setID marks the file as being in use, or not any more.
func (e *sqliteEngine) setID(ctx context.Context, id int64) error {
	return e.script(ctx, true, func(c *sqliteConn) error { return c.pragma("application_id", id) })
}

// connect opens one more connection and puts it into a pool. All but the writer get their settings when they are used first:
// each has to read the schema for them, and a start waits for none.
func (e *sqliteEngine) connect(into *sqlitePool, pragmas ...string) (*sqliteConn, error) {
	flags := sqlite.OpenReadWrite | sqlite.OpenCreate | sqlite.OpenURI
	if into == e.writer {
		flags |= sqlite.OpenWAL
	}
	c, err := sqlite.OpenConn(e.uri, flags)
	if err != nil {
		return nil, err
	}
	c.SetBusyTimeout(busyTimeout)
	conn := newSQLiteConn(c, &e.steps)
	conn.settings = append([]string{
		"synchronous = FULL", "temp_store = MEMORY", "secure_delete = ON",
		fmt.Sprintf("cache_size = -%d", max(1, e.pageCache>>10)), "wal_autocheckpoint = 0", "journal_size_limit = 67108864",
	}, pragmas...)
	if into == e.writer {
		if err := conn.set(); err != nil {
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

func (e *sqliteEngine) Failed() <-chan struct{} { return e.failure.broken }

func (e *sqliteEngine) Commits() (count int64, all bool) { return e.steps.commits.Load(), true }

func (e *sqliteEngine) Figures() Figures {
	return Figures{Queued: len(e.jobs), WALBytes: e.checkpoints.logBytes(), Connections: e.readers.figures()}
}

// Ready returns ErrUnavailable with the reason after a failure.
func (e *sqliteEngine) Ready(context.Context) error {
	e.closing.RLock()
	defer e.closing.RUnlock()
	if e.closed {
		return ErrUnavailable
	}
	if err := e.failure.reason(); err != nil {
		return unavailable(err)
	}
	return nil
}

// Write hands fn to the writer and waits until what it wrote is on disk.
func (e *sqliteEngine) Write(ctx context.Context, fn func(Session) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{}), since: time.Now()}
	e.closing.RLock()
	if e.closed || e.failure.reason() != nil {
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

// Script is Write without the group. Migrations run by it before the writer starts. The follower is told that anything may
// have changed: what a script notes is not kept, because it may be about millions of rows.
func (e *sqliteEngine) Script(ctx context.Context, fn func(Session) error) error {
	return e.script(ctx, false, func(c *sqliteConn) error {
		c.Note(Foreign{})
		c.untold = true
		defer func() { c.untold = false }()
		return fn(c)
	})
}

// script runs fn in a transaction of its own. The commit is marked when fn changed something, and always when marked.
func (e *sqliteEngine) script(ctx context.Context, marked bool, fn func(*sqliteConn) error) error {
	c, err := e.writer.take(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer e.writer.put(c)
	if c.conn == nil {
		return ErrUnavailable
	}
	c.Forget(0)
	if err := c.Exec(`BEGIN IMMEDIATE`, nil); err != nil {
		return err
	}
	err = e.marker.begin(c)
	schema, failed := Number(c, `PRAGMA schema_version`, nil)
	err = errors.Join(err, failed)
	if err == nil {
		err = fn(c)
	}
	if err == nil {
		after, failed := Number(c, `PRAGMA schema_version`, nil)
		err = errors.Join(failed, e.marker.mark(c, marked || after != schema))
	}
	if err != nil {
		c.Forget(0) // in memory the same connection reads
		return errors.Join(err, c.Exec(`ROLLBACK`, nil))
	}
	if err := e.steps.commit(c, func() error { return c.Exec(`COMMIT`, nil) }); err != nil {
		return err
	}
	e.marker.committed()
	return nil
}

func (e *sqliteEngine) Close() error {
	if e.purges != nil {
		e.purges.stop()
	}
	e.closing.Lock()
	if e.closed {
		e.closing.Unlock()
		return nil
	}
	e.closed = true
	close(e.jobs)
	e.closing.Unlock()
	<-e.stopped
	e.guard.close()
	if errors.Is(e.failure.reason(), ErrReplaced) {
		// SQLite deletes the log of a file that it closes by its name, which is now the name of somebody else's.
		return e.lock.Release()
	}
	return errors.Join(e.markClosed(), e.closeConns(), e.lock.Release())
}

// markClosed marks the file as not being in use any more, unless another process uses it.
func (e *sqliteEngine) markClosed() error {
	if e.marker == nil || !e.marker.opened || e.failure.reason() != nil {
		return nil
	}
	if e.lock == nil {
		lock, err := LockFolder(filepath.Dir(e.file), CommandHolder)
		if locked := new(LockedError); errors.As(err, &locked) {
			return nil
		}
		if err != nil {
			return err
		}
		e.lock = lock
	}
	return e.setID(context.Background(), closedID)
}

// closeConns closes every connection once the reads on it are done.
func (e *sqliteEngine) closeConns() error {
	var errs []error
	if e.purges != nil {
		errs = append(errs, e.purges.close())
	}
	if e.checkpoints != nil {
		errs = append(errs, e.checkpoints.close())
	}
	if e.readers != e.writer {
		errs = append(errs, e.readers.close())
	}
	return errors.Join(append(errs, e.writer.close(), e.marker.close())...)
}
