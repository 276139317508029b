package messenger

import (
	"net/http"
	"net/url"
	"strings"

	"lobby/internal/workspace"
)

var foreign = refusal{http.StatusForbidden, "forbidden", "This site is not among those that may send visitors here"}

// checkOrigin refuses pages of sites that a workspace does not list. Only browsers send an origin that can be trusted, and
// apps have none.
func checkOrigin(ws *workspace.Workspace, origin string, isApp bool) error {
	patterns := workspace.Origins.List(ws)
	if len(patterns) == 0 || origin == "" && isApp {
		return nil
	}
	site, err := url.Parse(origin)
	if err != nil || site.Host == "" {
		return &foreign
	}
	for _, pattern := range patterns {
		if matches(pattern, site) {
			return nil
		}
	}
	return &foreign
}

// matches reports whether a pattern names a site. A pattern without a port matches every port.
func matches(pattern string, site *url.URL) bool {
	pattern = strings.ToLower(pattern)
	host := strings.ToLower(site.Host)
	if !strings.Contains(strings.TrimPrefix(pattern, "["), ":") || strings.HasSuffix(pattern, "]") {
		host = strings.ToLower(site.Hostname())
		pattern = strings.Trim(pattern, "[]")
	}
	if below, isWild := strings.CutPrefix(pattern, "*"); isWild {
		return strings.HasSuffix(host, below) && host != below
	}
	return host == pattern
}

// crossOrigin lets the page of any site read the response, also an error: a browser would hide the reason otherwise.
// Nothing here depends on cookies, so no page gets more than it could fetch without a browser.
func crossOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		if origin := r.Header.Get("Origin"); origin != "" {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "Retry-After")
		}
		next.ServeHTTP(w, r)
	})
}

// public lets every page use a file, whatever policies the page has: as a script with crossorigin or of type module, which
// need CORS, and under COEP. The same bytes are there for everybody, so no page learns anything from them.
func public(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Timing-Allow-Origin", "*")
		h.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// preflight answers the preflight requests of browsers. Our own script causes none.
func preflight(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}
