package sqlengine_test

import (
	"errors"
	"fmt"
	"testing"

	"lobby/internal/sqlengine"
	"lobby/internal/testkit"
)

const insertItem = "INSERT INTO items (id) VALUES ($1)"

// watched is an engine whose traffic with PostgreSQL is counted.
func watched(t *testing.T) (sqlengine.Engine, *testkit.PostgresWire) {
	t.Helper()
	wire, dsn := testkit.WatchPostgres(t, testkit.Postgres(t))
	o := sqlengine.Defaults()
	o.MaxConns, o.Timeout = 1, patience
	return mustOpen(t, onPostgres(dsn), o), wire
}

// cost returns what a second run of do sends; the first one may have statements to describe.
func cost(t *testing.T, wire *testkit.PostgresWire, do func(run int) error) testkit.Traffic {
	t.Helper()
	var before testkit.Traffic
	for run := range 3 {
		before = wire.Sent()
		if err := do(run); err != nil {
			t.Fatal(err)
		}
	}
	return wire.Sent().Minus(before)
}

func count(on sqlengine.Session) (int64, error) {
	return sqlengine.Number(on, "SELECT count(*) FROM items WHERE id <> $1", []any{""})
}

func TestStatementsThatDecideNothingTravelTogether(t *testing.T) {
	t.Parallel()
	e, wire := watched(t)
	for _, c := range []struct {
		name string
		want testkit.Traffic
		do   func(on sqlengine.Session, run int) error
	}{
		{"nothing", testkit.Traffic{}, func(sqlengine.Session, int) error { return nil }},
		{"a question and three writes", testkit.Traffic{RoundTrips: 2, Statements: 6}, func(on sqlengine.Session, run int) error {
			_, err := count(on)
			for i := range 3 {
				err = errors.Join(err, on.Exec(insertItem, []any{fmt.Sprint("a", run, i)}))
			}
			return err
		}},
		{"writes alone, whose connection must be known to work", testkit.Traffic{RoundTrips: 2, Statements: 4}, func(on sqlengine.Session, run int) error {
			return errors.Join(on.Exec(insertItem, []any{fmt.Sprint("b", run)}), on.Exec(insertItem, []any{fmt.Sprint("c", run)}))
		}},
		{"a write that is read", testkit.Traffic{RoundTrips: 3, Statements: 5}, func(on sqlengine.Session, run int) error {
			before, err := count(on)
			err = errors.Join(err, on.Exec(insertItem, []any{fmt.Sprint("d", run)}))
			after, readErr := count(on)
			if after != before+1 {
				t.Errorf("%d items after a write, %d before", after, before)
			}
			return errors.Join(err, readErr)
		}},
	} {
		got := cost(t, wire, func(run int) error {
			return e.Write(t.Context(), func(on sqlengine.Session) error { return c.do(on, run) })
		})
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestAQuestionAloneNeedsNoTransaction(t *testing.T) {
	t.Parallel()
	e, wire := watched(t)
	questions := func(n int) func(int) error {
		return func(int) error {
			return e.Read(t.Context(), func(on sqlengine.Session) (err error) {
				for range n {
					_, oneErr := count(on)
					err = errors.Join(err, oneErr)
				}
				return err
			})
		}
	}
	if got, want := cost(t, wire, questions(1)), (testkit.Traffic{RoundTrips: 1, Statements: 1}); got != want {
		t.Errorf("one question: %+v, want %+v", got, want)
	}
	// What follows the same question makes it one of several, and later reads begin with a transaction.
	if got, want := cost(t, wire, questions(2)), (testkit.Traffic{RoundTrips: 3, Statements: 4}); got != want {
		t.Errorf("two questions: %+v, want %+v", got, want)
	}
	locking := func(int) error {
		return e.Read(t.Context(), func(on sqlengine.Session) error {
			_, err := sqlengine.Number(on, "SELECT n FROM items WHERE id = 'x'"+sqlengine.ForUpdate, nil)
			return err
		})
	}
	if err := locking(0); err == nil {
		t.Error("a read has locked a row")
	}
}

// A read whose first question was asked alone must not join it with the answers of later ones.
func TestAReadThatGoesOnSeesOneState(t *testing.T) {
	t.Parallel()
	e, _ := watched(t)
	runs := 0
	err := e.Read(t.Context(), func(on sqlengine.Session) error {
		runs++
		first, err := count(on)
		second, err2 := count(on)
		if err == nil && err2 == nil && first != second {
			t.Errorf("%d, then %d items", first, second)
		}
		return errors.Join(err, err2)
	})
	if err != nil || runs != 2 {
		t.Errorf("%d runs, %v, want 2", runs, err)
	}
}

func TestAnErrorOfAQueuedStatementEndsItsTransaction(t *testing.T) {
	t.Parallel()
	e, _ := watched(t)
	for name, after := range map[string]func(sqlengine.Session) error{
		"with COMMIT": func(sqlengine.Session) error { return nil },
		"with a question whose error is dropped": func(on sqlengine.Session) error {
			_, _ = count(on)
			return nil
		},
		"with an insert": func(on sqlengine.Session) error {
			_, err := on.Insert(insertItem, []any{"other"})
			return err
		},
	} {
		err := e.Write(t.Context(), func(on sqlengine.Session) error {
			_, err := count(on)
			return errors.Join(err, on.Exec(insertItem, []any{"kept"}), on.Exec("UPDATE items SET n = 9223372036854775807 + 1", nil), after(on))
		})
		if err == nil || errors.Is(err, sqlengine.ErrUnavailable) || errors.Is(err, sqlengine.ErrUnknownOutcome) {
			t.Errorf("%s: %v, want the error of the statement", name, err)
		}
	}
	if err := e.Write(t.Context(), insert("first")); err != nil {
		t.Fatal(err)
	}
	err := e.Write(t.Context(), func(on sqlengine.Session) error {
		_, err := count(on)
		return errors.Join(err, on.Exec(insertItem, []any{"first"}))
	})
	if !errors.Is(err, sqlengine.ErrTaken) {
		t.Errorf("a key in use: %v, want ErrTaken", err)
	}
	err = e.Read(t.Context(), func(on sqlengine.Session) error {
		if n, err := count(on); err != nil || n != 1 {
			t.Errorf("%d items, %v, want the one that was committed", n, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A server that ends before COMMIT has its turn says so itself; behind a pooler nobody can know that.
func TestASessionThatEndsBeforeItsCommit(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	for name, c := range map[string]struct {
		dsn  string
		want error
	}{
		"direct":          {dsn, sqlengine.ErrUnavailable},
		"behind a pooler": {testkit.PgBouncer(t, dsn), sqlengine.ErrUnknownOutcome},
	} {
		o := sqlengine.Defaults()
		o.Timeout = patience
		e := mustOpen(t, onPostgres(c.dsn), o)
		err := e.Write(t.Context(), func(on sqlengine.Session) error {
			_, err := count(on)
			return errors.Join(err, on.Exec("SELECT pg_terminate_backend(pg_backend_pid())", nil))
		})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
