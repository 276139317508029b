package sqlengine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"lobby/internal/sqlengine"
	"lobby/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.Main(m)) }

const items = "CREATE TABLE items (\n\tid TEXT NOT NULL PRIMARY KEY,\n\tn BIGINT,\n\tis_new BOOLEAN\n);\n"

// schemaOf is a schema of these migrations, which are the same for each dialect.
func schemaOf(migrations ...string) sqlengine.Schema {
	files := fstest.MapFS{}
	for i, sql := range migrations {
		for _, dialect := range []string{"sqlite", "postgres"} {
			files[fmt.Sprintf("migrations/%s/%04d_step.sql", dialect, i+1)] = &fstest.MapFile{Data: []byte(sql)}
		}
	}
	return sqlengine.Schema{Files: files}
}

// opener opens the database of a test, as often as the test likes.
type opener func(sqlengine.Prepare, sqlengine.Options) (sqlengine.Engine, error)

// onFile returns an opener of an SQLite file.
func onFile(file string) opener {
	return func(prepare sqlengine.Prepare, o sqlengine.Options) (sqlengine.Engine, error) {
		return sqlengine.OpenFile(context.Background(), file, prepare, o)
	}
}

// onPostgres returns an opener of a PostgreSQL database.
func onPostgres(dsn string) opener {
	return func(prepare sqlengine.Prepare, o sqlengine.Options) (sqlengine.Engine, error) {
		return sqlengine.OpenPostgres(context.Background(), dsn, prepare, o)
	}
}

// eachDatabase runs a test on each kind of database that can be opened again.
func eachDatabase(t *testing.T, test func(t *testing.T, open opener)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, onFile(filepath.Join(t.TempDir(), "test.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, onPostgres(testkit.Postgres(t)))
	})
}

// mustOpen opens a database with the table items, and closes it when the test ends.
func mustOpen(t *testing.T, open opener, o sqlengine.Options) sqlengine.Engine {
	t.Helper()
	e, err := open(schemaOf(items).Migrate, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// insert returns a function that writes an item.
func insert(id string) func(sqlengine.Session) error {
	return func(on sqlengine.Session) error {
		return on.Exec(`INSERT INTO items (id) VALUES ($1)`, []any{id})
	}
}

// observed remembers what an engine tells it.
type observed struct {
	mu          sync.Mutex
	groups      []int
	checkpoints int
	retries     int
	failures    []string
}

func (o *observed) note(do func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	do()
}

func (o *observed) Committed(waits []time.Duration, took time.Duration) {
	o.note(func() { o.groups = append(o.groups, len(waits)) })
}

func (o *observed) Checkpointed(took time.Duration, err error) { o.note(func() { o.checkpoints++ }) }

func (o *observed) Retried() { o.note(func() { o.retries++ }) }

func (o *observed) BackgroundFailed(task string, err error) {
	o.note(func() { o.failures = append(o.failures, task) })
}

// until waits for something that an engine does in the background.
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

func (o *observed) options() sqlengine.Options {
	options := sqlengine.Defaults()
	options.Observer = o
	return options
}
