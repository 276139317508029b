package messenger_test

import (
	"net/http"
	"testing"
)

func TestOnlySitesThatAreNamedSendVisitors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		patterns, origin string
		admitted         bool
	}{
		{"", "https://anybody.example", true},
		{"shop.example", "https://shop.example", true},
		{"shop.example", "https://SHOP.example", true},
		{"shop.example", "http://shop.example:3000", true},
		{"shop.example", "https://www.shop.example", false},
		{"shop.example", "https://shop.example.evil.example", false},
		{"shop.example", "https://notshop.example", false},
		{"*.shop.example", "https://a.b.shop.example", true},
		{"*.shop.example", "https://shop.example", false},
		{"*.shop.example", "https://evilshop.example", false},
		{"localhost:3000", "http://localhost:3000", true},
		{"localhost:3000", "http://localhost:4000", false},
		{"other.example,shop.example", "https://shop.example", true},
		{"shop.example", "null", false},
		{"shop.example", "", false},
	} {
		l := setup(t)
		l.sets(map[string]string{"origins": c.patterns})
		for _, path := range []string{"/messenger/web/ping", "/messenger/web/opt_out"} {
			r := call(path, nil, map[string]any{"anonymous_id": first})
			r.Header.Set("Origin", c.origin)
			w := l.does(r)
			if (w.Code < 300) != c.admitted || !c.admitted && w.Code != http.StatusForbidden {
				t.Errorf("%q, %q: %s answered %d", c.patterns, c.origin, path, w.Code)
			}
			if got := w.Header().Get("Access-Control-Allow-Origin"); got != c.origin {
				t.Errorf("%q, %q: the answer is for %q", c.patterns, c.origin, got)
			}
		}
	}
}

func TestAnAppIsFromNoSite(t *testing.T) {
	t.Parallel()
	l := setup(t)
	l.sets(map[string]string{"origins": "shop.example"})
	r := call("/messenger/web/ping", map[string]string{"platform": "ios"}, map[string]any{"anonymous_id": first})
	r.Header.Del("Origin")
	l.sends(http.StatusOK, r)
	r = call("/messenger/web/ping", map[string]string{"platform": "ios"}, map[string]any{"anonymous_id": first})
	r.Header.Set("Origin", "https://evil.example")
	l.sends(http.StatusForbidden, r)
}
