package testkit

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"lobby/internal/app"
	"lobby/internal/config"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// Instance is a complete server with a database of its own and a real listener. It is also a [Client] of its first workspace,
// with a token that has all scopes.
type Instance struct {
	*Client
	App   *app.App
	Lobby *people.Lobby
	Store *sqlstore.Store
	Clock *Clock
	// Handler is the handler of the server, for tests that need no network.
	Handler http.Handler

	http     *http.Client
	settings settings
}

// Option is an option of [Start] and [Open].
type Option func(testing.TB, *settings)

type settings struct {
	config.Config
	pageStore func(people.Store) people.Store
}

// RateLimit sets the max calls per minute of a token, and enables the limits of pages. The default is no limit.
func RateLimit(perMinute int) Option {
	return func(_ testing.TB, s *settings) { s.RateLimit = perMinute }
}

// MessengerStore wraps the store of the messenger, so that a test can delay its requests. The API uses the store itself.
func MessengerStore(wrap func(people.Store) people.Store) Option {
	return func(_ testing.TB, s *settings) { s.pageStore = wrap }
}

// PublicURL sets the base of absolute links. The default is the host of each request.
func PublicURL(url string) Option { return func(_ testing.TB, s *settings) { s.PublicURL = url } }

// Configure changes the options of the program with which the server starts.
func Configure(change func(*config.Config)) Option {
	return func(_ testing.TB, s *settings) { change(&s.Config) }
}

// Mail sets the mail server and the address that sends. A test runs the sender itself.
func Mail(server *url.URL, from string) Option {
	return func(_ testing.TB, s *settings) { s.SMTP, s.SMTPFrom = server, from }
}

// Start runs a server until t ends. Then it checks the invariants of identity, and fails t for each violation.
func Start(t testing.TB, options ...Option) *Instance {
	t.Helper()
	i := start(t, settingsOf(t, options), NewClock())
	i.Client = i.NewWorkspace(t)
	return i
}

// Beside runs another server on the database and the clock of i, which must be on PostgreSQL. It is a client of the same
// workspace.
func (i *Instance) Beside(t testing.TB) *Instance {
	t.Helper()
	other := start(t, i.settings, i.Clock)
	client := *i.Client
	client.URL, client.instance = other.URL, other
	other.Client = &client
	return other
}

func start(t testing.TB, s settings, clock *Clock) *Instance {
	t.Helper()
	i := &Instance{Clock: clock, settings: s}
	lobby, err := app.New(context.Background(), app.Options{
		Config: s.Config, Version: "test", Now: i.Clock.Now, PageStore: s.pageStore,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lobby.Close(); err != nil {
			t.Error(err)
		}
	})
	i.App, i.Lobby, i.Store, i.Handler = lobby, lobby.Lobby, lobby.Store, lobby.Handler()
	i.listen(t)
	t.Cleanup(func() { i.mustBeSound(t) })
	return i
}

// defaults returns the options of a server in memory without limits. None that a test could notice depends on the machine.
func defaults(t testing.TB) config.Config {
	t.Helper()
	cfg, _, err := config.Parse(config.Serve, []string{"--ephemeral", "--rate-limit=0", "--max-page-requests=4", "--database-timeout=1h"}, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// listen serves the handler on a port of its own until t ends.
func (i *Instance) listen(t testing.TB) {
	listener := httptest.NewServer(i.Handler)
	t.Cleanup(listener.Close)
	i.http = listener.Client()
	i.http.Transport.(*http.Transport).DisableCompression = true
	i.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	i.Client = &Client{URL: listener.URL, instance: i}
}

// mustBeSound fails t for every violation of an invariant in the database.
func (i *Instance) mustBeSound(t testing.TB) {
	found, err := i.Store.Check(context.Background())
	if err != nil {
		t.Errorf("check the invariants: %v", err)
	}
	for _, finding := range found {
		t.Errorf("the database breaks an invariant: %v", finding)
	}
}

// NewWorkspace creates another workspace and returns the client of its first token, which has all scopes.
func (i *Instance) NewWorkspace(t testing.TB) *Client {
	t.Helper()
	created, err := i.Lobby.CreateWorkspace(t.Context(), workspace.Draft{})
	if err != nil {
		t.Fatal(err)
	}
	c := *i.Client
	c.Workspace, c.Token, c.TokenID = created.Workspace.ID, created.Token.Secret, created.Token.ID
	return &c
}
