package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"lobby/internal/api"
	"lobby/internal/apiversion"
	"lobby/internal/config"
	"lobby/internal/httpserver"
	"lobby/internal/mail"
	"lobby/internal/sqlstore"
	"lobby/internal/standin"
	"lobby/internal/transfer"
	"lobby/internal/webhook"
	"lobby/internal/workspace"
)

// prepareStandin makes clock and ids those of a stand-in for tests. Without --test it does nothing, and a.standin stays nil.
func (a *App) prepareStandin() {
	cfg := a.options.Config
	if !cfg.Test {
		return
	}
	clock := new(standin.Clock)
	a.Lobby.Now = clock.Now
	var ids *standin.IDs
	if cfg.SeedIDs != nil {
		ids = standin.NewIDs(*cfg.SeedIDs)
		a.Lobby.NewID, a.Lobby.NewEntryID, a.Lobby.NewUUID, a.Lobby.Secret = ids.ID, ids.EntryID, ids.UUID, ids.Secret
	}
	a.standin = standin.New(standin.Options{
		Registry: a.Lobby.Registry, Store: a.Store, Clock: clock, IDs: ids,
		WorkspaceOf: func(r *http.Request) workspace.ID { return a.api.WorkspaceOf(r) },
		IsRead:      func(r *http.Request) bool { return a.api.IsRead(r) },
		CheckDraft:  checkDraft, Work: a.work, Seed: a.seed, Former: a.former, Flush: a.flush,
	})
}

// standinFronts puts the stand-in around the fronts of an API, and adds its own.
func (a *App) standinFronts(fronts []httpserver.Front) []httpserver.Front {
	for i := range fronts {
		fronts[i].Handler = a.standin.Wrap(fronts[i].Handler)
	}
	return append(fronts, httpserver.Front{Name: "test", Prefixes: []string{standin.Prefix}, Plain: true, Handler: a.standin.Door()})
}

// handled returns what tells the stand-in of the requests of the API; nil without one.
func (a *App) handled() func(api.Handled) {
	if a.standin == nil {
		return nil
	}
	return func(h api.Handled) {
		n := standin.Note{RequestID: h.RequestID, Workspace: string(h.Workspace), Version: h.Version, Coerced: h.Coerced}
		for _, i := range h.Ignored {
			n.Ignored = append(n.Ignored, standin.Ignored(i))
		}
		a.standin.Note(n)
	}
}

// BeginTest adds the seed that the options name, and has what there is then be that to which a reset goes back. Without --test
// it does nothing. The token of the first workspace controls the server from then on.
func (a *App) BeginTest(ctx context.Context, first workspace.ID) error {
	if a.standin == nil {
		return nil
	}
	if file := a.options.Config.Seed; file != "" {
		records, err := os.Open(file)
		if err != nil {
			return err
		}
		_, err = a.seed(ctx, first, records)
		if err = errors.Join(err, records.Close()); err != nil {
			return err
		}
	}
	return a.standin.Begin(ctx, first)
}

// seed adds records in the form of an export, or none.
func (a *App) seed(ctx context.Context, into workspace.ID, records io.Reader) (int, error) {
	text, err := io.ReadAll(records)
	if err != nil {
		return 0, err
	}
	if text, err = transfer.Lines(text); err != nil {
		return 0, err
	}
	return transfer.Import(ctx, a.Store, transfer.FileSource("-", bytes.NewReader(text)), transfer.ImportOptions{Into: into, Now: a.Lobby.Now()}, func(int64) {})
}

// former copies what a workspace is, and returns what opens a server of the copy.
func (a *App) former(ctx context.Context, ws workspace.ID) (open func(context.Context) (standin.Former, error), err error) {
	if err := a.Store.Flush(ctx); err != nil {
		return nil, err
	}
	var records bytes.Buffer
	_, err = transfer.Export(ctx, a.Store, &records, sqlstore.ExportOptions{Workspaces: []workspace.ID{ws}, Secrets: true}, func() {})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (standin.Former, error) {
		store, err := sqlstore.OpenMemory(ctx, phones)
		if err != nil {
			return nil, err
		}
		source := transfer.FileSource("-", bytes.NewReader(records.Bytes()))
		if _, err := transfer.Import(ctx, store, source, transfer.ImportOptions{Now: a.Lobby.Now()}, func(int64) {}); err != nil {
			return nil, errors.Join(err, store.Close())
		}
		lobby := a.lobby(store)
		lobby.Now = a.Lobby.Now
		return former{a.publicAPI(lobby, joinInbox(lobby, store), &webhook.Registry{Registry: lobby.Registry, Store: store.Webhooks()}), store}, nil
	}, nil
}

// former is the API over the copy of a workspace.
type former struct {
	*api.API
	*sqlstore.Store
}

// caughtFrom is the address of the sender of mails that are caught.
const caughtFrom = "lobby@example.com"

// caught has the stand-in keep a mail.
func (a *App) caught(m *mail.Caught) {
	a.standin.Catch(standin.Mail{
		Workspace: string(m.Workspace), From: m.From, To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML, Message: m.Message,
	})
}

// checkDraft returns what is wrong with a workspace that a test wants to make.
func checkDraft(d workspace.Draft) (field, reason string) {
	if err := config.CheckAppID(string(d.ID)); d.ID != "" && err != nil {
		return "id", err.Error()
	}
	if err := config.CheckAccessToken(d.AccessToken); d.AccessToken != "" && err != nil {
		return "access_token", err.Error()
	}
	if err := workspace.CheckLine("name", d.Name); d.Name != "" && err != nil {
		return "name", "must be one line of text"
	}
	if _, err := apiversion.Parse(d.APIVersion); d.APIVersion != "" && err != nil {
		return "api_version", "is no version of the API"
	}
	return "", ""
}

// flush writes what the server has noted in memory only.
func (a *App) flush(ctx context.Context) error {
	return errors.Join(a.FlushTraffic(ctx), a.Lobby.FlushTokenUses(ctx))
}

// work does all background work that is due, in the order in which one thing makes the next.
func (a *App) work(ctx context.Context) error {
	if err := a.flush(ctx); err != nil {
		return err
	}
	a.countSteps(ctx)
	a.sweep(ctx)
	a.wakeSnoozed(ctx)
	ctx, cancel := context.WithTimeout(ctx, maxWork)
	defer cancel()
	if a.mails != nil {
		if err := a.mails.Settle(ctx); err != nil {
			return err
		}
	}
	a.stampOutbox(ctx, a.exchange.node)
	return a.deliverer.Settle(ctx)
}

// maxWork is how long the emails and the deliveries that are due may take.
const maxWork = time.Minute

var _ standin.Store = (*sqlstore.Store)(nil)
