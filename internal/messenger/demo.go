package messenger

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"lobby/internal/workspace"
	"lobby/web"
)

var demoPage = template.Must(template.ParseFS(web.Demo, "demo/demo.html"))

// demo serves the demo page, for the app named by app_id or else for the oldest one.
func (m *messenger) demo(w http.ResponseWriter, r *http.Request) error {
	app, err := m.demoApp(r)
	switch {
	case err != nil:
		return err
	case app == "":
		return workspace.ErrWorkspaceNotFound
	}
	base, _ := m.proxies.Base(r) // no cache keeps the page
	nonce := rand.Text()
	var page bytes.Buffer
	err = demoPage.Execute(&page, map[string]any{"App": app, "Script": "widget/" + url.PathEscape(string(app)), "Nonce": nonce})
	if err != nil {
		return fmt.Errorf("make the demo page: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src 'self' 'nonce-%s'; style-src 'self'; "+
		"img-src 'self' data:; connect-src %s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", nonce,
		"'self' "+originOf(base)))
	_, _ = w.Write(page.Bytes()) // a browser that is gone needs no response
	return nil
}

// originOf returns the scheme, host and port of a base URL: a path in a policy would stand for itself alone.
func originOf(base string) string {
	scheme, rest, _ := strings.Cut(base, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

func (m *messenger) demoApp(r *http.Request) (workspace.ID, error) {
	if named := r.FormValue("app_id"); named != "" {
		ws, err := m.workspace(r.Context(), workspace.ID(named))
		if err != nil {
			return "", err
		}
		return ws.ID, nil
	}
	all, err := m.lobby.Workspaces(r.Context())
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0].ID, nil
}

// demoFile serves a file of the demo page by its own path.
func demoFile(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeFileFS(w, r, web.Demo, r.URL.Path[1:])
	return nil
}
