package httpserver

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lobby/internal/metrics"
)

// BenchmarkRequest shows what the server adds to a trivial handler: each case beside bare.
func BenchmarkRequest(b *testing.B) {
	body := []byte(`{"type":"visitor","id":"` + strings.Repeat("x", 500) + `"}`)
	length := []string{"527"}
	trivial := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = []string{"application/json; charset=utf-8"}
		w.Header()["Content-Length"] = length
		_, _ = w.Write(body)
	})
	server := func(log slog.Handler) http.Handler {
		return New(Options{Fronts: fronts(trivial, trivial), Metrics: metrics.New("b"), Log: slog.New(log), MaxBody: 1 << 20}).Handler()
	}
	silent, speaking := slog.DiscardHandler, slog.NewJSONHandler(io.Discard, nil)
	for _, c := range []struct {
		name, encoding string
		handler        http.Handler
	}{
		{"bare", "", trivial},
		{"plain", "", server(silent)},
		{"gzip", "gzip, deflate", server(silent)},
		{"gzip and log", "gzip, deflate", server(speaking)},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/visitors?user_id=1", nil)
			r.Header.Set("Accept-Encoding", c.encoding)
			b.ReportAllocs()
			for b.Loop() {
				c.handler.ServeHTTP(&nowhere{header: make(http.Header)}, r)
			}
		})
	}
}

type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(int)             {}
