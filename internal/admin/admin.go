// Package admin serves the pages in which the owner's team sees who is there and what was done, in a browser.
// httpserver mounts it. It parses forms, calls the use cases of account, people and profile, and fills templates.
// It must not know the public API or its JSON, hold a rule about people, or reach a store.
package admin

import (
	"log/slog"
	"net/http"
	"strings"

	"lobby/internal/account"
	"lobby/internal/inbox"
	"lobby/internal/live"
	"lobby/internal/people"
	"lobby/internal/proxy"
	"lobby/internal/sheet"
	"lobby/internal/traffic"
	"lobby/internal/webhook"
	"lobby/web"
)

// Prefixes are the paths that [New]'s handler is for: one that ends with a slash stands for every path below it, any other
// for itself alone.
var Prefixes = []string{"/pages", "/pages/"}

// Options are what the pages need.
type Options struct {
	Lobby    *people.Lobby
	Inbox    *inbox.Inbox
	Accounts *account.Accounts
	Webhooks *webhook.Registry
	Traffic  traffic.Store
	// Hub tells open pages that something has changed.
	Hub *live.Hub
	// Proxies say at which URL browsers reach the server, and for which client a proxy asks.
	Proxies proxy.Proxies
	Log     *slog.Logger
}

type admin struct {
	lobby    *people.Lobby
	inbox    *inbox.Inbox
	accounts *account.Accounts
	webhooks *webhook.Registry
	traffic  traffic.Store
	hub      *live.Hub
	board    board
	proxies  proxy.Proxies
	log      *slog.Logger
}

// New returns the handler of all paths of [Prefixes]. It reads the id of a request from the response header X-Request-Id,
// which the server around it has set.
func New(o Options) http.Handler {
	a := &admin{
		lobby: o.Lobby, inbox: o.Inbox, accounts: o.Accounts, webhooks: o.Webhooks, traffic: o.Traffic, hub: o.Hub, proxies: o.Proxies, log: o.Log,
	}
	a.lobby.Watch(a.board.forget)
	mux := http.NewServeMux()
	for pattern, handle := range map[string]handler{
		"GET /pages":       a.start,
		"GET /pages/{$}":   a.start,
		"GET /pages/setup": a.showSetup, "POST /pages/setup": a.setUp,
		"GET /pages/login": a.showLogin, "POST /pages/login": a.signIn,
		"GET /pages/enter": a.showLink, "POST /pages/enter": a.enter,
	} {
		mux.Handle(pattern, a.serve(handle))
	}
	for pattern, handle := range map[string]handler{
		"GET /pages/account":   a.showAccount,
		"POST /pages/account":  a.setPassword,
		"POST /pages/logout":   a.signOut,
		"POST /pages/sessions": a.signOutOthers,
	} {
		mux.Handle(pattern, a.serve(signedIn(handle)))
	}
	for _, r := range a.workspaceRoutes() {
		mux.Handle(r.method+" /pages/{app}/"+r.path, a.serve(signedIn(a.within(r.may, r.handle))))
	}
	for _, file := range []string{"pages.css", "pages.js"} {
		mux.HandleFunc("GET /pages/"+file, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, web.Admin, "admin/"+file)
		})
	}
	mux.Handle("/", a.serve(func(*request) error { return errNotFound }))
	return mux
}

// route is a page or an action within a workspace.
type route struct {
	method, path string
	// may says whether a role may use it; nil is everybody.
	may    func(account.Role) bool
	handle handler
}

