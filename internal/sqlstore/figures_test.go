package sqlstore_test

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
)

// observed remembers which background work failed.
type observed struct {
	mu       sync.Mutex
	failures []string
}

func (*observed) Committed([]time.Duration, time.Duration) {}
func (*observed) Checkpointed(time.Duration, error)        {}
func (*observed) Retried()                                 {}

func (o *observed) BackgroundFailed(task string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failures = append(o.failures, task)
}

// until waits for something that a store does in the background.
func (o *observed) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		o.mu.Lock()
		done := is()
		o.mu.Unlock()
		if done {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("still not: %s", what)
		}
	}
}

var eachDatabase = map[string]func(t *testing.T, with ...sqlstore.Option) (*sqlstore.Store, error){
	"sqlite": func(t *testing.T, with ...sqlstore.Option) (*sqlstore.Store, error) {
		return sqlstore.OpenSQLite(t.Context(), t.TempDir(), with...)
	},
	"memory": func(t *testing.T, with ...sqlstore.Option) (*sqlstore.Store, error) {
		return sqlstore.OpenMemory(t.Context(), with...)
	},
	"postgres": func(t *testing.T, with ...sqlstore.Option) (*sqlstore.Store, error) {
		return sqlstore.OpenPostgres(t.Context(), testkit.Postgres(t), with...)
	},
}

func TestTheFiguresOfAStore(t *testing.T) {
	t.Parallel()
	for kind, open := range eachDatabase {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			store, err := open(t, sqlstore.WithReaders(3), sqlstore.WithMaxConns(3), sqlstore.WithPageCache(1<<20))
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close() //nolint:errcheck // the test is over
			err = store.Write(t.Context(), func(w people.Writer) error {
				for i, role := range []people.Role{people.Visitor, people.Lead, people.Lead, people.User, people.User, people.User} {
					p := &people.Person{Workspace: "acme", ID: strconv.Itoa(i), Role: role, CreatedAt: 1, UpdatedAt: 1}
					if err := w.InsertPerson(p); err != nil {
						return err
					}
				}
				gone := &people.Person{Workspace: "acme", ID: "gone", Role: people.User, State: people.Archived, CreatedAt: 1, UpdatedAt: 1}
				return w.InsertPerson(gone)
			})
			if err != nil {
				t.Fatal(err)
			}
			store.Touch("acme", "0", 5)

			f := store.Figures(t.Context())
			if want := (sqlstore.Counts{Visitors: 1, Leads: 2, Users: 3}); f.Counts != want {
				t.Errorf("counted %+v, want %+v", f.Counts, want)
			}
			if c := f.Connections; f.Touches != 1 || f.Queued != 0 || c.Acquired != 0 || kind != "memory" && c.Max != 3 {
				t.Errorf("%+v", f)
			}
			if logged := f.WALBytes > 0; logged != (kind == "sqlite") {
				t.Errorf("the log has %d bytes", f.WALBytes)
			}
			if schema, err := store.Schema(t.Context()); err != nil || schema < 10 || store.Kind() != kind {
				t.Errorf("%s with schema %d, %v", store.Kind(), schema, err)
			}
			read := func() (during sqlstore.Figures) {
				if err := store.Read(t.Context(), func(people.Reader) error {
					during = store.Figures(t.Context()) // the former counts, or in memory it would wait for itself
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				return during
			}
			if during := read(); during.Connections.Acquired != 1 {
				t.Errorf("while one reads: %+v", during.Connections)
			}
		})
	}
}

func TestABackgroundFailureIsReported(t *testing.T) {
	t.Parallel()
	o := &observed{}
	store, err := sqlstore.OpenSQLite(t.Context(), t.TempDir(), sqlstore.WithObserver(o))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // the test is over
	if err := store.Exec(t.Context(), `ALTER TABLE people RENAME TO elsewhere`); err != nil {
		t.Fatal(err)
	}
	store.Figures(t.Context())
	store.Touch("acme", "a", 5)
	store.FlushNow()
	o.until(t, "both failures", func() bool { return slices.Contains(o.failures, "count") && slices.Contains(o.failures, "touches") })
}
