package httpserver

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// readyLimit is how long the answer to /readyz may take; who asks gives up not much later.
const readyLimit = 2 * time.Second

// probeHandler answers the machines around Lobby: /livez is 200 as long as the process answers at all, /readyz says
// whether requests should come here, /metrics is for Prometheus.
func (s *Server) probeHandler() http.Handler {
	page := s.metrics.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Pattern = r.URL.Path // for the access log
		switch r.URL.Path {
		case "/metrics":
			page.ServeHTTP(w, r)
		case "/readyz":
			s.answerReady(w, r)
		default:
			answerText(w, http.StatusOK, "ok")
		}
	})
}

// isProbe reports whether a request is one that the probes answer.
func isProbe(r *http.Request) bool {
	switch r.URL.Path {
	case "/livez", "/readyz", "/metrics":
		return r.URL.RawPath == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead)
	}
	return false
}

// serveAdmin serves the probes and the metrics, and nothing else, on a listener of their own until it is closed.
func (s *Server) serveAdmin(server *http.Server) {
	probes := s.handler(func(*http.Request) *front { return &s.probes })
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isProbe(r) {
			http.NotFound(w, r)
			return
		}
		probes.ServeHTTP(w, r)
	})
	if err := server.Serve(s.admin); !errors.Is(err, http.ErrServerClosed) {
		s.log.LogAttrs(context.Background(), slog.LevelError, "the metrics and probes are not served any more", slog.Any("error", err))
	}
}

func (s *Server) answerReady(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		answerText(w, http.StatusServiceUnavailable, "draining")
		return
	}
	if s.ready != nil {
		ctx, cancel := context.WithTimeout(r.Context(), readyLimit)
		defer cancel()
		if err := s.ready(ctx); err != nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "not ready", slog.Any("error", err))
			answerText(w, http.StatusServiceUnavailable, "not ready")
			return
		}
	}
	answerText(w, http.StatusOK, "ok")
}

func answerText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
