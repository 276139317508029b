package sqlengine_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/fstest"

	"lobby/internal/sqlengine"
	"lobby/internal/testkit"
)

func TestSchemas(t *testing.T) {
	t.Parallel()
	const more = "ALTER TABLE items ADD COLUMN more TEXT;\nUPDATE items SET more = 'x';\n"
	older, same, newer, altered := schemaOf(items), schemaOf(items, more), schemaOf(items, more, more), schemaOf(items+"\n", more)
	eachDatabase(t, func(t *testing.T, open opener) {
		for _, step := range []struct {
			name    string
			prepare sqlengine.Prepare
			want    error
		}{
			{"looking at an empty one", older.MustBeCurrent, sqlengine.ErrOlder},
			{"the first migration", older.Migrate, nil},
			{"looking at an older one", same.MustBeCurrent, sqlengine.ErrOlder},
			{"the next migration", same.Migrate, nil},
			{"no migration", same.Migrate, nil},
			{"looking at this one", same.MustBeCurrent, nil},
			{"an older program", older.Migrate, sqlengine.ErrNewer},
			{"an older program that looks", older.MustBeCurrent, sqlengine.ErrNewer},
			{"another text", altered.Migrate, sqlengine.ErrAltered},
			{"another text that looks", altered.MustBeCurrent, sqlengine.ErrAltered},
			{"looking at an older one again", newer.MustBeCurrent, sqlengine.ErrOlder},
		} {
			e, err := open(step.prepare, sqlengine.Defaults())
			if err == nil {
				err = e.Close()
			}
			if !errors.Is(err, step.want) {
				t.Errorf("%s: %v, want %v", step.name, err, step.want)
			}
		}
	})
}

// Two servers that make the list of migrations at once get one of several errors, each only now and then.
func TestServersMakeTheListOfMigrationsAtOnce(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	const servers, rounds = 6, 25
	engines := make([]sqlengine.Engine, servers)
	for i := range engines {
		e, err := sqlengine.OpenPostgres(t.Context(), dsn, func(context.Context, sqlengine.Engine) error { return nil }, sqlengine.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		engines[i] = e
	}
	schema := schemaOf(items)
	for range rounds {
		var starting sync.WaitGroup
		for _, e := range engines {
			starting.Go(func() {
				if err := schema.Migrate(t.Context(), e); err != nil {
					t.Error(err)
				}
			})
		}
		starting.Wait()
		err := engines[0].Script(t.Context(), func(on sqlengine.Session) error {
			return errors.Join(on.Exec(`DROP TABLE migrations`, nil), on.Exec(`DROP TABLE items`, nil))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAGapInTheNumbersIsRefused(t *testing.T) {
	t.Parallel()
	schema := sqlengine.Schema{Files: fstest.MapFS{"migrations/sqlite/0002_late.sql": &fstest.MapFile{}}}
	if all, err := schema.Migrations("sqlite"); err == nil {
		t.Errorf("there are %v, want an error", all)
	}
}
