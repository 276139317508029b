package sqlengine_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"lobby/internal/sqlengine"
)

func TestValues(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open opener) {
		e := mustOpen(t, open, sqlengine.Defaults())
		type item struct {
			id    string
			n     int64
			isNew bool
		}
		want := []item{{"a", -1 << 63, true}, {"b", 0, false}}
		err := e.Write(t.Context(), func(on sqlengine.Session) error {
			return on.Exec(`INSERT INTO items (id, n, is_new) VALUES ($1, $3, $2), ($4, $5, $6)`, []any{"a", true, int64(-1 << 63), "b", nil, nil})
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []item
		err = e.Read(t.Context(), func(on sqlengine.Session) (err error) {
			got, err = sqlengine.List(on, `SELECT id, n, is_new FROM items ORDER BY id`, nil, func(r sqlengine.Row) (item, error) {
				return item{r.Text(0), r.Int(1), r.Bool(2)}, nil
			})
			return err
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("read %v, %v, want %v", got, err, want)
		}
	})
}

func TestAStatementTakesTheValuesOfEachRun(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open opener) {
		e := mustOpen(t, open, sqlengine.Defaults())
		for _, id := range []string{"a", "b", "c", "d"} {
			if err := e.Write(t.Context(), insert(id)); err != nil {
				t.Fatal(err)
			}
		}
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			for _, c := range []struct {
				limit any
				after string
				want  []string
			}{
				{int64(2), "", []string{"a", "b"}},
				{int64(2), "b", []string{"c", "d"}},
				{int64(1), "b", []string{"c"}},
				{nil, "a", []string{"b", "c", "d"}},
				{int64(1), "", []string{"a"}},
				{int64(3), "", []string{"a", "b", "c"}},
			} {
				got, err := sqlengine.List(on, `SELECT id FROM items WHERE id > $1 ORDER BY id LIMIT coalesce($2, 9)`, []any{c.after, c.limit},
					func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
				if err != nil {
					return err
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("%v after %q: %v, not %v", c.limit, c.after, got, c.want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open opener) {
		e := mustOpen(t, open, sqlengine.Defaults())
		if err := e.Write(t.Context(), insert("a")); err != nil {
			t.Fatal(err)
		}
		err := e.Write(t.Context(), func(on sqlengine.Session) error {
			return errors.Join(insert("b")(on), insert("a")(on))
		})
		if !errors.Is(err, sqlengine.ErrTaken) {
			t.Errorf("the same key again: %v, want ErrTaken", err)
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if err := e.Write(ended, insert("c")); !errors.Is(err, sqlengine.ErrUnavailable) {
			t.Errorf("a write whose context has ended: %v, want ErrUnavailable", err)
		}
		count := func(on sqlengine.Session) error {
			return on.Query(`SELECT count(*) FROM items`, nil, func(r sqlengine.Row) error {
				if n := r.Int(0); n != 1 {
					t.Errorf("there are %d items, want the first alone", n)
				}
				return nil
			})
		}
		if err := e.Read(t.Context(), count); err != nil {
			t.Error(err)
		}
		if err := errors.Join(e.Ready(t.Context()), e.Close()); err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{
			"ready": e.Ready(t.Context()), "read": e.Read(t.Context(), count), "write": e.Write(t.Context(), insert("d")),
		} {
			if !errors.Is(err, sqlengine.ErrUnavailable) {
				t.Errorf("%s of a closed engine: %v, want ErrUnavailable", what, err)
			}
		}
	})
}

func TestGroupCommit(t *testing.T) {
	t.Parallel()
	o := &observed{}
	e, err := sqlengine.OpenFile(t.Context(), t.TempDir()+"/test.db", schemaOf(items).Migrate, o.options())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close() //nolint:errcheck // the test is over
	entered, release := make(chan bool), make(chan bool)
	var writers sync.WaitGroup
	write := func(fn func()) {
		writers.Go(func() {
			if err := e.Write(t.Context(), func(sqlengine.Session) error { fn(); return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	write(func() { close(entered); <-release })
	<-entered
	for range 5 {
		write(func() {})
	}
	for e.Figures().Queued < 5 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	writers.Wait()
	o.until(t, "one commit of six", func() bool { return slices.Equal(o.groups, []int{6}) })
	o.until(t, "a checkpoint", func() bool { return o.checkpoints > 0 })
}

func TestAFailedCheckpointIsReported(t *testing.T) {
	t.Parallel()
	o := &observed{}
	sqlengine.FailedCheckpoint(o)
	if !slices.Equal(o.failures, []string{"checkpoint"}) || o.checkpoints != 1 {
		t.Errorf("%d checkpoints and the failures %q were observed", o.checkpoints, o.failures)
	}
}

func TestATransactionThatRunsAgainIsObserved(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open opener) {
		o := &observed{}
		e := mustOpen(t, open, o.options())
		if err := e.Write(t.Context(), insert("a")); err != nil {
			t.Fatal(err)
		}
		if err := e.Write(t.Context(), insert("a")); !errors.Is(err, sqlengine.ErrTaken) {
			t.Errorf("%v, want that the id is taken", err)
		}
		if ran := o.retries > 0; ran != (e.Dialect().Name == "postgres") {
			t.Errorf("%d retries were observed", o.retries)
		}
	})
}
