// Package app wires Lobby together: out of options it makes the store, the fronts over it and the server around them,
// and runs the background work. cmd/lobby and testkit call it, so that tests run what operators run.
// It must not hold any rule about people, print anything, or read the environment.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"lobby/internal/account"
	"lobby/internal/admin"
	"lobby/internal/api"
	"lobby/internal/config"
	"lobby/internal/deliver"
	"lobby/internal/enrich"
	"lobby/internal/httpserver"
	"lobby/internal/inbox"
	"lobby/internal/live"
	"lobby/internal/mail"
	"lobby/internal/messenger"
	"lobby/internal/metrics"
	"lobby/internal/people"
	"lobby/internal/proxy"
	"lobby/internal/sqlstore"
	"lobby/internal/standin"
	"lobby/internal/tally"
	"lobby/internal/traffic"
	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// Options are what an [App] is made of.
type Options struct {
	// Config must have all options of [config.Serve].
	Config config.Config
	// Version is that of the running program.
	Version string
	// Differing is what [config.Differing] returned, for the log.
	Differing []string
	Log       *slog.Logger
	// Admin is where the probes and metrics are served; nil serves them with the rest.
	Admin net.Listener
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// MailTLS has the certificates of mail servers to believe; nil believes those of the system.
	MailTLS *tls.Config
	// PageStore wraps the store that the messenger uses, so that a test can hold its requests back; nil leaves it as it is.
	PageStore func(people.Store) people.Store
}

// App is a whole Lobby: the use cases, the store below them and the server above.
type App struct {
	Lobby    *people.Lobby
	Inbox    *inbox.Inbox
	Accounts *account.Accounts
	Store    *sqlstore.Store

	options  Options
	begun    time.Time
	failures *failures
	places   *enrich.Places // nil for none
	board    *tally.Board
	exchange exchange
	webhooks *webhook.Registry
	// deliverer sends to the webhooks. streams is closed when the server begins to stop.
	deliverer *deliver.Deliverer
	mails     *mail.Sender // nil without --smtp and --test
	streams   chan struct{}
	hub       *live.Hub // of open pages
	traffic   *traffic.Recorder
	server    *httpserver.Server
	api       *api.API
	standin   *standin.Standin // nil without --test
}

// New opens what the options name, brings the schema of the database up to date, and puts everything else on top. Its
// errors are mistakes in the options, in one line. [App.Close] must be called in the end.
func New(ctx context.Context, o Options) (*App, error) {
	o.Log = slog.New(redactor{o.Log.Handler()})
	figures := metrics.New(o.Version)
	a := &App{options: o, begun: time.Now(), failures: newFailures(o.Log, figures.BackgroundFailed)}
	if o.Config.GeoIP != "" {
		var err error
		if a.places, err = enrich.OpenPlaces(o.Config.GeoIP); err != nil {
			return nil, fmt.Errorf("--geoip: %w", err)
		}
	}
	certificates, err := serverTLS(o.Config, o.Log)
	if err != nil {
		return nil, err
	}
	storeFigures := figures.Store()
	store, err := Open(ctx, o.Config, sqlstore.Serving(), sqlstore.WithObserver(observer{storeFigures, a.failures}))
	if err != nil {
		return nil, err
	}
	storeFigures.Show(func(ctx context.Context) metrics.StoreFigures { return shown(store.Figures(ctx)) })
	a.Store, a.Lobby = store, a.lobby(store)
	a.Inbox, a.Accounts = joinInbox(a.Lobby, store), account.New(a.Lobby.Registry, store.Accounts())
	a.prepareStandin()
	if err := a.openMail(); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	a.board, a.exchange.node = &tally.Board{IsShared: a.isShared()}, workspace.RandomUUID()
	a.webhooks = &webhook.Registry{Registry: a.Lobby.Registry, Store: store.Webhooks(), AllowPrivate: o.Config.AllowPrivateWebhooks}
	deliveries := figures.Deliveries()
	a.deliverer = deliver.New(deliver.Options{
		Lobby: a.Lobby, Webhooks: a.webhooks, PublicURL: o.Config.PublicURL, Log: o.Log,
		Failed:    func(err error) { a.failures.BackgroundFailed("webhooks", err) },
		Attempted: deliveries.Attempted, Paused: deliveries.Paused, Commits: store.Commits,
	})
	a.streams = make(chan struct{})
	a.hub = live.New(live.Limits{All: maxPages, Workspace: maxPagesOfWorkspace, Client: maxPagesOfClient})
	store.WhenCommitted(a.hub.Committed)
	a.traffic = &traffic.Recorder{Store: store.Traffic(), Tell: func(ws workspace.ID) { a.hub.Tell(live.Topic{Workspace: ws, Key: live.VisitsKey}) }}
	a.server = httpserver.New(httpserver.Options{
		Fronts:  a.fronts(),
		Ready:   store.Ready,
		Metrics: figures,
		Log:     o.Log,
		MaxBody: o.Config.MaxBody,
		Admin:   o.Admin,
		TLS:     certificates,
		Proxies: proxies(o.Config),
		Limits: httpserver.Limits{
			Connections: o.Config.MaxConnections, AddressConnections: o.Config.MaxAddressConnections,
		},
		Timeouts: httpserver.Timeouts{
			Header: o.Config.HeaderTimeout, Read: o.Config.ReadTimeout, Write: o.Config.WriteTimeout, Idle: o.Config.IdleTimeout,
			Drain: o.Config.DrainTimeout, DrainDelay: o.Config.DrainDelay,
		},
	})
	if a.standin != nil {
		a.Lobby.Watch(a.hub.WakeAll) // the last one: pages look again when the fronts have forgotten
	}
	return a, nil
}

