package sqlstore

import (
	"slices"
	"strings"
	"testing"

	"lobby/internal/sqlengine"
)

func TestEveryTableIsExportedOrNot(t *testing.T) {
	t.Parallel()
	e := setup(t)
	declared := map[string][]string{}
	for _, r := range records {
		for _, c := range r.columns {
			declared[r.table] = append(declared[r.table], c.name)
		}
		for _, d := range r.derived {
			declared[r.table] = append(declared[r.table], d.name)
		}
		declared[r.table] = append(declared[r.table], r.computed...)
		if r.scope() == "workspace" {
			declared[r.table] = append(declared[r.table], "workspace")
		}
	}
	for _, table := range texts(t, e, sqlengine.TableLists["sqlite"]) {
		want, exported := declared[table]
		if _, not := notExported[table]; exported == not {
			t.Errorf("%s must be a record or have a reason not to be, and not both", table)
			continue
		}
		if !exported {
			continue
		}
		columns := texts(t, e, `SELECT name FROM pragma_table_info($1)`, table)
		slices.Sort(columns)
		slices.Sort(want)
		if !slices.Equal(columns, want) {
			t.Errorf("%s has the columns\n%v, and its record\n%v", table, columns, want)
		}
		delete(declared, table)
	}
	if len(declared) > 0 {
		t.Errorf("there are records of tables that do not exist: %v", declared)
	}
}

// A row without a column gets NULL only where the table lets it, and a flag is a boolean in both databases.
func TestColumnsOfRecordsFitTheirTables(t *testing.T) {
	t.Parallel()
	e := setup(t)
	flags := map[string]bool{}
	for _, m := range must(options{}.schema().Migrations("postgres")) {
		for line := range strings.Lines(m.SQL) {
			words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "ALTER TABLE "))
			if i := slices.IndexFunc(words, func(w string) bool { return strings.Trim(w, ",;") == "BOOLEAN" }); i > 0 {
				flags[words[i-1]] = true
			}
		}
	}
	for _, r := range records {
		notNull := texts(t, e, `SELECT name FROM pragma_table_info($1) WHERE "notnull" OR pk`, r.table)
		for _, c := range r.columns {
			if has := c.needed || c.filled; has != slices.Contains(notNull, c.name) && r.table != personTable {
				t.Errorf("%s.%s: a row always has a value: %t, and NOT NULL: %t", r.table, c.name, has, !has)
			}
			if is := c.kind == flagKind; is != flags[c.name] {
				t.Errorf("%s.%s: a flag: %t, and BOOLEAN: %t", r.table, c.name, is, !is)
			}
		}
	}
}
