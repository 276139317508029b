package sqlengine_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"lobby/internal/sqlengine"
	"lobby/internal/testkit"
)

const (
	// patience bounds what takes a moment on an idle machine.
	patience = time.Minute
	// hung is how long nothing may hang on a database that does not answer; TCP alone would take a quarter of an hour.
	hung = 30 * time.Second
)

// cast is an engine on a server that a test may harm. Its role is no superuser.
type cast struct {
	sqlengine.Engine
	server *testkit.Server
	next   int
}

func openCast(t *testing.T, server *testkit.Server, o sqlengine.Options) *cast {
	t.Helper()
	server.Execute(t, "DROP TABLE IF EXISTS items, migrations")
	server.Execute(t, "DO $$ BEGIN CREATE ROLE lobby LOGIN PASSWORD 'lobby'; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
	server.Execute(t, "GRANT ALL ON SCHEMA public TO lobby")
	e := mustOpen(t, onPostgres("postgres://lobby:lobby@"+server.Address()+"/postgres?sslmode=disable"), o)
	return &cast{Engine: e, server: server}
}

func (c *cast) write(t *testing.T) error {
	c.next++
	return c.Write(t.Context(), insert(t.Name()+strings.Repeat("x", c.next)))
}

func (c *cast) read(t *testing.T) error {
	return c.Read(t.Context(), func(on sqlengine.Session) error { return on.Exec("SELECT 1", nil) })
}

// backend is the process that serves the only connection of the pool.
func (c *cast) backend(t *testing.T) (pid int64) {
	t.Helper()
	err := c.Read(t.Context(), func(on sqlengine.Session) error {
		return on.Query("SELECT pg_backend_pid()", nil, func(r sqlengine.Row) error { pid = r.Int(0); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// mustRecover waits until the engine is ready and writes, without being opened again.
func (c *cast) mustRecover(t *testing.T) {
	t.Helper()
	began := time.Now()
	for {
		ready, written := c.Ready(t.Context()), c.write(t)
		if ready == nil && written == nil {
			t.Logf("recovered after %v", time.Since(began).Round(time.Millisecond))
			return
		}
		if time.Since(began) > patience {
			t.Fatalf("after %v: ready %v, a write %v", patience, ready, written)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// mustTurn waits until the engine says that it is not ready.
func (c *cast) mustTurn(t *testing.T) {
	t.Helper()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		err := c.Ready(t.Context())
		if errors.Is(err, sqlengine.ErrUnavailable) {
			return
		}
		if err != nil || time.Since(began) > patience {
			t.Fatalf("Ready: %v, want ErrUnavailable", err)
		}
	}
}

func mustBeUnavailable(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, sqlengine.ErrUnavailable) {
		t.Errorf("%s: %v, want ErrUnavailable", what, err)
	}
}

// The faults share a server, one after the other.
func TestFaultsOfAServerAreUnavailableAndPass(t *testing.T) {
	t.Parallel()
	server := testkit.PostgresServer(t)
	o := sqlengine.Defaults()
	o.Timeout, o.MaxConns = 2*time.Second, 4
	for _, fault := range []struct {
		name string
		run  func(*testing.T, *cast)
	}{
		{"terminated while idle", terminatedWhileIdle},
		{"terminated within a transaction", terminatedWithin},
		{"only reads", onlyReads},
		{"no connections left", noConnectionsLeft},
		{"stopped and started", stoppedAndStarted},
		{"crashed and started", crashedAndStarted},
		{"frozen", frozen},
		{"frozen at the commit", frozenAtTheCommit},
	} {
		t.Run(fault.name, func(t *testing.T) {
			c := openCast(t, server, o)
			c.mustRecover(t)
			fault.run(t, c)
			c.mustRecover(t)
		})
	}
}

// endSessions is the statement that ends all sessions of the engine, and waits until they have ended.
const endSessions = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE usename = 'lobby'"

func terminatedWhileIdle(t *testing.T, c *cast) {
	c.server.Execute(t, endSessions)
	if err := c.write(t); err != nil {
		t.Errorf("a write on connections that ended while they were idle: %v", err)
	}
}

func terminatedWithin(t *testing.T, c *cast) {
	for _, isAwaited := range []bool{false, true} {
		err := c.Write(t.Context(), func(on sqlengine.Session) error {
			if _, err := on.Insert("INSERT INTO items (id) VALUES ('never')", nil); err != nil { // now the transaction has begun
				return err
			}
			c.server.Execute(t, endSessions)
			if isAwaited {
				_, err := on.Insert("INSERT INTO items (id) VALUES ('never either')", nil)
				return err
			}
			return on.Exec("INSERT INTO items (id) VALUES ('never either')", nil) // travels with COMMIT
		})
		mustBeUnavailable(t, "a write", err)
	}
}

func onlyReads(t *testing.T, c *cast) {
	c.server.Set(t, "default_transaction_read_only", "on")
	defer c.server.Set(t, "default_transaction_read_only", "off")
	c.mustTurn(t)
	mustBeUnavailable(t, "a write", c.write(t))
	if err := c.read(t); err != nil {
		t.Errorf("a read: %v", err)
	}
	c.mustTurn(t)
}

func noConnectionsLeft(t *testing.T, c *cast) {
	c.server.Execute(t, "ALTER ROLE lobby CONNECTION LIMIT 0")
	defer c.server.Execute(t, "ALTER ROLE lobby CONNECTION LIMIT -1")
	c.server.Execute(t, endSessions)
	mustBeUnavailable(t, "a write", c.write(t))
	c.mustTurn(t)
}

func stoppedAndStarted(t *testing.T, c *cast) {
	c.server.Stop(t)
	mustBeUnavailable(t, "a write", c.write(t))
	mustBeUnavailable(t, "a read", c.read(t))
	c.mustTurn(t)
	c.server.Restart(t)
}

func crashedAndStarted(t *testing.T, c *cast) {
	c.server.Kill(t)
	mustBeUnavailable(t, "a write", c.write(t))
	c.mustTurn(t)
	c.server.Restart(t)
}

func frozen(t *testing.T, c *cast) {
	thaw := c.server.Freeze(t)
	began := time.Now()
	var all sync.WaitGroup
	for range 12 { // three times the pool
		all.Go(func() { mustBeUnavailable(t, "a read", c.read(t)) })
	}
	all.Wait()
	if took := time.Since(began); took > hung {
		t.Errorf("reads of a frozen server took %v", took)
	}
	c.mustTurn(t)
	if f := c.Figures().Connections; f.Acquired != 0 {
		t.Errorf("%d connections are still taken", f.Acquired)
	}
	thaw()
}

func frozenAtTheCommit(t *testing.T, c *cast) {
	var thaw func()
	began := time.Now()
	err := c.Write(t.Context(), func(on sqlengine.Session) error {
		_, err := on.Insert("INSERT INTO items (id) VALUES ('perhaps')", nil)
		thaw = c.server.Freeze(t)
		return errors.Join(err, on.Exec("INSERT INTO items (id) VALUES ('perhaps, too')", nil)) // travels with COMMIT
	})
	if !errors.Is(err, sqlengine.ErrUnknownOutcome) {
		t.Errorf("%v, want ErrUnknownOutcome", err)
	}
	if took := time.Since(began); took > hung {
		t.Errorf("the commit took %v", took)
	}
	thaw()
	c.mustRecover(t)
	// A repetition converges, whether the first commit went through or not.
	err = c.Write(t.Context(), func(on sqlengine.Session) error {
		return on.Exec("INSERT INTO items (id) VALUES ('perhaps'), ('perhaps, too') ON CONFLICT DO NOTHING", nil)
	})
	if err != nil {
		t.Errorf("once more: %v", err)
	}
}

func TestWhatDoesNotReachTheServerInTimeKeepsItsConnection(t *testing.T) {
	t.Parallel()
	server := testkit.PostgresServer(t)
	o := sqlengine.Defaults()
	o.Timeout, o.MaxConns = 5*time.Second, 1
	c := openCast(t, server, o)
	c.mustRecover(t)
	pid := c.backend(t)

	t.Run("a lock that somebody holds", func(t *testing.T) {
		server.Execute(t, "INSERT INTO items (id) VALUES ('locked')")
		locked, release := make(chan bool), make(chan bool)
		var other sync.WaitGroup
		unbounded := mustOpen(t, onPostgres(server.DSN()), sqlengine.Defaults()) // it has no time-out
		other.Go(func() {
			err := unbounded.Write(t.Context(), func(on sqlengine.Session) error {
				_, err := on.Insert("UPDATE items SET n = 1 WHERE id = 'locked'", nil)
				locked <- true
				<-release
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		<-locked
		err := c.Write(t.Context(), func(on sqlengine.Session) error {
			return on.Exec("UPDATE items SET n = 2 WHERE id = 'locked'", nil)
		})
		mustBeUnavailable(t, "a write", err)
		close(release)
		other.Wait()
	})
	t.Run("a client that leaves", func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		err := c.Write(ctx, func(on sqlengine.Session) error {
			time.AfterFunc(20*time.Millisecond, leave)
			if err := on.Query("SELECT CAST(pg_sleep(0.2) AS TEXT)", nil, func(sqlengine.Row) error { return nil }); err != nil {
				t.Errorf("the statement that was under way: %v", err)
			}
			<-ctx.Done()
			return on.Exec("INSERT INTO items (id) VALUES ('left')", nil)
		})
		mustBeUnavailable(t, "a write", err)
	})
	if now := c.backend(t); now != pid {
		t.Errorf("the connection is another one: process %d, before %d", now, pid)
	}
}

// A commit that waits for its standby is neither seen nor acknowledged before the standby has it, whatever ends the waiting.
func TestACommitWithoutItsStandbyIsUnknown(t *testing.T) {
	t.Parallel()
	server := testkit.PostgresServer(t)
	standby := server.Standby(t)
	o := sqlengine.Defaults()
	o.Timeout = 2 * time.Second
	c := openCast(t, server, o)
	c.mustRecover(t)
	thaw := standby.Freeze(t)
	if err := c.Write(t.Context(), insert("waits")); !errors.Is(err, sqlengine.ErrUnknownOutcome) {
		t.Errorf("a write without the standby: %v, want ErrUnknownOutcome", err)
	}
	c.mustTurn(t)
	count := int64(-1)
	err := c.Read(t.Context(), func(on sqlengine.Session) error {
		return on.Query("SELECT count(*) FROM items WHERE id = 'waits'", nil, func(r sqlengine.Row) error { count = r.Int(0); return nil })
	})
	if err != nil || count != 0 {
		t.Errorf("%d rows can be seen, %v, want none before the standby has them", count, err)
	}
	thaw()
	c.mustRecover(t)

	thaw = standby.Freeze(t)
	end := make(chan struct{})
	var canceling sync.WaitGroup
	canceling.Go(func() {
		for {
			select {
			case <-end:
				return
			case <-time.After(10 * time.Millisecond):
				server.Execute(t, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'lobby' AND wait_event = 'SyncRep'")
			}
		}
	})
	if err := c.Write(t.Context(), insert("cancelled")); !errors.Is(err, sqlengine.ErrUnknownOutcome) {
		t.Errorf("a write whose waiting was cancelled: %v, want ErrUnknownOutcome", err)
	}
	close(end)
	canceling.Wait()
	thaw()
	c.mustRecover(t)
}
