package sqlstore

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unportable is what SQL must not have, because one of the engines lacks it on which Lobby runs or may run one day.
var unportable = map[string]*regexp.Regexp{
	"a trigger, function or procedure: CockroachDB has few of them, and they run on one node": regexp.MustCompile(`\b(TRIGGER|FUNCTION|PROCEDURE|LANGUAGE|DO \$\$)\b`),
	"a sequence: one node gives out its numbers":                                              regexp.MustCompile(`\b(CREATE SEQUENCE|\w*SERIAL|IDENTITY|NEXTVAL)\b`),
	"an advisory lock: PgBouncer, Citus and CockroachDB lose it":                              regexp.MustCompile(`\bPG_\w*ADVISORY\w*`),
	"notifications: they reach the clients of one node":                                       regexp.MustCompile(`\b(LISTEN|NOTIFY|UNLISTEN)\b`),
	"a lock on a table: YugabyteDB and CockroachDB lack it":                                   regexp.MustCompile(`\bLOCK TABLE\b`),
	"a foreign key: Citus allows few, and none to other shards":                               regexp.MustCompile(`\b(REFERENCES|FOREIGN KEY)\b`),
	"an exclusion constraint: they are for one node":                                          regexp.MustCompile(`\bEXCLUDE\b`),
	"an extension: hosted databases do not allow it":                                          regexp.MustCompile(`\bCREATE EXTENSION\b`),
	"a temporary table or a cursor: poolers lose it":                                          regexp.MustCompile(`\b(TEMP|TEMPORARY|CURSOR)\b`),
	"a setting of the session: poolers lose it":                                               regexp.MustCompile(`(?m)^\s*SET (?:SESSION )?\w+ (?:=|TO)\b`),
	"inheritance or partitions of PostgreSQL: they differ everywhere":                         regexp.MustCompile(`\b(INHERITS|PARTITION BY RANGE|PARTITION BY LIST)\b`),
	"MERGE or a writing WITH: Citus sends neither to one shard":                               regexp.MustCompile(`\bMERGE INTO\b|\bAS \((?:INSERT|UPDATE|DELETE)\b`),
	"a row of whatever comes first: the order of ctid is that of one node":                    regexp.MustCompile(`\bCTID\b`),
	"SKIP LOCKED: CockroachDB and YugabyteDB differ":                                          regexp.MustCompile(`\bSKIP LOCKED\b`),
	"a collation by a name that differs":                                                      regexp.MustCompile(`\bCOLLATE (?:"[^C][^"]*"|"C[^"]+")`),
}

// oldMigrations were there before these rules, and are never edited.
const oldMigrations = 15

// sqlOf returns the texts of this package, of searchsql and of the runner of migrations that are SQL, by where they are.
func sqlOf(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	files := slices.Concat(must(filepath.Glob("*.go")), must(filepath.Glob("../searchsql/*.go")), must(filepath.Glob("../sqlengine/migrate.go")))
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file := must(parser.ParseFile(set, name, nil, 0))
		ast.Inspect(file, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
				if value, err := strconv.Unquote(text.Value); err == nil && statement.MatchString(value) {
					found[set.Position(text.Pos()).String()] = value
				}
			}
			return true
		})
	}
	for _, m := range must(options{}.schema().Migrations("postgres")) {
		if m.Number > oldMigrations {
			found[m.Name] = comment.ReplaceAllString(m.SQL, "")
		}
	}
	return found
}

var (
	statement = regexp.MustCompile(`(?s)^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|LOCK|SET|MERGE)\s`)
	comment   = regexp.MustCompile(`(?m)--.*$`)
)

func TestSQLHasNothingThatOneOfTheEnginesLacks(t *testing.T) {
	t.Parallel()
	all := sqlOf(t)
	if len(all) < 100 {
		t.Errorf("only %d statements were found", len(all))
	}
	for _, at := range slices.Sorted(maps.Keys(all)) {
		for why, pattern := range unportable {
			if found := pattern.FindString(strings.ToUpper(all[at])); found != "" {
				t.Errorf("%s has %q, which is %s", at, found, why)
			}
		}
	}
}

