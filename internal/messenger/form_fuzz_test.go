package messenger

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lobby/internal/cache"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

// PagePaths are where pages send forms to.
var PagePaths = []string{"/messenger/web/ping", "/messenger/web/events", "/messenger/web/page_view_events", "/messenger/web/opt_out"}

// Page is what a hostile page tells.
type Page struct{ ID, Data, Address, Referrer string }

// Pages are what fuzzing begins with, and what a test sends to a whole messenger.
var Pages = []Page{
	{
		"11111111-1111-4111-8111-111111111111", `{"plan":"pro","n":1e400,"name":null,"avatar":{"image_url":"https://a/b"}}`,
		"https://a.example/?utm_term=%00", "http://u:p@b.example/\x00",
	},
	{"", `{"a":"\u0000\ud800"}`, "::", "http://[::1"},
	{
		"11111111-1111-4111-8111-111111111111", `{"n":1,"event_name":"a","created_at":1e9,"metadata":{"b":[]},"supplied_email":"a@b"}`, "1", "",
	},
	{"x", `null`, "", "\xff"},
	{"", `{"user_id":"u-1","user_hash":"0f","companies":[{"id":1,"name":null},{}],"company":{"company_id":"c"},"session_duration":1e9}`, "https://a.example/", "a"},
	{"", `{"intercom_user_jwt":"a.b.c","email":"a@b.example","created_at":"1700000000","phone":"+1 23"}`, "https://a.example/", "a"},
}

// Fields returns the form that the page sends: each text stands wherever one of its kind may.
func (p Page) Fields() map[string]string {
	return map[string]string{
		"anonymous_id": p.ID, "user_data": p.Data, "referer": p.Address, "r": p.Referrer, "deeds": "[" + p.Data + "]",
		"events": "[" + p.Data + "]", "page_views": "[" + p.Data + "]", "s": p.ID, "n": p.Address, "tz": p.Referrer, "lang": p.Address,
		"clock": p.ID, "anonymous_session": p.Referrer, "device_identifier": p.ID,
	}
}

// FuzzPage drives all that reads a form: the store is closed, so that what could be read ends there. The tests of whole
// messengers send the same pages.
func FuzzPage(f *testing.F) {
	for _, p := range Pages {
		f.Add(uint8(0), p.ID, p.Data, p.Address, p.Referrer)
	}
	store, err := sqlstore.OpenMemory(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	if err := store.Close(); err != nil {
		f.Fatal(err)
	}
	m := newMessenger(Options{Lobby: people.New(store, nil), Unlimited: true, Log: slog.New(slog.DiscardHandler)})
	m.workspaces = cache.New[cache.Digest, *workspace.Workspace](24*time.Hour, 10)
	known := &workspace.Workspace{ID: "fuzz1234", IdentitySecrets: []*workspace.IdentitySecret{{Workspace: "fuzz1234", ID: 1, Platform: workspace.Web, Secret: "secret"}}}
	if _, err := m.workspaces.Get(cache.DigestOf(string(known.ID)), func() (*workspace.Workspace, error) { return known, nil }); err != nil {
		f.Fatal(err)
	}
	handler := m.handler()
	f.Fuzz(func(t *testing.T, which uint8, id, data, address, referrer string) {
		form := url.Values{"app_id": {string(known.ID)}}
		for name, value := range (Page{id, data, address, referrer}).Fields() {
			form.Set(name, value)
		}
		path := PagePaths[int(which)%len(PagePaths)]
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
		r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s answered %d %s", path, w.Code, w.Body)
		}
		if w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s answered no JSON: %s", path, w.Body)
		}
	})
}