// How many open pages may wait for changes at once: on a server, in a workspace, and at one address. Those beyond ask again
// and again.
const (
	maxPages            = 4000
	maxPagesOfWorkspace = 2000
	maxPagesOfClient    = 100
)

// openMail makes the sender of emails, if there is a mail server, or a stand-in that catches them.
func (a *App) openMail() (err error) {
	cfg := a.options.Config
	options := mail.Options{
		Inbox: a.Inbox, Server: cfg.SMTP, From: cfg.SMTPFrom, PublicURL: cfg.PublicURL, Log: a.options.Log, TLS: a.options.MailTLS,
		Failed: func(err error) { a.failures.BackgroundFailed("mail", err) },
	}
	if cfg.SMTP == nil && a.standin != nil {
		options.From, options.Catch = caughtFrom, a.caught
	}
	if a.Inbox.SendsMail = cfg.SMTP != nil || options.Catch != nil; !a.Inbox.SendsMail {
		return nil
	}
	a.mails, err = mail.NewSender(options)
	if err != nil {
		return fmt.Errorf("--smtp: %w", err)
	}
	return nil
}

// isShared reports whether there may be other servers on the database.
func (a *App) isShared() bool { return a.Store.Kind() == "postgres" }

// lobby returns the use cases over a store.
func (a *App) lobby(store people.Store) *people.Lobby {
	lobby := people.New(store, enrich.PseudonymFrom)
	if a.options.Now != nil {
		lobby.Now = a.options.Now
	}
	return lobby
}

// fronts returns all that the server sends requests to.
func (a *App) fronts() []httpserver.Front {
	cfg, log, pages := a.options.Config, a.options.Log, a.Lobby
	if wrap := a.options.PageStore; wrap != nil {
		pages = a.lobby(wrap(a.Store))
		pages.Attached = a.Lobby.Attached
	}
	a.api = a.publicAPI(a.Lobby, a.Inbox, a.webhooks)
	var publicAPI http.Handler = a.api
	all := []httpserver.Front{
		{Name: "mail", Prefixes: mail.Prefixes, Plain: true, Handler: mail.NewFront(a.Inbox, log)},
		{Name: "messenger", Prefixes: messenger.Prefixes, Plain: true, Handler: messenger.New(messenger.Options{
			Lobby: pages, Inbox: a.Inbox, Persons: sqlstore.PeopleReader, HTML: wire.HTMLText, Hub: a.hub, Record: a.traffic.Record,
			Proxies: proxies(cfg), Places: a.places,
			Unlimited: cfg.RateLimit == 0, Board: a.board, MaxInFlight: cfg.MaxPageRequests, Log: log,
		})},
	}
	if cfg.Pages {
		publicAPI = admin.LeadBrowsers(proxies(cfg), publicAPI)
		all = append(all, httpserver.Front{Name: "pages", Prefixes: admin.Prefixes, Plain: true, Handler: admin.New(admin.Options{
			Lobby: a.Lobby, Inbox: a.Inbox, Accounts: a.Accounts, Webhooks: a.webhooks, Traffic: a.Store.Traffic(), Hub: a.hub,
			Proxies: proxies(cfg), Log: log,
		})})
	}
	all = append(all, httpserver.Front{Name: "api", Handler: publicAPI})
	if a.standin != nil {
		all = a.standinFronts(all)
	}
	return all
}

// publicAPI returns the public API over some use cases.
func (a *App) publicAPI(lobby *people.Lobby, conversations *inbox.Inbox, webhooks *webhook.Registry) *api.API {
	cfg := a.options.Config
	return api.New(api.Options{
		Lobby: lobby, Inbox: conversations, Webhooks: webhooks, Feed: deliver.Feed, Stopping: a.streams,
		Proxies: proxies(cfg), RateLimit: cfg.RateLimit, Board: a.board, OpenExamples: OpenExamples, Log: a.options.Log,
		Handled: a.handled(), Strict: cfg.Strict,
	})
}

// serverTLS returns how the server encrypts; nil is not at all.
func serverTLS(cfg config.Config, log *slog.Logger) (*tls.Config, error) {
	switch {
	case cfg.TLSCert != "":
		certificates, err := httpserver.FileTLS(cfg.TLSCert, cfg.TLSKey, log)
		if err != nil {
			return nil, fmt.Errorf("--tls-cert and --tls-key: %w", err)
		}
		return certificates, nil
	case len(cfg.ACMEDomains) > 0:
		return httpserver.ACME{
			Domains: cfg.ACMEDomains, Email: cfg.ACMEEmail, Folder: cfg.ACMEFolder, Directory: cfg.ACMEDirectory, Log: log,
		}.TLS(), nil
	}
	return nil, nil
}

// proxies are those that the options name.
func proxies(cfg config.Config) proxy.Proxies {
	return proxy.Proxies{PublicURL: cfg.PublicURL, Trusted: cfg.TrustedProxies}
}

// Handler returns what [App.Serve] serves, for a listener that the caller runs.
func (a *App) Handler() http.Handler { return a.server.Handler() }

// closePause is how long the end waits for the uses of tokens to be written.
const closePause = 5 * time.Second

// Close closes the store, which writes what it still has in memory.
func (a *App) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closePause)
	defer cancel()
	a.flushTokenUses(ctx)
	a.flushTraffic(ctx)
	if err := a.Store.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	a.options.Log.Info("store closed")
	return nil
}

// OpenExamples opens an empty database in memory, on which the examples of the API's description are run.
func OpenExamples(ctx context.Context) (api.Examples, error) {
	store, err := sqlstore.OpenMemory(ctx, phones)
	if err != nil {
		return api.Examples{}, err
	}
	lobby, conversations := Join(store)
	return api.Examples{Lobby: lobby, Inbox: conversations, Webhooks: store.Webhooks()}, nil
}