func TestTheRulesOfPortabilityFindWhatTheyForbid(t *testing.T) {
	t.Parallel()
	for _, sql := range []string{
		`CREATE TRIGGER t AFTER INSERT ON people EXECUTE FUNCTION f()`, `CREATE TABLE t (id BIGSERIAL)`, `SELECT nextval('s')`,
		`SELECT pg_try_advisory_xact_lock(1)`, `NOTIFY people`, `LOCK TABLE people`, `CREATE TABLE t (p TEXT REFERENCES people)`,
		`CREATE EXTENSION citext`, `CREATE TEMP TABLE t ()`, `SET search_path TO x`, `CREATE TABLE t () PARTITION BY RANGE (id)`,
		`WITH gone AS (DELETE FROM t RETURNING id) SELECT id FROM gone`, `SELECT ctid FROM t`, `SELECT id FROM t FOR UPDATE SKIP LOCKED`,
		`CREATE TABLE t (n TEXT COLLATE "de_DE")`, `ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&)`,
	} {
		if !slices.ContainsFunc(slices.Collect(maps.Values(unportable)), func(p *regexp.Regexp) bool { return p.MatchString(strings.ToUpper(sql)) }) {
			t.Errorf("%s is allowed", sql)
		}
	}
	for _, sql := range []string{`CREATE TABLE t (key TEXT COLLATE "C" NOT NULL)`, `SELECT id FROM people WHERE workspace = $1 FOR UPDATE`} {
		for why, p := range unportable {
			if p.MatchString(strings.ToUpper(sql)) {
				t.Errorf("%s is taken for %s", sql, why)
			}
		}
	}
}

// CockroachDB allows no index on a column that the same transaction has added, and each migration is one transaction.
func TestNoMigrationIndexesAColumnThatItAdds(t *testing.T) {
	t.Parallel()
	added := regexp.MustCompile(`ALTER TABLE (\w+) ADD COLUMN (?:IF NOT EXISTS )?(\w+)`)
	for _, m := range must(options{}.schema().Migrations("postgres")) {
		if m.Number <= oldMigrations {
			continue
		}
		for _, column := range added.FindAllStringSubmatch(m.SQL, -1) {
			index := regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX \w+ ON ` + column[1] + `[^;]*\b` + column[2] + `\b`)
			if index.MatchString(m.SQL) {
				t.Errorf("%s adds %s.%s and indexes it: that takes two migrations", m.Name, column[1], column[2])
			}
		}
	}
}

// What every statement of a request must have to be sent to one shard.
func TestStatementsNameTheWorkspaceOfTheirRows(t *testing.T) {
	t.Parallel()
	// These are no part of a request that belongs to a workspace, or complete a statement that names it.
	acrossWorkspaces := map[string]string{
		"backfill.go": "migrations", "figures.go": "the metrics", "check.go": "lobby fsck", "distribute.go": "lobby migrate", "dump.go": "tests",
	}
	tables := regexp.MustCompile(`\b(?:FROM|INTO|UPDATE|JOIN) (\w+)`)
	leads := map[string]bool{}
	for _, m := range must(options{}.schema().Migrations("postgres")) {
		for _, created := range regexp.MustCompile(`CREATE TABLE (\w+) \((?s:[^;]*?)workspace\s+TEXT`).FindAllStringSubmatch(m.SQL, -1) {
			leads[created[1]] = true
		}
	}
	for _, table := range referenceTables {
		delete(leads, table)
	}
	if !leads["people"] || len(leads) < 25 {
		t.Errorf("%d tables belong to workspaces", len(leads))
	}
	var found []string
	for at, sql := range sqlOf(t) {
		file := filepath.Base(strings.Split(at, ":")[0])
		if strings.HasSuffix(at, ".sql") || acrossWorkspaces[file] != "" || strings.Contains(sql, "workspace") {
			continue
		}
		for _, used := range tables.FindAllStringSubmatch(sql, -1) {
			if leads[used[1]] {
				found = append(found, at+": "+strings.Join(strings.Fields(sql), " "))
			}
		}
	}
	slices.Sort(found)
	want := strings.Split(strings.TrimSpace(string(must(os.ReadFile("testdata/across_workspaces.txt")))), "\n")
	for i, line := range found {
		_, found[i], _ = strings.Cut(line, ": ")
	}
	slices.Sort(found)
	if !slices.Equal(found, want) {
		t.Errorf("statements that name no workspace:\n%s\nwant those of testdata/across_workspaces.txt:\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}
