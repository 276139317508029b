package messenger_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lobby/internal/enrich"
	"lobby/internal/messenger"
	"lobby/internal/people"
	"lobby/internal/sqlstore"
	"lobby/internal/workspace"
)

const (
	app    workspace.ID = "demo1234"
	begin  int64        = 1_700_000_000
	chrome              = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
	robot               = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
	site                = "https://shop.example"
	first               = "11111111-1111-4111-8111-111111111111"
	second              = "22222222-2222-4222-8222-222222222222"
)

// lobby is a browser side over a store of its own, whose clock stands still.
type lobby struct {
	*people.Lobby
	t       testing.TB
	options messenger.Options
	handler http.Handler
	secret  string
	clock   atomic.Int64
}

// setup lets any crowd in.
func setup(t testing.TB) *lobby {
	t.Helper()
	return setupWith(t, messenger.Options{Unlimited: true})
}

func setupWith(t testing.TB, o messenger.Options) *lobby {
	t.Helper()
	store, err := sqlstore.OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	l := &lobby{t: t}
	l.clock.Store(begin)
	l.Lobby = people.New(store, enrich.PseudonymFrom)
	l.Now = func() time.Time { return time.Unix(l.clock.Load(), 0) }
	created, err := l.CreateWorkspace(t.Context(), workspace.Draft{ID: app, AccessToken: "a token of the test"})
	if err != nil {
		t.Fatal(err)
	}
	l.secret = created.Workspace.IdentitySecrets[0].Secret
	o.Lobby, o.Log = l.Lobby, slog.New(slog.NewTextHandler(io.Discard, nil))
	l.options = o
	l.restart()
	return l
}

// restart forgets what was in memory only.
func (l *lobby) restart() { l.handler = messenger.New(l.options) }

// sets changes settings, which the browser side gets to know at once.
func (l *lobby) sets(values map[string]string) {
	l.t.Helper()
	if _, err := l.ChangeSettings(l.t.Context(), workspace.Caller{Workspace: app}, values); err != nil {
		l.t.Fatal(err)
	}
}

// does serves a request and answers what came back.
func (l *lobby) does(r *http.Request) *httptest.ResponseRecorder {
	l.t.Helper()
	w := httptest.NewRecorder()
	l.handler.ServeHTTP(w, r)
	return w
}

func (l *lobby) gets(path string) *httptest.ResponseRecorder {
	l.t.Helper()
	return l.does(httptest.NewRequest(http.MethodGet, path, nil))
}

// call is a request of the script from a page that told data about a person.
func call(path string, fields map[string]string, data map[string]any) *http.Request {
	form := url.Values{"app_id": {string(app)}, "referer": {site + "/"}}
	for name, value := range fields {
		form.Set(name, value)
	}
	if data != nil {
		text, _ := json.Marshal(data)
		form.Set("user_data", string(text))
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	r.Header.Set("Origin", site)
	r.Header.Set("User-Agent", chrome)
	return r
}

type answer struct {
	User *struct {
		ID          string
		Role        string
		AnonymousID string `json:"anonymous_id"`
		NewSession  bool   `json:"new_session"`
	}
	AnonymousSession string `json:"anonymous_session"`

	Disabled  bool
	Type      string
	RequestID string `json:"request_id"`
	Errors    []struct{ Code, Message string }
}

// pings tells data and answers what came back, which has to have the status.
func (l *lobby) pings(status int, data map[string]any) answer {
	l.t.Helper()
	return l.sends(status, call("/messenger/web/ping", nil, data))
}

func (l *lobby) sends(status int, r *http.Request) answer {
	l.t.Helper()
	w := l.does(r)
	if w.Code != status {
		l.t.Fatalf("%s answered %d, want %d: %s", r.URL.Path, w.Code, status, w.Body)
	}
	var a answer
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			l.t.Fatalf("%s answered no JSON: %v: %s", r.URL.Path, err, w.Body)
		}
	}
	return a
}

// visitor answers the live visitor with an anonymous id, or nil.
func (l *lobby) visitor(anonymousID string) *people.Person {
	l.t.Helper()
	p, err := l.FindVisitor(l.t.Context(), workspace.Caller{Workspace: app}, people.VisitorRef{UserID: anonymousID})
	if errors.Is(err, people.ErrVisitorNotFound) {
		return nil
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return p
}

// owner answers the person that an id leads to, which has to be there.
func (l *lobby) owner(anyID string) *people.Person {
	l.t.Helper()
	p, err := l.Resolve(l.t.Context(), workspace.Caller{Workspace: app}, anyID)
	if err != nil {
		l.t.Fatalf("Resolve(%q): %v", anyID, err)
	}
	return p
}

func (l *lobby) hasVisitors(want int) {
	l.t.Helper()
	all, _, err := l.Visitors(l.t.Context(), workspace.Caller{Workspace: app}, people.VisitorFilter{}, people.MaxPage)
	if err != nil {
		l.t.Fatal(err)
	}
	if len(all) != want {
		l.t.Errorf("there are %d visitors, want %d", len(all), want)
	}
}

// proof is what a site's own server would say about a user.
func (l *lobby) proof(subject string) string {
	mac := hmac.New(sha256.New, []byte(l.secret))
	mac.Write([]byte(subject))
	return hex.EncodeToString(mac.Sum(nil))
}
