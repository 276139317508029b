package sqlengine_test

import (
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"lobby/internal/sqlengine"
)

// inOneGroup runs writes that share one commit, in their order, and returns their errors.
func inOneGroup(t *testing.T, e sqlengine.Engine, writes ...func(sqlengine.Session) error) []error {
	t.Helper()
	entered, release := make(chan bool), make(chan bool)
	var once sync.Once
	var writers sync.WaitGroup
	writers.Go(func() {
		err := e.Write(t.Context(), func(sqlengine.Session) error { // it may run again
			once.Do(func() { close(entered); <-release })
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-entered
	errs := make([]error, len(writes))
	for i, write := range writes {
		writers.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = r.(error)
				}
			}()
			errs[i] = e.Write(t.Context(), write)
		})
		for e.Figures().Queued < i+1 {
			time.Sleep(time.Millisecond)
		}
	}
	close(release)
	writers.Wait()
	return errs
}

func TestAWriteThatFailsUndoesNothingElse(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	both := func(id string, end func() error) func(sqlengine.Session) error {
		return func(on sqlengine.Session) error { return errors.Join(insertNoted(id)(on), end()) }
	}
	for name, fails := range map[string]func(sqlengine.Session) error{
		"after it wrote":     both("x", func() error { return refused }),
		"before it wrote":    func(on sqlengine.Session) error { on.(sqlengine.Followed).Note("x"); return refused },
		"because of what is": insertNoted("a"),
		"in a savepoint": func(on sqlengine.Session) error {
			return errors.Join(on.Exec(`SAVEPOINT trial`, nil), insert("x")(on), refused)
		},
		"by a panic": both("x", func() error { panic(refused) }),
		"after it read": func(on sqlengine.Session) error {
			_, err := sqlengine.Number(on, `SELECT count(*) FROM items`, nil)
			return errors.Join(err, refused)
		},
		"after RETURNING": func(on sqlengine.Session) error {
			return errors.Join(on.Query(`INSERT INTO items (id) VALUES ('x') RETURNING id`, nil, func(sqlengine.Row) error { return nil }), refused)
		},
		"having changed none": func(on sqlengine.Session) error {
			return errors.Join(on.Exec(`DELETE FROM items WHERE id = 'x'`, nil), refused)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachSQLite(t, func(t *testing.T, f *follower, e sqlengine.Engine) {
				errs := inOneGroup(t, e, insertNoted("a"), fails, insertNoted("b"), fails, insertNoted("c"))
				for i, err := range errs {
					if isFailure := i%2 == 1; isFailure != (err != nil) {
						t.Errorf("write %d returned %v", i, err)
					}
				}
				all := []string{}
				err := e.Read(t.Context(), func(on sqlengine.Session) (err error) {
					all, err = sqlengine.List(on, `SELECT id FROM items ORDER BY id`, nil, func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
					return err
				})
				if want := []string{"a", "b", "c"}; err != nil || !slices.Equal(all, want) {
					t.Errorf("there are %v, not %v (%v)", all, want, err)
				}
				if want := []any{"a", "b", "c"}; !slices.Equal(f.told, want) {
					t.Errorf("told of %v, not of %v", f.told, want)
				}
			})
		})
	}
}

func TestOtherProcessesAreNoticedWhenAGroupRunsAgain(t *testing.T) {
	t.Parallel()
	open := onFile(filepath.Join(t.TempDir(), "test.db"))
	f := &follower{}
	e, other := mustOpen(t, open, f.options()), mustOpen(t, open, sqlengine.Defaults())
	refused := errors.New("refused")
	if err := errors.Join(e.Write(t.Context(), insertNoted("a")), other.Write(t.Context(), insert("theirs"))); err != nil {
		t.Fatal(err)
	}
	err := e.Write(t.Context(), func(on sqlengine.Session) error { return errors.Join(insertNoted("b")(on), refused) })
	if !errors.Is(err, refused) {
		t.Fatal(err)
	}
	if want := []any{"a", sqlengine.Foreign{}}; !slices.Equal(f.told, want) {
		t.Errorf("told of %v, not of %v", f.told, want)
	}
}
