// Package metrics counts and times what the server does and shows it to a Prometheus scraper. The httpserver package
// reports every request to it and mounts its page; app makes the one there is and hands it the figures of the store. It
// must not know paths, people or any front beyond its name, and nothing outside it may know Prometheus.
package metrics

import (
	"maps"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is a registry of its own, so that two servers in one process, as in tests, never add up.
// Its methods may be called at the same time.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	inFlight  prometheus.Gauge
	failures  *prometheus.CounterVec

	// series is replaced, never changed, so that reading it needs no lock. Resolving labels anew would cost each
	// request several allocations.
	series atomic.Pointer[map[labels]series]
}

// labels are what a request is counted under.
type labels struct {
	front, method string
	status        int
}

// series are the two places where requests with the same labels are recorded.
type series struct {
	requests  prometheus.Counter
	durations prometheus.Observer
}

// buckets, in seconds, begin far below the millisecond, where most answers lie.
var buckets = []float64{
	.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10,
}

// New returns metrics in which nothing has happened yet. The version is shown as the label of lobby_build_info.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lobby_http_requests_total",
			Help: "Answered requests by front, method and status code.",
		}, []string{"front", "method", "code"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "lobby_http_request_duration_seconds",
			Help:    "Time from the request's header to the end of its handler, by front.",
			Buckets: buckets,
		}, []string{"front"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "lobby_http_requests_in_flight",
			Help: "Requests being answered now.",
		}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lobby_background_failures_total",
			Help: "Failures of work that no request waits for, by task. The log says what went wrong.",
		}, []string{"task"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name:        "lobby_build_info",
		Help:        "Always 1; the version of the running program is the label.",
		ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.inFlight, m.failures, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.series.Store(&map[labels]series{})
	return m
}

// Handler returns the page a scraper reads. It answers every method alike.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// BackgroundFailed counts a failure of work that no request waits for. The task comes from a fixed list, since each
// makes a series that stays.
func (m *Metrics) BackgroundFailed(task string) { m.failures.WithLabelValues(task).Inc() }

// Started says that a request is being answered. One call of [Metrics.Observe] must follow.
func (m *Metrics) Started() { m.inFlight.Inc() }

// Observe records a started request as answered with status after d. The front's name comes from a fixed list, since
// each makes series that stay; a method is the client's choice, and all but the usual ones count as "other".
// It allocates nothing but for the first request of each combination of labels.
func (m *Metrics) Observe(front, method string, status int, d time.Duration) {
	m.inFlight.Dec()
	key := labels{front, MethodLabel(method), status}
	found, ok := (*m.series.Load())[key]
	if !ok {
		found = m.learn(key)
	}
	found.requests.Inc()
	found.durations.Observe(d.Seconds())
}

// learn resolves labels. Of two that are learned at the same time one may be forgotten again, which only costs learning
// it once more.
func (m *Metrics) learn(key labels) series {
	known := maps.Clone(*m.series.Load())
	known[key] = series{
		requests:  m.requests.WithLabelValues(key.front, key.method, strconv.Itoa(key.status)),
		durations: m.durations.WithLabelValues(key.front),
	}
	m.series.Store(&known)
	return known[key]
}

// MethodLabel returns a method as it may be shown: a method is the client's choice, and all but the usual ones are "other".
func MethodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return method
	}
	return "other"
}
