package sqlengine_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"lobby/internal/sqlengine"
)

// follower remembers the changes that it was told of.
type follower struct{ told []any }

func (f *follower) follow(changes []any) { f.told = append(f.told, changes...) }

func (f *follower) options() sqlengine.Options {
	o := sqlengine.Defaults()
	o.Follower = f.follow
	return o
}

// eachSQLite runs a test on a database in a file and on one in memory, both with a follower.
func eachSQLite(t *testing.T, test func(t *testing.T, f *follower, e sqlengine.Engine)) {
	for name, open := range map[string]opener{
		"file": onFile(filepath.Join(t.TempDir(), "test.db")),
		"memory": func(prepare sqlengine.Prepare, o sqlengine.Options) (sqlengine.Engine, error) {
			return sqlengine.OpenMemory(context.Background(), prepare, o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &follower{}
			test(t, f, mustOpen(t, open, f.options()))
		})
	}
}

// insertNoted writes an item and notes it.
func insertNoted(id string) func(sqlengine.Session) error {
	return func(on sqlengine.Session) error {
		on.(sqlengine.Followed).Note(id)
		return insert(id)(on)
	}
}

func TestAFollowerIsToldOfWhatIsCommitted(t *testing.T) {
	t.Parallel()
	eachSQLite(t, func(t *testing.T, f *follower, e sqlengine.Engine) {
		err := e.Write(t.Context(), func(on sqlengine.Session) error {
			followed := on.(sqlengine.Followed)
			followed.Note("trial")
			followed.Forget(0)
			return insertNoted("a")(on)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = e.Write(t.Context(), func(on sqlengine.Session) error {
			return errors.Join(insertNoted("b")(on), errors.New("refused"))
		})
		if err == nil {
			t.Fatal("a refused write succeeded")
		}
		if err := e.Write(t.Context(), insertNoted("c")); err != nil {
			t.Fatal(err)
		}
		if want := []any{"a", "c"}; !slices.Equal(f.told, want) {
			t.Errorf("told of %v, not of %v", f.told, want)
		}
	})
}

func TestAReadInStepSeesWhatTheFollowerKnows(t *testing.T) {
	t.Parallel()
	eachSQLite(t, func(t *testing.T, f *follower, e sqlengine.Engine) {
		const writes = 300
		var done atomic.Int64
		var workers sync.WaitGroup
		for range 3 {
			workers.Go(func() {
				defer done.Add(1)
				for range writes {
					err := e.Write(t.Context(), func(on sqlengine.Session) error {
						on.(sqlengine.Followed).Note(1)
						n := int64(0)
						count := func(r sqlengine.Row) error { n = r.Int(0); return nil }
						if err := on.Query(`SELECT count(*) FROM items`, nil, count); err != nil {
							return err
						}
						return on.Exec(`INSERT INTO items (id, n) VALUES ($1, $2)`, []any{string(rune('a' + n)), n})
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for reader := range 3 {
			workers.Go(func() {
				for done.Load() < 3 {
					known, rows := 0, int64(0)
					err := e.Read(t.Context(), func(on sqlengine.Session) error {
						if reader > 0 { // its view begins before
							if err := on.Exec(`SELECT 1 FROM items LIMIT 1`, nil); err != nil {
								return err
							}
						}
						err := on.(sqlengine.Followed).InStep(func() error {
							known = len(f.told)
							return nil
						})
						if err != nil {
							return err
						}
						return on.Query(`SELECT count(*) FROM items`, nil, func(r sqlengine.Row) error { rows = r.Int(0); return nil })
					})
					if err != nil || int64(known) != rows {
						t.Errorf("the follower knows %d commits of a view with %d, %v", known, rows, err)
						return
					}
				}
			})
		}
		workers.Wait()
		if len(f.told) != 3*writes {
			t.Errorf("told %d times", len(f.told))
		}
	})
}

func TestAFollowerIsToldOfOtherProcesses(t *testing.T) {
	t.Parallel()
	open := onFile(filepath.Join(t.TempDir(), "test.db"))
	f := &follower{}
	e, other := mustOpen(t, open, f.options()), mustOpen(t, open, sqlengine.Defaults())
	for _, write := range []struct {
		by sqlengine.Engine
		id string
	}{{e, "a"}, {e, "b"}, {other, "theirs"}, {e, "c"}, {e, "d"}} {
		if err := write.by.Write(t.Context(), insertNoted(write.id)); err != nil {
			t.Fatal(err)
		}
	}
	if want := []any{"a", "b", sqlengine.Foreign{}, "c", "d"}; !slices.Equal(f.told, want) {
		t.Errorf("told of %v, not of %v", f.told, want)
	}
}

func TestALongReadEndsInTheMidstOfAStatement(t *testing.T) {
	t.Parallel()
	e := mustOpen(t, onFile(filepath.Join(t.TempDir(), "test.db")), sqlengine.Defaults())
	ctx, stop := context.WithCancel(t.Context())
	err := e.ReadLong(ctx, func(on sqlengine.Session) error {
		go stop()
		return on.Query(`WITH RECURSIVE endless AS (SELECT 1 UNION ALL SELECT 1 FROM endless) SELECT count(*) FROM endless`, nil,
			func(sqlengine.Row) error { return nil })
	})
	if !errors.Is(err, context.Canceled) || !errors.Is(err, sqlengine.ErrUnavailable) {
		t.Error(err)
	}
	if err := e.ReadLong(t.Context(), func(on sqlengine.Session) error { _, err := sqlengine.Number(on, `SELECT 1`, nil); return err }); err != nil {
		t.Errorf("another one: %v", err)
	}
}