func (a *admin) workspaceRoutes() []route {
	write, manage := account.Role.MayWrite, account.Role.MayManage
	all := []route{
		{"GET", "live", nil, a.showLive},
		{"GET", "live/stream", nil, a.streamLive},
		{"GET", "overview", nil, a.showOverview},
		{"GET", "people", nil, a.showPeople},
		{"POST", "people", write, a.saveSegment},
		{"GET", "bulk", write, a.askBulk},
		{"POST", "bulk", write, a.doBulk},
		{"POST", "bulk/export", write, a.exportPeople},
		{"GET", "people/{id}", nil, a.showPerson},
		{"POST", "people/{id}/notes", write, a.writeNote},
		{"POST", "people/{id}/tags", write, a.addTag},
		{"POST", "people/{id}/untag", write, a.removeTag},
		{"POST", "people/{id}/messages", write, a.beginWith},
		{"GET", "people/{id}/identity", write, a.askIdentity},
		{"POST", "people/{id}/identity", write, a.changeIdentity},
		{"POST", "people/{id}/undo", write, a.undo},
		{"GET", "people/{id}/remove/{action}", write, a.askRemoval},
		{"POST", "people/{id}/remove/{action}", write, a.remove},
		{"GET", "duplicates", nil, a.showDuplicates},
		{"GET", "duplicates/{id}", nil, a.showDuplicate},
		{"POST", "duplicates/merge", write, a.mergeDuplicates},
		{"POST", "duplicates/undo", write, a.undoDuplicates},
		{"POST", "duplicates/distinct", write, a.tellApart},
		{"GET", "conversations", nil, a.showQueue},
		{"GET", "conversations/changes", nil, a.tellChanges},
		{"GET", "conversations/{id}", nil, a.showConversation},
		{"POST", "conversations/{id}/reply", write, a.replyTo},
		{"POST", "conversations/{id}/assign", write, a.assign},
		{"POST", "conversations/{id}/snooze", write, a.snooze},
		{"POST", "conversations/{id}/close", write, a.closeConversation},
		{"POST", "conversations/{id}/open", write, a.openConversation},
		{"GET", "settings", manage, a.showSettings},
		{"POST", "settings", manage, a.saveSettings},
		{"GET", "keys", manage, a.showKeys},
		{"POST", "keys/token", manage, a.createToken},
		{"POST", "keys/revoke", manage, a.revokeToken},
		{"POST", "keys/secret", manage, a.createSecret},
		{"POST", "keys/forget", manage, a.deleteSecret},
		{"GET", "webhooks", manage, a.showWebhooks},
		{"POST", "webhooks", manage, a.createWebhook},
		{"GET", "webhooks/{id}", manage, a.showDeliveries},
		{"POST", "webhooks/{id}/pause", manage, a.pauseWebhook},
		{"POST", "webhooks/{id}/resume", manage, a.resumeWebhook},
		{"POST", "webhooks/{id}/delete", manage, a.deleteWebhook},
		{"POST", "webhooks/{id}/redeliver", manage, a.redeliver},
		{"GET", "team", manage, a.showTeam},
		{"POST", "team", manage, a.invite},
		{"POST", "team/role", manage, a.setRole},
		{"POST", "team/link", manage, a.reinvite},
		{"POST", "team/remove", manage, a.removeMember},
	}
	for _, s := range sheet.Routes(sheet.UseCases{Lobby: a.lobby, Inbox: a.inbox, Accounts: a.accounts}) {
		all = append(all, route{s.Method, s.Path, s.May, answer(s.Handle)})
	}
	return all
}

// answer returns the handler of a page that is a sheet.
func answer(handle func(*sheet.Request) (*sheet.Answer, error)) handler {
	return func(r *request) error {
		got, err := handle(&sheet.Request{
			Request: r.Request, Caller: r.caller, Workspace: r.workspace, Role: r.member.Role, Base: r.base + r.in(""), Zone: r.zone, Now: r.admin.lobby.Now(),
		})
		switch {
		case err != nil:
			return err
		case got.Next != "":
			return r.redirect(r.in(got.Next))
		case got.Refused:
			return r.showWith(http.StatusUnprocessableEntity, "sheet", got.Page, got.Problem)
		}
		return r.show(http.StatusOK, "sheet", got.Page)
	}
}

// LeadBrowsers returns a handler that leads a browser at / to the pages, and passes all else on to next.
func LeadBrowsers(proxies proxy.Proxies, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Add("Vary", "Accept")
		if !strings.Contains(r.Header.Get("Accept"), "text/html") {
			next.ServeHTTP(w, r)
			return
		}
		base, _ := proxies.Base(r)
		http.Redirect(w, r, pathOf(base)+"/pages/", http.StatusSeeOther)
	})
}
