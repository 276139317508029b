package messenger_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"lobby/internal/enrich"
	"lobby/internal/messenger"
	"lobby/internal/people"
	"lobby/internal/proxy"
	"lobby/internal/workspace"
	"lobby/web"
)

func TestTheScriptBeginsWithItsAppAndServer(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for _, path := range []string{"/widget/demo1234", "/widget/demo1234.js"} {
		w := l.gets(path)
		want := `window.__lobby={"app":"demo1234","api":"//example.com"};` + "\n" + string(web.Messenger)
		if w.Code != http.StatusOK || w.Body.String() != want {
			t.Errorf("%s answered %d %.80s", path, w.Code, w.Body)
		}
		for name, value := range map[string]string{
			"Content-Type":                 "text/javascript; charset=utf-8",
			"Cache-Control":                "public, max-age=300, stale-while-revalidate=86400",
			"Access-Control-Allow-Origin":  "*",
			"Cross-Origin-Resource-Policy": "cross-origin",
			"Timing-Allow-Origin":          "*",
			"X-Content-Type-Options":       "nosniff",
			"Vary":                         "Accept-Encoding",
		} {
			if got := w.Header().Get(name); got != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestTheScriptKnowsThePolicyOfItsWorkspace(t *testing.T) {
	t.Parallel()
	l := setup(t)
	_, err := l.ChangeSettings(t.Context(), workspace.Caller{Workspace: app}, map[string]string{
		"cookie_mode": "ask", "dnt_mode": "drop", "gpc_mode": "record", "secret_parameters": "geheim,a b|c", "email_form": "on",
	})
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(l.gets("/widget/demo1234").Body.String(), "\n")
	want := `window.__lobby={"app":"demo1234","api":"//example.com","cookies":"ask","dnt":"drop","secrets":["a%20b%7Cc","geheim"],"form":{}};`
	if line != want {
		t.Errorf("it begins %s, want %s", line, want)
	}
}

func TestTheFormIsTheSameForEveryApp(t *testing.T) {
	t.Parallel()
	w := setup(t).gets("/widget/demo1234/form.js")
	if w.Code != http.StatusOK || w.Body.String() != string(web.Form) {
		t.Errorf("answered %d %v %.80s", w.Code, w.Header(), w.Body)
	}
}

func TestEveryPageMayUseWhatEverybodyGets(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for _, path := range []string{
		"/widget/demo1234", "/widget/nobody", "/widget/demo1234/form.js", "/avatars/pseudonym/red-duck.png", "/avatars/pseudonym/nobody.png",
	} {
		for name, value := range map[string]string{
			"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "Timing-Allow-Origin": "*",
		} {
			if got := l.gets(path).Header().Get(name); got != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestTheScriptNamesTheServerThatThePageCanReach(t *testing.T) {
	t.Parallel()
	l := setup(t)
	r := httptest.NewRequest(http.MethodGet, "/widget/demo1234", nil)
	r.TLS = &tls.ConnectionState{}
	if body := l.does(r).Body.String(); !strings.HasPrefix(body, `window.__lobby={"app":"demo1234","api":"https://example.com"};`) {
		t.Errorf("over TLS it begins %.80s", body)
	}
	l.handler = messenger.New(messenger.Options{Lobby: l.Lobby, Proxies: proxy.Proxies{PublicURL: "https://lobby.example"}, Log: slog.Default()})
	if body := l.gets("/widget/demo1234").Body.String(); !strings.HasPrefix(body, `window.__lobby={"app":"demo1234","api":"https://lobby.example"};`) {
		t.Errorf("with a public URL it begins %.80s", body)
	}
}

func TestWhatAProxySaysIsCachedForNobodyElse(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.handler = messenger.New(messenger.Options{
		Lobby: l.Lobby, Proxies: proxy.Proxies{Trusted: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}, Log: slog.Default(),
	})
	for from, want := range map[string]struct{ address, caching string }{
		"192.0.2.1:5000":    {"https://shop.example/lobby", "private, max-age=300, stale-while-revalidate=86400"},
		"198.51.100.1:5000": {"//example.com", "public, max-age=300, stale-while-revalidate=86400"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/widget/demo1234", nil)
		r.RemoteAddr = from
		for name, value := range map[string]string{"Proto": "https", "Host": "shop.example", "Prefix": "/lobby"} {
			r.Header.Set("X-Forwarded-"+name, value)
		}
		w := l.does(r)
		if line := `window.__lobby={"app":"demo1234","api":"` + want.address + `"};`; !strings.HasPrefix(w.Body.String(), line) {
			t.Errorf("from %s it begins %.80s", from, w.Body)
		}
		if got := w.Header().Get("Cache-Control"); got != want.caching {
			t.Errorf("from %s: Cache-Control %q", from, got)
		}
	}
}

func TestTheDemoPageWorksUnderAPrefix(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.handler = messenger.New(messenger.Options{
		Lobby: l.Lobby, Proxies: proxy.Proxies{PublicURL: "https://shop.example/lobby"}, Log: slog.Default(),
	})
	w := l.gets("/demo?app_id=demo1234")
	if body := w.Body.String(); strings.Contains(body, `="/`) || !strings.Contains(body, `s.src = "widget/demo1234"`) {
		t.Errorf("it has absolute paths: %s", body)
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "connect-src 'self' https://shop.example;") {
		t.Errorf("the script may not reach its server: %s", csp)
	}
}

func TestTheScriptIsSentOnceAndPacked(t *testing.T) {
	t.Parallel()
	l := setup(t)
	plain := l.gets("/widget/demo1234")
	r := httptest.NewRequest(http.MethodGet, "/widget/demo1234", nil)
	r.Header.Set("Accept-Encoding", "br, gzip;q=0.8")
	packed := l.does(r)
	z, err := gzip.NewReader(packed.Body)
	if err != nil || packed.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("the packed answer is none: %v, %v", err, packed.Header())
	}
	if unpacked, err := io.ReadAll(z); err != nil || !bytes.Equal(unpacked, plain.Body.Bytes()) {
		t.Errorf("the packed script is another: %v", err)
	}
	if packed.Header().Get("ETag") == plain.Header().Get("ETag") {
		t.Error("both forms have the same ETag")
	}
	r.Header.Set("If-None-Match", packed.Header().Get("ETag"))
	if w := l.does(r); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("a browser that has it got %d", w.Code)
	}
	r.Header.Set("Accept-Encoding", "gzip;q=0")
	if w := l.does(r); w.Header().Get("Content-Encoding") != "" {
		t.Error("a browser that refuses gzip got it")
	}
}

func TestAnUnknownAppGetsAScriptThatOnlySaysSo(t *testing.T) {
	t.Parallel()
	l := setup(t)
	w := l.gets("/widget/%3C%2Fscript%3E%22.js")
	if want := `console.error("Lobby: there is no app \u003c/script\u003e\"");` + "\n"; w.Code != http.StatusOK || w.Body.String() != want {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestAPseudonymHasAPictureForEver(t *testing.T) {
	t.Parallel()
	l := setup(t)
	slug := people.AvatarSlug(enrich.PseudonymFrom("an id", "St. John's"))
	w := l.gets("/avatars/pseudonym/" + slug + ".png")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/png" ||
		w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || !strings.HasPrefix(w.Body.String(), "\x89PNG") {
		t.Errorf("%s answered %d %v", slug, w.Code, w.Header())
	}
	for _, none := range []string{slug, slug + ".jpg", "not-a-word.png"} {
		if w := l.gets("/avatars/pseudonym/" + none); w.Code != http.StatusNotFound {
			t.Errorf("%s answered %d", none, w.Code)
		}
	}
}

func TestTheDemoIsAPageOfTheOldestApp(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.clock.Add(60)
	if _, err := l.CreateWorkspace(t.Context(), workspace.Draft{ID: "younger", AccessToken: "another token"}); err != nil {
		t.Fatal(err)
	}
	for path, app := range map[string]string{"/demo": "demo1234", "/demo?app_id=younger": "younger"} {
		w := l.gets(path)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `window.intercomSettings = { app_id: "`+app+`" }`) {
			t.Errorf("%s answered %d %s", path, w.Code, w.Body)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s may load anything: %q", path, csp)
		}
	}
	for path, status := range map[string]int{
		"/demo?app_id=nobody": http.StatusNotFound, "/demo/demo.css": http.StatusOK, "/demo/demo.js": http.StatusOK,
		"/demo/demo.html": http.StatusNotFound,
	} {
		if w := l.gets(path); w.Code != status {
			t.Errorf("%s answered %d, want %d", path, w.Code, status)
		}
	}
}

func TestRefusalsOfFilesAreErrorLists(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for do, status := range map[string]int{
		"POST /widget/demo1234":           405,
		"OPTIONS /widget/demo1234":        405,
		"DELETE /widget/demo1234/form.js": 405,
		"GET /widget/":                    404,
		"GET /widget/demo1234/other.js":   404,
		"GET /avatars/pseudonym/x.png":    404,
		"GET /avatars/x":                  404,
		"PUT /avatars/pseudonym/x.png":    405,
		"GET /demo?app_id=nobody":         404,
		"POST /demo":                      405,
		"GET /demo/":                      404,
		"GET /demo/demo.html":             404,
		"POST /demo/demo.js":              405,
		"GET /messenger/web/ping":         405,
		"GET /messenger/x":                404,
	} {
		method, path, _ := strings.Cut(do, " ")
		w := l.does(httptest.NewRequest(method, path, nil))
		if w.Code != status || w.Header().Get("Content-Type") != "application/json; charset=utf-8" || !strings.Contains(w.Body.String(), `"type":"error.list"`) {
			t.Errorf("%s: %d %v %s", do, w.Code, w.Header(), w.Body)
		}
		if allow := w.Header().Get("Allow"); (status == 405) != (allow != "") {
			t.Errorf("%s: %d allows %q", do, status, allow)
		}
	}
}

func TestFilesAreServedWhateverPartIsAskedFor(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for _, header := range []string{"Range: bytes=999999999-", "Range: nonsense", "If-Match: \"x\"", "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:01 GMT"} {
		for _, path := range []string{"/widget/demo1234", "/widget/demo1234/form.js", "/demo/demo.js"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			name, value, _ := strings.Cut(header, ": ")
			r.Header.Set(name, value)
			if w := l.does(r); w.Code != 200 || w.Body.Len() < 100 {
				t.Errorf("%s with %s: %d %.80s", path, header, w.Code, w.Body)
			}
		}
	}
}
