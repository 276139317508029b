package testkit

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"lobby/internal/people"
	"lobby/internal/workspace"
)

// complainer is a test that remembers what it was told.
type complainer struct {
	testing.TB
	told []string
}

func (c *complainer) Helper() {}

func (c *complainer) Errorf(format string, args ...any) {
	c.told = append(c.told, fmt.Sprintf(format, args...))
}

func TestABreachOfAnInvariantFailsTheTest(t *testing.T) {
	t.Parallel()
	i := Start(t)
	lost := &people.Person{Workspace: i.Workspace, ID: i.Lobby.NewID(i.Clock.Now()), Role: people.Lead, State: people.Merged, MergedInto: "nobody"}
	lost.CreatedAt, lost.UpdatedAt = Began, Began
	write := func(fn func(people.Writer) error) {
		if err := i.Store.Write(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	write(func(w people.Writer) error { return w.InsertPerson(lost) })

	c := &complainer{TB: t}
	i.mustBeSound(c)
	if len(c.told) != 1 || !strings.Contains(c.told[0], "forwarding address") {
		t.Errorf("told: %q", c.told)
	}
	write(func(w people.Writer) error { return w.DeletePerson(i.Workspace, lost.ID, 0) })
}

func TestAnAnswerThatBreaksTheContractFailsTheTest(t *testing.T) {
	t.Parallel()
	i := Start(t)
	careless := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(careless.Close)
	client := *i.Client
	client.URL = careless.URL

	c := &complainer{TB: t}
	client.Do(c, "GET", "/nowhere", nil)
	if len(c.told) == 0 {
		t.Error("a 404 in plain text passed")
	}
}

// brokenStore fails all who read.
type brokenStore struct{ people.Store }

func (brokenStore) Read(context.Context, func(people.Reader) error) error {
	return workspace.ErrUnavailable
}

func (s brokenStore) Workspaces() workspace.Store { return brokenWorkspaces{s.Store.Workspaces()} }

// brokenWorkspaces fails all who read a workspace.
type brokenWorkspaces struct{ workspace.Store }

func (brokenWorkspaces) Read(context.Context, func(workspace.Reader) error) error {
	return workspace.ErrUnavailable
}

func TestTheMessengerMayHaveAStoreOfItsOwn(t *testing.T) {
	t.Parallel()
	i := Start(t, MessengerStore(func(s people.Store) people.Store { return brokenStore{s} }))
	for path, want := range map[string]int{"/widget/" + string(i.Workspace): http.StatusServiceUnavailable, "/me": http.StatusOK} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+i.Token)
		i.Handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

func TestNothingWritesToADatabaseThatIsUsedAgain(t *testing.T) {
	t.Parallel()
	server, err := sharedServer()
	if err != nil {
		skipOrFail(t, err)
	}
	var databases pool
	name, err := databases.take(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.drop(name) })
	abandoned, err := pgx.Connect(t.Context(), server.address(name))
	if err != nil {
		t.Fatal(err)
	}
	late := make(chan error, 1)
	go func() {
		_, err := abandoned.PgConn().Exec(t.Context(), "SELECT pg_sleep(2); CREATE TABLE late ()").ReadAll()
		late <- err
	}()
	for running := int64(0); running == 0; {
		const statement = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%TABLE late%' AND pid <> pg_backend_pid()"
		if err := server.query(name, statement, &running); err != nil {
			t.Fatal(err)
		}
	}

	if err := databases.giveBack(server, name, true); err != nil {
		t.Fatal(err)
	}

	if err := <-late; err == nil {
		t.Error("a statement that was under way when the database was given back has written to it")
	}
}
