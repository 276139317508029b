package sqlstore_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"strconv"
	"sync/atomic"
	"testing"

	"lobby/internal/enrich"
	"lobby/internal/people"
	"lobby/internal/people/storetest"
	"lobby/internal/sqlengine"
	"lobby/internal/sqlstore"
	"lobby/internal/testkit"
	"lobby/internal/workspace"
)

func TestMain(m *testing.M) {
	if !testkit.IsDeep() {
		_ = flag.Set("rapid.checks", "25") // of the 100 that a deep run makes; the command line still decides
	}
	os.Exit(testkit.Main(m))
}

// phones has a store format phone numbers as the program does.
var phones = sqlstore.WithPhoneFormat(enrich.E164)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) people.Store {
		store, err := sqlstore.OpenSQLite(t.Context(), t.TempDir(), phones, sqlstore.Serving())
		return opened(t, store, err)
	})
}

func TestSQLiteMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) people.Store {
		store, err := sqlstore.OpenMemory(t.Context(), phones)
		return opened(t, store, err)
	})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) people.Store {
		return checked{testkit.Open(t, testkit.OnPostgres())}
	})
}

func opened(t *testing.T, store *sqlstore.Store, err error) people.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return checked{store}
}

// checked tells the suite what fsck finds.
type checked struct{ *sqlstore.Store }

func (s checked) Breaches(ctx context.Context) (all []string, err error) {
	found, err := s.Check(ctx)
	for _, f := range found {
		all = append(all, f.String())
	}
	return all, err
}

// Hang hangs one of each kind on a person: a tag, a company, a choice about a subscription and a note.
func (s checked) Hang(ctx context.Context, p *people.Person, n int64) error {
	ws, item := string(p.Workspace), strconv.FormatInt(n, 10)
	return errors.Join(
		s.Exec(ctx, `INSERT INTO tags (workspace, id, name, name_key, created_at) VALUES ($1, $2, $3, $3, $2) ON CONFLICT DO NOTHING`, ws, n, item),
		s.Exec(ctx, `INSERT INTO subscription_types (workspace, id, state, consent, content_types, translations, created_at, updated_at)
			VALUES ($1, $2, 'live', 'opt_in', '["email"]', '[]', $2, $2) ON CONFLICT DO NOTHING`, ws, n),
		s.Exec(ctx, `INSERT INTO person_tags (workspace, person_id, tag_id, applied_at) VALUES ($1, $2, $3, $3)`, ws, p.ID, n),
		s.Write(ctx, func(w people.Writer) error {
			company, err := w.Company(p.Workspace, item)
			if err == nil && company == nil {
				err = w.InsertCompany(&people.Company{Workspace: p.Workspace, ID: item, CompanyID: item, CreatedAt: n, UpdatedAt: n})
			}
			return errors.Join(err, w.AttachCompany(p.Workspace, p.ID, item, n))
		}),
		s.Exec(ctx, `INSERT INTO person_subscriptions (workspace, person_id, type_id, consent, created_at) VALUES ($1, $2, $3, 'opt_in', $3)`,
			ws, p.ID, n),
		s.Exec(ctx, `INSERT INTO notes (workspace, id, person_id, body, created_at) VALUES ($1, $2, $3, '', $2)`, ws, notes.Add(1), p.ID),
		s.Exec(ctx, `UPDATE people SET attached = TRUE WHERE workspace = $1 AND id = $2`, ws, p.ID),
	)
}

// notes are the ids of notes that were given out.
var notes atomic.Int64

func TestErrorsOfTheDatabaseAreThoseOfTheUseCases(t *testing.T) {
	t.Parallel()
	store, err := sqlstore.OpenSQLite(t.Context(), t.TempDir(), phones)
	if err != nil {
		t.Fatal(err)
	}
	insert := func(w people.Writer) error {
		return w.InsertPerson(&people.Person{Workspace: "acme", ID: "a", Role: people.User, CreatedAt: 1, UpdatedAt: 1})
	}
	if err := store.Write(t.Context(), insert); err != nil {
		t.Fatal(err)
	}
	if err := store.Write(t.Context(), insert); !errors.Is(err, workspace.ErrTaken) || !errors.Is(err, sqlengine.ErrTaken) {
		t.Errorf("the same id again: %v, want both ErrTaken", err)
	}
	own := errors.New("an error of a use case")
	if err := store.Write(t.Context(), func(people.Writer) error { return own }); err != own {
		t.Errorf("%v, want the error of the function itself", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	nothing := func(workspace.Reader) error { return nil }
	for what, err := range map[string]error{
		"ready": store.Ready(t.Context()), "write": store.Write(t.Context(), insert), "read": store.Workspaces().Read(t.Context(), nothing),
	} {
		if !errors.Is(err, workspace.ErrUnavailable) {
			t.Errorf("%s of a closed store: %v, want ErrUnavailable", what, err)
		}
	}
}
