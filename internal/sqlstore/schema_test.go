package sqlstore

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/sqlengine"
)

// setup opens a fresh database in memory and returns its engine.
func setup(t *testing.T) sqlengine.Engine {
	t.Helper()
	store, err := OpenMemory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store.engine
}

func texts(t *testing.T, e sqlengine.Engine, sql string, args ...any) []string {
	t.Helper()
	var all []string
	err := e.Read(t.Context(), func(on sqlengine.Session) error {
		return on.Query(sql, args, func(r sqlengine.Row) error {
			all = append(all, r.Text(0))
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryColumnOfAPersonIsAField(t *testing.T) {
	t.Parallel()
	columns := texts(t, setup(t), `SELECT name FROM pragma_table_info('people')`)
	fields := []string{"workspace", "email_key", "phone_e164", "email_again", "phone_again"} // the key that leads all others, and what is derived
	for _, f := range people.Fields {
		fields = append(fields, f.Name)
	}
	slices.Sort(columns)
	slices.Sort(fields)
	if !slices.Equal(columns, fields) {
		t.Errorf("the table people has the columns\n%v\nand people.Fields, with what the store adds,\n%v", columns, fields)
	}
}

func TestEveryTableThatHangsOnAPersonIsKnown(t *testing.T) {
	t.Parallel()
	tables := texts(t, setup(t), `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name = 'person_id' AND m.name <> 'outbox' ORDER BY m.name`)
	known := slices.Sorted(slices.Values(attachments))
	if !slices.Equal(tables, known) {
		t.Errorf("tables with a person_id: %v; attachments: %v", tables, known)
	}
}

// Workspaces must never meet in a key: one would learn of another by what is taken, and no server could hold some of them.
func TestTheWorkspaceLeadsEveryUniqueKey(t *testing.T) {
	t.Parallel()
	global := []string{
		"chores (name)", "leases (name)", // the database's own
		"login_attempts (key)", "login_links (hash)", "login_sessions (hash)", "logins (email_key)", "logins (id)", // of the whole server
		"migrations (number)", "nodes (id)",
		"tokens (hash)",   // says which workspace
		"workspaces (id)", // is the workspace
	}
	const uniqueKeys = `SELECT m.name || ' (' || (
			SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)
		) || ')' FROM sqlite_schema m JOIN pragma_index_list(m.name) i
		WHERE m.type = 'table' AND i."unique" ORDER BY 1`
	var others []string
	all := texts(t, setup(t), uniqueKeys)
	for _, key := range all {
		if !strings.Contains(key, " (workspace, ") && !strings.HasSuffix(key, " (workspace)") {
			others = append(others, key)
		}
	}
	if !slices.Equal(others, global) || len(all) < 30 {
		t.Errorf("of %d unique keys these begin with something else than the workspace: %q, want %q", len(all), others, global)
	}
	for _, m := range must(options{}.schema().Migrations("postgres")) {
		for line := range strings.Lines(m.SQL) {
			key := strings.TrimSpace(line)
			if strings.HasPrefix(key, "PRIMARY KEY (") && !strings.HasPrefix(key, "PRIMARY KEY (workspace") {
				t.Errorf("postgres/%s: %s", m.Name, key)
			}
			if strings.HasPrefix(key, "CREATE UNIQUE INDEX") && !strings.Contains(key, " (workspace, ") && !strings.Contains(key, "tokens (hash)") {
				t.Errorf("postgres/%s: %s", m.Name, key)
			}
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// guard is an index that only PostgreSQL needs, where writers do not see each other.
var guard = regexp.MustCompile(`CREATE UNIQUE INDEX [^;]+_again IS NULL[^;]+;`)

func TestBothSchemasHaveTheSameColumns(t *testing.T) {
	t.Parallel()
	columns := func(dialect string) (all []string) {
		migrations, err := options{}.schema().Migrations(dialect)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range migrations {
			for line := range strings.Lines(guard.ReplaceAllString(m.SQL, "")) {
				if words := strings.Fields(line); len(words) > 1 && strings.HasPrefix(line, "\t") {
					all = append(all, words[0]+strings.Repeat(" NOT NULL", strings.Count(line, "NOT NULL")))
				} else if len(words) > 2 && words[0] == "CREATE" {
					all = append(all, words[1]+" "+words[2]+" "+words[len(words)-1])
				}
			}
		}
		return all
	}
	if sqlite, postgres := columns("sqlite"), columns("postgres"); !slices.Equal(sqlite, postgres) {
		t.Errorf("sqlite:\n%v\npostgres:\n%v", sqlite, postgres)
	}
}

func TestHotLookUpsUseAnIndex(t *testing.T) {
	t.Parallel()
	e := setup(t)
	for sql, index := range map[string]string{
		byID.plain:          "sqlite_autoindex_people_1 (workspace=? AND id=?)",
		byAnonymousID.plain: "people_anonymous_id (workspace=? AND anonymous_id=?)",
		byExternalID.plain:  "people_external_id (workspace=? AND external_id=?), people_former_external_id (workspace=? AND external_id=?)",
		byEmail.plain:       "people_user_email (workspace=? AND email_key=?), people_email (workspace=? AND email_key=?)",
		"SELECT id FROM people WHERE workspace = $1 AND merged_into = $2":                          "people_merged_into (workspace=? AND merged_into=?)",
		"SELECT id FROM changes WHERE workspace = $1 AND subject_id = $2 AND from_role = 'lead'":   "changes_subject (workspace=? AND subject_id=? AND from_role=?)",
		"UPDATE people SET name = 'x' WHERE workspace = $1 AND id = $2":                            "sqlite_autoindex_people_1 (workspace=? AND id=?)",
		selectConversation + "AND id = $2":                                                         "sqlite_autoindex_conversations_1 (workspace=? AND id=?)",
		selectPart + "AND conversation_id = $2 ORDER BY created_at DESC, id DESC":                  "conversation_parts_order (workspace=? AND conversation_id=?)",
		"SELECT workspace FROM conversations WHERE snoozed_until <= $1 ORDER BY snoozed_until":     "conversations_snoozed (snoozed_until<?)",
		"UPDATE conversation_parts SET body = 'x' WHERE workspace = $1 AND contact_id IN ($2)":     "conversation_parts_contact (workspace=? AND contact_id=?)",
		"SELECT id FROM conversations WHERE workspace = $1 AND message_id = $2":                    "conversations_message (workspace=? AND message_id=?)",
		selectRecipient + "AND person_id = $2":                                                     "message_recipients_person (workspace=? AND person_id=?)",
		"SELECT id FROM mails WHERE next_attempt_at <= $1 ORDER BY next_attempt_at, workspace, id": "mails_due (next_attempt_at<?)",
		"SELECT id FROM mails WHERE workspace = $1 AND person_id = $2":                             "mails_person (workspace=? AND person_id=?)",
		selectToken + "WHERE hash = $1":                                                            "tokens_hash (hash=?)",
		"SELECT id FROM people WHERE workspace = $1 AND phone_e164 = $2":                           "people_phone_e164 (workspace=? AND phone_e164=?)",
	} {
		var plan []string
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			return on.Query("EXPLAIN QUERY PLAN "+sql, []any{"w", "x"}, func(r sqlengine.Row) error {
				plan = append(plan, r.Text(3))
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		plan = slices.DeleteFunc(plan, func(step string) bool { // that joins others
			return step == "COMPOUND QUERY" || step == "LEFT-MOST SUBQUERY" || step == "UNION ALL"
		})
		uses := strings.Split(index, ", ")
		if !slices.EqualFunc(plan, uses, func(step, index string) bool { return strings.Contains(step, "INDEX "+index) }) {
			t.Errorf("%s\nis done by %q, not by index %s", sql, plan, index)
		}
	}
}

func TestTheOutboxIsStampedWithoutReadingWhatIsStamped(t *testing.T) {
	t.Parallel()
	e := setup(t)
	for sql, want := range map[string]string{
		nextUnstamped: "SEARCH outbox USING COVERING INDEX outbox_unstamped (workspace>?)",
		stampEntries:  "SEARCH outbox USING COVERING INDEX outbox_unstamped (workspace=? AND sequence=?)",
		entriesAfter:  "SEARCH outbox USING INDEX outbox_sequence (workspace=? AND sequence>?)",
	} {
		var plan []string
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			args := []any{"w", int64(1), int64(50)}[:strings.Count(sql, "$")-strings.Count(sql, "outbox.workspace = $1")]
			return on.Query("EXPLAIN QUERY PLAN "+sql, args, func(r sqlengine.Row) error {
				plan = append(plan, r.Text(3))
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(plan, want) {
			t.Errorf("%s\nis done by %q, not by %q", sql, plan, want)
		}
	}
}

func TestImagesOfAPersonAreFoundInTheOutbox(t *testing.T) {
	t.Parallel()
	e := setup(t)
	var plan []string
	err := e.Read(t.Context(), func(on sqlengine.Session) error {
		return on.Query("EXPLAIN QUERY PLAN "+forgetImages, []any{"w", "x"}, func(r sqlengine.Row) error {
			plan = append(plan, r.Text(3))
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "SEARCH o USING INDEX outbox_person_images (person_id=?)"; !slices.Contains(plan, want) {
		t.Errorf("%s\nis done by %q, not by %q", forgetImages, plan, want)
	}
}

func TestAPageOfContactsIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	e := setup(t)
	for sql, want := range map[string]string{
		newestContacts: "SEARCH people USING INDEX people_age (workspace=?)",
		olderContacts:  "SEARCH people USING INDEX people_age (workspace=? AND (created_at,id)<(?,?))",
		forgotten:      "SEARCH people USING INDEX people_age (workspace=? AND (created_at,id)>(?,?) AND created_at<?)",
	} {
		var plan []string
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			args := []any{"w", int64(50), int64(1), "x", int64(9), int64(2)}[:strings.Count(sql, "$")]
			return on.Query("EXPLAIN QUERY PLAN "+sql, args, func(r sqlengine.Row) error {
				plan = append(plan, r.Text(3))
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(plan) != 1 || plan[0] != want {
			t.Errorf("%s\nis done by %q, not by %q alone", sql, plan, want)
		}
	}
}

// scan matches the step that reads a whole table, and not just a table that the query itself has made.
var scan = regexp.MustCompile(`^SCAN (people|[a-z]|[a-z]+_[a-z]+)\b`)

// Without statistics SQLite takes a workspace for ten rows, and may think that reading all of it is as good as an index.
func TestWhatHangsOnAPersonIsFoundWithoutReadingThatOfOthers(t *testing.T) {
	t.Parallel()
	e := setup(t)
	for _, sql := range []string{
		personTags(1), personTags(2), selectNote + ofPerson + pageOfNotes, selectNote + ofCompany + pageOfNotes, deletePersonTags, deleteCompanyTags, linksOf(2),
		"SELECT id FROM data_events WHERE workspace = $1 AND person_id IN " + lineage, knownEvent, placedEvents,
		"DELETE FROM person_tags WHERE workspace = $1 AND person_id IN " + lineage,
		companiesOf(2), companyIDs, usersOf(2, false), usersOf(1, true), detachCompany, selectCompany + companyByID,
		selectCompany + companyByCompanyID, selectCompany + companyByName, companiesAfter + "100",
		"DELETE FROM people WHERE workspace = $1 AND id IN " + lineage, entriesAfter, stampEntries, selectDue,
		absorbed, mergesOf(1), mergesOf(2), journal, entriesBetween, lastWith, latestWith, mailsTo, newestEvents, olderEvents, newestPageViews, olderPageViews, unreadMessages, unansweredMessages,
	} {
		args := []any{"w", "x", "y", int64(1)}
		if strings.Contains(sql, "LIMIT $3") {
			args[2] = int64(1)
		}
		for n := len(args); !strings.Contains(sql, "$"+strconv.Itoa(n)); n-- {
			args = args[:n-1]
		}
		err := e.Read(t.Context(), func(on sqlengine.Session) error {
			return on.Query("EXPLAIN QUERY PLAN "+sql, args, func(r sqlengine.Row) error {
				if step := r.Text(3); strings.HasSuffix(step, "(workspace=?)") || scan.MatchString(step) {
					t.Errorf("%s\nis done by %q", sql, step)
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPersonIsFoundByEverySpellingOfItsPhoneNumber(t *testing.T) {
	t.Parallel()
	e := setup(t)
	p := &people.Person{Workspace: "w", ID: "x", Role: people.Lead, Phone: "+353 (1) 234-5678", CreatedAt: 1, UpdatedAt: 1}
	found := func() int {
		return len(texts(t, e, `SELECT id FROM people WHERE workspace = $1 AND phone_e164 = $2`, "w", "+35312345678"))
	}
	write := func(fn func(*tx) error) {
		t.Helper()
		if err := e.Write(t.Context(), func(on sqlengine.Session) error { return fn(&tx{Session: on, formatPhone: enrich.E164}) }); err != nil {
			t.Fatal(err)
		}
	}
	write(func(on *tx) error { return on.InsertPerson(p) })
	for _, change := range []struct {
		phone string
		want  int
	}{
		{p.Phone, 1}, {"+44 20 7946 0958", 0}, {"+35312345678", 1}, {"234 5678", 0}, {"tel:+353-1-2345678", 1}, {"", 0},
	} {
		before := p.Clone()
		p.Phone = change.phone
		write(func(on *tx) error { return on.UpdatePerson(before, p) })
		if got := found(); got != change.want {
			t.Errorf("with the number %q there are %d, want %d", change.phone, got, change.want)
		}
	}
}
