package sqlstore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"lobby/internal/app"
	"lobby/internal/inbox"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

// eachReopened runs a test on a database of each kind, which it opens as often as it likes.
func eachReopened(t *testing.T, test func(t *testing.T, open func() *sqlstore.Store)) {
	for name, opener := range map[string]func(t *testing.T) func() (*sqlstore.Store, error){
		"sqlite": func(t *testing.T) func() (*sqlstore.Store, error) {
			folder := t.TempDir()
			return func() (*sqlstore.Store, error) { return sqlstore.OpenSQLite(t.Context(), folder, phones) }
		},
		"postgres": func(t *testing.T) func() (*sqlstore.Store, error) {
			dsn := testkit.Postgres(t)
			return func() (*sqlstore.Store, error) { return sqlstore.OpenPostgres(t.Context(), dsn, phones) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := opener(t)
			test(t, func() *sqlstore.Store {
				store, err := open()
				if err != nil {
					t.Fatal(err)
				}
				return store
			})
		})
	}
}

// crowdSize is how many contacts there are: more than two steps handle.
const crowdSize = 4300

// crowded fills a store with contacts who have phones, in two workspaces, and with a conversation. It returns what is in them.
func crowded(t *testing.T, store *sqlstore.Store) (conversation int64, dump func() map[string][]string) {
	t.Helper()
	lobby, conversations := app.Join(store)
	for _, ws := range []workspace.ID{benchSpace, "other"} {
		if _, err := lobby.CreateWorkspace(t.Context(), workspace.Draft{ID: ws}); err != nil {
			t.Fatal(err)
		}
	}
	for from := 0; from < crowdSize; from += batchOfTest {
		err := store.Write(t.Context(), func(w people.Writer) error {
			for i := from; i < min(crowdSize, from+batchOfTest); i++ {
				p := benchContact(i)
				if p.Phone = fmt.Sprintf("+353 1 %07d", 2_345_678+i); i%4 == 3 {
					p.Workspace = "other"
				}
				if err := w.InsertPerson(p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	caller := workspace.Caller{Workspace: benchSpace}
	started, err := conversations.StartConversation(t.Context(), caller, inbox.Start{From: inbox.ContactRef{ID: benchContact(0).ID}, Body: "Hi"})
	if err == nil {
		_, err = conversations.Reply(t.Context(), caller, inbox.Target{ID: started.ConversationID}, inbox.Reply{Act: inbox.AdminCloses, AdminID: 1})
	}
	if err != nil {
		t.Fatal(err)
	}
	return started.ConversationID, func() map[string][]string { return crowdRows(t, store) }
}

const batchOfTest = 500

func crowdRows(t *testing.T, store *sqlstore.Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, ws := range []workspace.ID{benchSpace, "other"} {
		tables, err := store.Dump(t.Context(), ws)
		if err != nil {
			t.Fatal(err)
		}
		for table, rows := range tables {
			all[table] = append(all[table], rows...)
		}
	}
	return all
}

// makeStale makes of a database what an old Lobby left: nothing derived, or something else.
func makeStale(t *testing.T, store *sqlstore.Store) {
	t.Helper()
	statements := []string{
		`UPDATE people SET phone_e164 = NULL, email_key = 'old' || email WHERE id < '` + benchContact(crowdSize/3).ID + `'`,
		`UPDATE people SET phone_e164 = '+1', phone_again = 1, email_key = NULL WHERE id > '` + benchContact(crowdSize/2).ID + `'`,
		`UPDATE conversations SET first_close_at = NULL, last_close_at = NULL, closed_by = NULL, last_contact_reply_at = NULL`,
		`INSERT INTO chores (name) VALUES ('phones'), ('email_keys'), ('search_keys'), ('statistics')`,
	}
	if store.Kind() == "postgres" {
		statements = append(statements, `DELETE FROM search_keys WHERE field = 'name'`, `UPDATE search_keys SET key = 'old' || key WHERE field = 'email'`)
	}
	for _, sql := range statements {
		if err := store.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.FindBackfill(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestABackfillMayEndAnywhere(t *testing.T) {
	t.Parallel()
	eachReopened(t, func(t *testing.T, open func() *sqlstore.Store) {
		store := open()
		_, dump := crowded(t, store)
		want := dump()
		makeStale(t, store)
		if reflect.DeepEqual(dump(), want) {
			t.Error("nothing is stale")
		}
		for more := true; more; {
			for range rand.IntN(3) {
				var err error
				if more, err = store.StepBackfill(t.Context()); err != nil {
					t.Fatal(err)
				}
				if !more {
					break
				}
			}
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			store = open() // which does a step, too
			if err := store.FindBackfill(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for table, rows := range crowdRows(t, store) {
			if !reflect.DeepEqual(rows, want[table]) {
				t.Errorf("%s has other rows in the end than at first: %d and %d", table, len(rows), len(want[table]))
			}
		}
		if found, err := store.Check(t.Context()); err != nil || len(found) > 0 {
			t.Errorf("%v, %v", found, err)
		}
		if left, err := store.Rows(t.Context(), "chores"); err != nil || left != 0 {
			t.Errorf("%d backfills are left, %v", left, err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// While something is left, answers are right or refused.
func TestAnswersDuringABackfill(t *testing.T) {
	t.Parallel()
	eachReopened(t, func(t *testing.T, open func() *sqlstore.Store) {
		store := open()
		defer store.Close() //nolint:errcheck // the test is over
		conversation, _ := crowded(t, store)
		makeStale(t, store)
		lobby, conversations := app.Join(store)
		caller := workspace.Caller{Workspace: benchSpace}
		refused := 0
		try := func(what string, err error) bool {
			if err != nil && !errors.Is(err, workspace.ErrUnavailable) {
				t.Fatalf("%s: %v", what, err)
			}
			if err != nil {
				refused++
			}
			return err == nil
		}
		for steps, more := 0, true; ; steps++ {
			c, err := conversations.FindConversation(t.Context(), caller, conversation)
			if try("read a conversation", err) && c.Statistics.LastCloseAt == 0 {
				t.Errorf("after %d steps a conversation is shown without its statistics", steps)
			}
			i := crowdSize/2 + 50 + 4*steps
			err = store.Read(t.Context(), func(r people.Reader) error {
				p, err := r.Person(benchSpace, benchContact(i-i%4).ID)
				if err == nil && p.FormattedPhone != "+"+search.Digits(p.Phone) {
					t.Errorf("after %d steps a phone is %s", steps, p.FormattedPhone)
				}
				found, err := r.PeopleByEmail(benchSpace, p.Email)
				if err == nil && len(found) != 1 {
					t.Errorf("after %d steps an address finds %d people", steps, len(found))
				}
				return err
			})
			try("look up an address", err)
			name, email := "Renamed", fmt.Sprintf("new%d@example.com", steps)
			_, _, err = lobby.UpdateContact(t.Context(), caller, benchContact(i-i%4).ID, people.ContactFields{Name: &name})
			if err != nil {
				t.Errorf("after %d steps a name is not changed: %v", steps, err)
			}
			_, err = lobby.CreateContact(t.Context(), caller, people.ContactFields{Email: &email})
			try("create a contact", err)
			for field, want := range map[string]int{"phone": 1, "name": steps + 1} {
				value := map[string]string{"phone": benchContactPhone(4), "name": "Renamed"}[field]
				page, err := lobby.SearchContacts(t.Context(), caller, search.Order{Query: is(field, "=", search.TextValue(value)), Limit: 2})
				if err != nil || page.Total != want {
					t.Errorf("after %d steps a search by %s: %v, %v, want %d", steps, field, page, err, want)
				}
			}
			if !more {
				break
			}
			if more, err = store.StepBackfill(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if refused == 0 {
			t.Error("nothing was refused")
		}
		if found, err := store.Check(t.Context()); err != nil || len(found) > 0 {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func benchContactPhone(i int) string { return fmt.Sprintf("+353 1 %07d", 2_345_678+i) }

func TestOthersWriteDuringABackfill(t *testing.T) {
	t.Parallel()
	eachReopened(t, func(t *testing.T, open func() *sqlstore.Store) {
		store := open()
		defer store.Close() //nolint:errcheck // the test is over
		crowded(t, store)
		makeStale(t, store)
		lobby, _ := app.Join(store)
		done := make(chan struct{})
		var writers sync.WaitGroup
		for n := range 3 {
			writers.Go(func() {
				for i := n; ; i += 7 {
					select {
					case <-done:
						return
					default:
					}
					name, phone := fmt.Sprintf("Name %d", i), fmt.Sprintf("+44 20 7946 0%03d", i%1000)
					p := benchContact(i*13%crowdSize/4*4 + n)
					_, _, err := lobby.UpdateContact(t.Context(), workspace.Caller{Workspace: benchSpace}, p.ID, people.ContactFields{Name: &name, Phone: &phone})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		err := store.Backfill(t.Context(), func(string, int64, int64) {})
		close(done)
		writers.Wait()
		if err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]int64{
			"people WHERE phone_e164 <> '+' || replace(replace(phone, ' ', ''), '+', '')": 0,
			"people WHERE email_key <> email OR email_key IS NULL":                        0,
		} {
			if got, err := store.Rows(t.Context(), query); err != nil || got != want {
				t.Errorf("%s: %d rows, %v, want %d", query, got, err, want)
			}
		}
		if found, err := store.Check(t.Context()); err != nil || len(found) > 0 {
			t.Errorf("%v, %v", found, strings.TrimSpace(fmt.Sprint(err)))
		}
	})
}
