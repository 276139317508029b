package messenger_test

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"lobby/internal/messenger"
)

// strangers fill each memory with what no honest client sends: 58 kB of a kind of which a few bytes are plausible.
var strangers = []struct {
	name    string
	request func(n int, long string) *http.Request
}{
	{"hosts", func(_ int, long string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/widget/demo1234", nil)
		r.Host = long + ".example"
		return r
	}},
	{"hosts of an app that does not exist", func(_ int, long string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/widget/nobody", nil)
		r.Host = long + ".example"
		return r
	}},
	{"apps of scripts", func(_ int, long string) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/widget/"+long, nil)
	}},
	{"apps of pings", func(_ int, long string) *http.Request {
		return call("/messenger/web/ping", map[string]string{"app_id": long}, nil)
	}},
	{"apps of demos", func(_ int, long string) *http.Request {
		return httptest.NewRequest(http.MethodGet, "/demo?app_id="+long, nil)
	}},
	{"names without proof", func(_ int, long string) *http.Request {
		return call("/messenger/web/ping", nil, map[string]any{"anonymous_id": first, "user_id": long})
	}},
	{"addresses without proof", func(_ int, long string) *http.Request {
		return call("/messenger/web/ping", nil, map[string]any{"anonymous_id": first, "user_id": "42", "email": long + "@example.com"})
	}},
	{"sessions", func(_ int, long string) *http.Request {
		return call("/messenger/web/ping", map[string]string{"s": long, "n": "1"}, map[string]any{"anonymous_id": first})
	}},
	// A short text must not hold on to the long body that it came in.
	{"sessions in long bodies", func(n int, long string) *http.Request {
		return call("/messenger/web/ping", map[string]string{"s": fmt.Sprintf("%036d", n), "n": "1", "padding": long}, map[string]any{"anonymous_id": first})
	}},
	{"time zones", func(_ int, long string) *http.Request {
		return call("/messenger/web/ping", map[string]string{"tz": long}, map[string]any{"anonymous_id": first})
	}},
	{"time zones in long bodies", func(n int, long string) *http.Request {
		return call("/messenger/web/ping", map[string]string{"tz": fmt.Sprint("Nowhere/", n), "padding": long}, map[string]any{"anonymous_id": first})
	}},
	{"anonymous ids in long bodies", func(n int, long string) *http.Request {
		return call("/messenger/web/opt_out", map[string]string{
			"anonymous_id": fmt.Sprintf("%08d-1111-4111-8111-111111111111", n), "padding": long,
		}, nil)
	}},
	{"addresses of clients", func(n int, long string) *http.Request {
		r := call("/messenger/web/ping", map[string]string{"app_id": "nobody"}, nil)
		r.RemoteAddr = fmt.Sprintf("10.1.%d.%d:1", n/250, n%250)
		r.Header.Set("User-Agent", long)
		return r
	}},
	{"origins", func(_ int, long string) *http.Request {
		r := call("/messenger/web/ping", nil, map[string]any{"anonymous_id": first})
		r.Header.Set("Origin", "https://"+long+".example")
		return r
	}},
}

// What a crowd leaves in memory is measured by what a collection cannot free, which depends on no clock. Before each
// memory had its bound in bytes, such a crowd left everything that it had sent.
func TestStrangersCannotFillMemory(t *testing.T) {
	const crowd, each = 120, 58 << 10
	const bound = crowd * each / 8
	for _, s := range strangers {
		t.Run(s.name, func(t *testing.T) {
			l := setupWith(t, messenger.Options{})
			l.sets(map[string]string{"identity_web": "accept", "new_visitors_per_minute": "0"})
			send := func(n int) {
				long := hex.EncodeToString(fmt.Append(nil, n)) + strings.Repeat("x", each)
				r := s.request(n, url.PathEscape(long))
				if r.RemoteAddr == "192.0.2.1:1234" { // so that nobody is turned away at the door
					r.RemoteAddr = fmt.Sprintf("10.0.%d.%d:1", n/250, n%250)
				}
				w := l.does(r)
				if w.Code >= http.StatusInternalServerError {
					t.Fatalf("%d: %s", w.Code, w.Body)
				}
				l.clock.Add(1)
			}
			send(0) // what the first request makes stays
			before := heap()
			for n := range crowd {
				send(n + 1)
			}
			if grown := heap() - before; grown > bound {
				t.Errorf("%d requests left %d bytes, more than %d", crowd, grown, bound)
			}
			runtime.KeepAlive(l)
		})
	}
}

// heap returns the bytes that are in use after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC() // pools let go of what they hold in two steps
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestAHostThatIsTooLongGetsNoScript(t *testing.T) {
	t.Parallel()
	l := setup(t)
	for length, want := range map[int]int{253: http.StatusOK, 1000: http.StatusBadRequest} {
		r := httptest.NewRequest(http.MethodGet, "/widget/demo1234", nil)
		r.Host = strings.Repeat("h", length)
		if w := l.does(r); w.Code != want || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("a host of %d bytes got %d %v", length, w.Code, w.Header())
		}
	}
}
