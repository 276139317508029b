package sqlstore_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"lobby/internal/sqlengine"
	"lobby/internal/testkit"
)

// fakeCitus has what of Citus is used: the list of distributed tables, and functions with its names and parameters. They
// refuse what Citus refuses.
const fakeCitus = `CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, placed text NOT NULL);
CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
	colocate_with text DEFAULT 'default') RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad text;
BEGIN
	SELECT c.relname INTO bad FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = table_name AND i.indisunique
		AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = table_name AND a.attname = distribution_column AND a.attnum = ANY (i.indkey));
	IF bad IS NOT NULL THEN RAISE 'the unique index % lacks the distribution column', bad; END IF;
	IF EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND conrelid = table_name) THEN RAISE 'foreign keys'; END IF;
	IF colocate_with <> 'default' AND NOT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = colocate_with::regclass) THEN
		RAISE 'there is no % to be near to', colocate_with; END IF;
	INSERT INTO pg_dist_partition VALUES (table_name, distribution_column);
END $$;
CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE sql AS
	$$ INSERT INTO pg_dist_partition VALUES (table_name, 'everywhere') $$`

func TestEveryTableHasItsPlaceInACluster(t *testing.T) {
	t.Parallel()
	store := openNode(t, testkit.MigratedPostgres(t))
	all, err := store.Undistributed(t.Context())
	if !errors.Is(err, sqlengine.ErrNoCitus) {
		t.Errorf("without Citus the error is %v", err)
	}
	if all[0] != `SELECT create_distributed_table('workspaces', 'id')` {
		t.Errorf("it begins with %s", all[0])
	}
	tables, err := store.Tables(t.Context())
	if err != nil || len(tables) != len(all) || len(all) < 30 {
		t.Errorf("there are %d tables (%v) and %d statements", len(tables), err, len(all))
	}
	for _, want := range []string{
		`SELECT create_reference_table('tokens')`, `SELECT create_reference_table('migrations')`, `SELECT create_reference_table('chores')`,
		`SELECT create_distributed_table('people', 'workspace', colocate_with => 'workspaces')`,
	} {
		if !slices.Contains(all, want) {
			t.Errorf("there is no %s", want)
		}
	}
	for _, table := range tables {
		if n := strings.Count(strings.Join(all, "\n"), "('"+table+"'"); n != 1 {
			t.Errorf("the table %s has %d statements", table, n)
		}
	}
	if _, err := store.Distribute(t.Context()); !errors.Is(err, sqlengine.ErrNoCitus) {
		t.Errorf("it is distributed without Citus: %v", err)
	}
	if _, err := testkit.Open(t).Distribute(t.Context()); !errors.Is(err, sqlengine.ErrNotCitus) {
		t.Errorf("SQLite is distributed: %v", err)
	}
}

func TestADatabaseIsDistributedOnceAndStaysSo(t *testing.T) {
	t.Parallel()
	dsn := testkit.Postgres(t)
	store := openNode(t, dsn)
	for statement := range strings.SplitSeq(fakeCitus, ";\nCREATE FUNCTION") {
		if !strings.HasPrefix(statement, "CREATE") {
			statement = "CREATE FUNCTION" + statement
		}
		if err := store.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	distributed := func(want int) {
		t.Helper()
		left, err := store.Undistributed(t.Context())
		if err != nil || len(left) != want {
			t.Errorf("%d tables are local (%v), want %d", len(left), err, want)
		}
	}
	all, err := store.Undistributed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again := openNode(t, dsn); again != nil {
		distributed(len(all)) // a start distributes nothing that nobody asked for
	}
	done, err := store.Distribute(t.Context())
	if err != nil || !slices.Equal(done, all) {
		t.Errorf("it did\n%s (%v)\nwant\n%s", strings.Join(done, "\n"), err, strings.Join(all, "\n"))
	}
	distributed(0)
	if done, err = store.Distribute(t.Context()); err != nil || len(done) != 0 {
		t.Errorf("a second time it did %q (%v)", done, err)
	}
	// As after a migration that adds tables.
	for _, sql := range []string{
		`CREATE TABLE later (workspace TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (workspace, id))`,
		`CREATE TABLE latest (workspace TEXT NOT NULL PRIMARY KEY)`,
	} {
		if err := store.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	distributed(2)
	openNode(t, dsn)
	distributed(0)
	if err := store.Exec(t.Context(), `CREATE TABLE misfits (id TEXT NOT NULL PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Undistributed(t.Context()); err == nil || !strings.Contains(err.Error(), "misfits") {
		t.Errorf("a table that fits nowhere is %v", err)
	}
}
