package sqlengine_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"lobby/internal/sqlengine"
)

// chores is what a schema has that leaves something to be done.
const chores = "CREATE TABLE chores (name TEXT NOT NULL PRIMARY KEY, position TEXT, done BIGINT);\nINSERT INTO chores (name) VALUES ('count'), ('short'), ('foreign');\n"

// counting is a backfill that counts up to a number in the table items, a row a step.
func counting(name string, until int) sqlengine.Backfill {
	return sqlengine.Backfill{Name: name, Table: "items", Step: func(on sqlengine.Session, _ sqlengine.Dialect, after []string, _ bool) ([]string, int64, error) {
		n, _ := strconv.Atoi(strings.Join(after, ""))
		err := on.Exec(`INSERT INTO items (id, n) VALUES ($1, $2)`, []any{fmt.Sprintf("%s %d", name, n), int64(n)})
		if n+1 == until {
			return nil, 1, err
		}
		return []string{strconv.Itoa(n + 1)}, 1, err
	}}
}

func TestBackfillsGoOnWhereTheyEnded(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open opener) {
		schema := schemaOf(items, chores)
		fails := errors.New("not now")
		isFailing := false
		last := counting("count", 5)
		step := last.Step
		last.Step = func(on sqlengine.Session, d sqlengine.Dialect, after []string, isAgain bool) ([]string, int64, error) {
			next, rows, err := step(on, d, after, isAgain)
			if isFailing {
				err = fails
			}
			return next, rows, err
		}
		schema.Backfills = []sqlengine.Backfill{counting("unused", 1), counting("short", 1), last}
		schema.Left = new(sqlengine.Leftovers)
		rows := func() string {
			left := schema.Left.Progress()
			if len(left) != 1 || left[0].Name != "count" {
				return fmt.Sprint(left)
			}
			return strconv.FormatInt(left[0].Rows, 10)
		}
		reopen := func(prepare sqlengine.Prepare) sqlengine.Engine {
			e, err := open(prepare, sqlengine.Defaults())
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		e := reopen(schema.Migrate)
		if got := rows(); got != "1" {
			t.Errorf("after a first start %s rows are done, want 1", got)
		}
		isFailing = true
		if err := schema.Step(t.Context(), e); !errors.Is(err, fails) {
			t.Errorf("a step that fails returns %v", err)
		}
		isFailing = false
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		e = reopen(schema.MustBeCurrent)
		if got := rows(); got != "1" {
			t.Errorf("looked at, %s rows are done, want 1", got)
		}
		for range 2 {
			if err := schema.Step(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		if got := rows(); got != "3" {
			t.Errorf("after two steps %s rows are done, want 3", got)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		e = reopen(schema.Migrate)
		if got := rows(); got != "4" {
			t.Errorf("after another start %s rows are done, want 4", got)
		}
		if err := schema.Step(t.Context(), e); err != nil || len(schema.Left.Names()) > 0 {
			t.Errorf("left in the end: %v, %v", schema.Left.Names(), err)
		}
		var names []string
		err := e.Read(t.Context(), func(on sqlengine.Session) (err error) {
			names, err = sqlengine.List(on, `SELECT id FROM items UNION ALL SELECT name FROM chores ORDER BY 1`, nil, func(r sqlengine.Row) (string, error) { return r.Text(0), nil })
			return err
		})
		if want := []string{"count 0", "count 1", "count 2", "count 3", "count 4", "foreign", "short 0"}; !slices.Equal(names, want) {
			t.Errorf("the rows and what is left are %q, %v, want %q", names, err, want)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Each step would insert a row that is there already if two servers did it.
func TestServersShareABackfill(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open opener) {
		schema := schemaOf(items, chores)
		schema.Backfills = []sqlengine.Backfill{counting("count", 60)}
		var servers sync.WaitGroup
		for range 3 {
			schema.Left = new(sqlengine.Leftovers)
			schema := schema
			e, err := open(schema.Migrate, sqlengine.Defaults())
			if err != nil {
				t.Fatal(err)
			}
			servers.Go(func() {
				if err := schema.Finish(t.Context(), e, func(string, int64, int64) {}); err != nil {
					t.Error(err)
				}
				if err := e.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		servers.Wait()
	})
}
