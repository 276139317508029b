package testkit

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"lobby/internal/api"
	"lobby/internal/enrich"
	"lobby/internal/httpserver"
	"lobby/internal/messenger"
	"lobby/internal/metrics"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
)

// Instance is a whole server on a database of its own, behind a real listener. It is itself a [Client]: of its first
// workspace, with a token that may do everything.
type Instance struct {
	*Client
	Lobby *people.Lobby
	Store *sqlstore.Store
	Clock *Clock
	// Handler is what the listener serves, for tests that need no network.
	Handler http.Handler

	http *http.Client
}

// Option changes how [Start] starts.
type Option func(*settings)

type settings struct {
	open      func(testing.TB) (*sqlstore.Store, error)
	publicURL string
	rateLimit int
}

// OnFile keeps people in an SQLite file. The default is SQLite in memory.
func OnFile() Option {
	return func(s *settings) {
		s.open = func(t testing.TB) (*sqlstore.Store, error) {
			return sqlstore.OpenSQLite(context.Background(), t.TempDir())
		}
	}
}

// OnPostgres keeps people in a database of [Postgres], and skips the test where that does.
func OnPostgres() Option {
	return func(s *settings) {
		s.open = func(t testing.TB) (*sqlstore.Store, error) {
			return sqlstore.OpenPostgres(context.Background(), Postgres(t))
		}
	}
}

// RateLimit lets a token make so many calls a minute, and limits pages. The default is no limit.
func RateLimit(perMinute int) Option { return func(s *settings) { s.rateLimit = perMinute } }

// PublicURL begins absolute links. The default is what each request was sent to.
func PublicURL(url string) Option { return func(s *settings) { s.publicURL = url } }

// Start runs a server until t ends. Then it looks for breaches of the invariants of identity, and each fails t.
func Start(t testing.TB, options ...Option) *Instance {
	t.Helper()
	s := settings{open: func(testing.TB) (*sqlstore.Store, error) { return sqlstore.OpenMemory(context.Background()) }}
	for _, option := range options {
		option(&s)
	}
	store, err := s.open(t)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	i := &Instance{Lobby: people.New(store, enrich.PseudonymFrom), Store: store, Clock: NewClock()}
	i.Lobby.Now = i.Clock.Now
	i.serve(t, s)
	t.Cleanup(func() { i.mustBeSound(t) })
	i.Client = i.NewWorkspace(t)
	return i
}

func (i *Instance) serve(t testing.TB, s settings) {
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	i.Handler = httpserver.New(httpserver.Options{
		API:       api.New(api.Options{Lobby: i.Lobby, PublicURL: s.publicURL, RateLimit: s.rateLimit, ExampleStore: ExampleStore, Log: log}),
		Messenger: messenger.New(messenger.Options{Lobby: i.Lobby, PublicURL: s.publicURL, Unlimited: s.rateLimit == 0, Log: log}),
		Ready:     i.Store.Ready,
		Metrics:   metrics.New("test"),
		Log:       log,
	}).Handler()
	listener := httptest.NewServer(i.Handler)
	t.Cleanup(listener.Close)
	i.http = listener.Client()
	i.http.Transport.(*http.Transport).DisableCompression = true
	i.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	i.Client = &Client{URL: listener.URL, instance: i}
}

// ExampleStore opens an empty database in memory.
func ExampleStore(ctx context.Context) (people.Store, error) { return sqlstore.OpenMemory(ctx) }

// mustBeSound fails t for every breach of an invariant in the database.
func (i *Instance) mustBeSound(t testing.TB) {
	found, err := i.Store.Check(context.Background())
	if err != nil {
		t.Errorf("check the invariants: %v", err)
	}
	for _, finding := range found {
		t.Errorf("the database breaks an invariant: %v", finding)
	}
}

// NewWorkspace makes another workspace and returns the client of its first token, which may do everything.
func (i *Instance) NewWorkspace(t testing.TB) *Client {
	t.Helper()
	created, err := i.Lobby.CreateWorkspace(t.Context(), people.NewWorkspace{})
	if err != nil {
		t.Fatal(err)
	}
	c := *i.Client
	c.Workspace, c.Token, c.TokenID = created.Workspace.ID, created.Token.Secret, created.Token.ID
	return &c
}
