package messenger

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"lobby/internal/cache"
	"lobby/internal/proxy"
	"lobby/internal/workspace"
	"lobby/web"
)

// script is what a page loads in place of Intercom's, ready to be sent.
type script struct {
	plain, packed []byte
	tag           string // of the plain form, without quotes
}

// scriptLine is the first line of a script: its app, its server, and the settings of the workspace that the browser has to
// keep. A member that is missing has its default.
type scriptLine struct {
	App workspace.ID `json:"app"`
	API string       `json:"api"`
	// Cookies, DNT and GPC are the values of the settings of that kind.
	Cookies string `json:"cookies,omitempty"`
	DNT     string `json:"dnt,omitempty"`
	GPC     string `json:"gpc,omitempty"`
	// Secrets are patterns of the query parameters that must not leave the browser.
	Secrets []string `json:"secrets,omitempty"`
	// Form is an empty object when there is a form to show, into which the script puts its functions.
	Form *struct{} `json:"form,omitempty"`
	// Thread is the same for conversations, which come before the form.
	Thread *struct{} `json:"thread,omitempty"`
}

func lineOf(ws *workspace.Workspace, address string) scriptLine {
	line := scriptLine{App: ws.ID, API: address}
	for member, s := range map[*string]*workspace.Setting{
		&line.Cookies: workspace.CookieMode, &line.DNT: workspace.DNTMode, &line.GPC: workspace.GPCMode,
	} {
		if value := s.Of(ws); value != s.Default {
			*member = value
		}
	}
	for _, name := range workspace.SecretParameters.List(ws) {
		line.Secrets = append(line.Secrets, regexp.QuoteMeta(url.PathEscape(name)))
	}
	switch {
	case workspace.Messenger.On(ws):
		line.Thread = new(struct{})
	case workspace.EmailForm.On(ws):
		line.Form = new(struct{})
	}
	return line
}

// maxScripts bounds the memory of scripts to some ten megabytes: of each there is a plain and a packed form.
const maxScripts = 512

const cached = "public, " + cachedByBrowsers

const cachedByBrowsers = "max-age=300, stale-while-revalidate=86400"

// widget serves the script of an app. For an app that does not exist it serves a script that logs so and does nothing else:
// a missing script would break more of the page.
func (m *messenger) widget(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")

	if len(r.Host) > proxy.MaxHost {
		h.Set("Cache-Control", "no-store")
		return &refusal{http.StatusBadRequest, "client_error", "The Host header is longer than a host can be"}
	}
	app := workspace.ID(strings.TrimSuffix(r.PathValue("app"), ".js"))
	ws, err := m.workspace(r.Context(), app)
	if errors.Is(err, workspace.ErrWorkspaceNotFound) {
		h.Set("Cache-Control", "no-cache")
		fmt.Fprintf(w, "console.error(%s);\n", asJSON("Lobby: there is no app "+cut(string(app), maxText)))
		return nil
	}
	if err != nil {
		return err
	}
	base, isForwarded := m.proxies.Base(r)
	// Without its scheme an address has that of the script: a proxy may have TLS and not say so.
	line := string(asJSON(lineOf(ws, strings.TrimPrefix(base, "http:"))))
	s, _ := m.scripts.Get(cache.DigestOf(line), func() (*script, error) { return newScript(line), nil })
	h.Set("Cache-Control", cached)
	if isForwarded {
		h.Set("Cache-Control", "private, "+cachedByBrowsers)
	}
	s.serve(w, r)
	return nil
}

// module serves code that the script loads when it first shows something: the form for an email address, or conversations.
// It is the same for every app.
func module(code []byte) endpoint {
	packed := sync.OnceValue(func() *script { return pack(code) })
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", cached)
		packed().serve(w, r)
		return nil
	}
}

// serve serves a script, packed for those who accept that.
func (s *script) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Vary", "Accept-Encoding")
	body, tag := s.plain, s.tag
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body, tag = s.packed, s.tag+"-gzip"
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func newScript(line string) *script {
	return pack(fmt.Appendf(nil, "window.__lobby=%s;\n%s", line, web.Messenger))
}

func pack(plain []byte) *script {
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // a level that exists
	_, _ = z.Write(plain)                                      // into memory
	_ = z.Close()
	sum := sha256.Sum256(plain)
	return &script{plain, packed.Bytes(), hex.EncodeToString(sum[:12])}
}

// asJSON returns v as JSON that may stand in a script.
func asJSON(v any) []byte {
	text, _ := json.Marshal(v) // strings always can be
	return text
}

func acceptsGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(coding, ";")
		if strings.TrimSpace(name) == "gzip" {
			refused := strings.TrimRight(strings.TrimSpace(quality), "0.") == "q="
			return !refused
		}
	}
	return false
}
