// Package metrics counts and times what the server does, for a Prometheus scraper.
// Package httpserver reports every request to it and mounts its page. Package app creates the only [Metrics] of a server and
// passes it the figures of the store.
// It must not know paths, people or any front beyond its name, and no other package may know Prometheus.
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

// Metrics are the metrics of one server. They are in a registry of their own, so that those of two servers in one process,
// as in tests, are not added up. It is safe for concurrent use.
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

// labels are the label values of a request.
type labels struct {
	front, method string
	status        int
}

// series are the two time series of requests with the same labels.
type series struct {
	requests  prometheus.Counter
	durations prometheus.Observer
}

// buckets are in seconds. They begin far below a millisecond, because most responses take less.
var buckets = []float64{
	.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10,
}

// New returns metrics without any observation. The version is the label of lobby_build_info.
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

// Handler returns the handler of the page for scrapers. It serves the page for every method.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// BackgroundFailed counts a failure of work that no request waits for. The task must come from a fixed list, because each
// one creates a series that stays.
func (m *Metrics) BackgroundFailed(task string) { m.failures.WithLabelValues(task).Inc() }

// Started counts a request as in flight. One call of [Metrics.Observe] must follow.
func (m *Metrics) Started() { m.inFlight.Inc() }

// Observe records the response to a started request: its status, and its duration d. The front's name must come from a
// fixed list, because each one creates series that stay. The method comes from the client; unknown methods count as
// "other". Observe allocates only for the first request with a combination of labels.
func (m *Metrics) Observe(front, method string, status int, d time.Duration) {
	m.inFlight.Dec()
	key := labels{front, MethodLabel(method), status}
	found, ok := (*m.series.Load())[key]
	if !ok {
		found = m.addSeries(key)
	}
	found.requests.Inc()
	found.durations.Observe(d.Seconds())
}

// addSeries looks up the series of labels and keeps them. Of two concurrent calls one may be lost, which only costs another
// call.
func (m *Metrics) addSeries(key labels) series {
	known := maps.Clone(*m.series.Load())
	known[key] = series{
		requests:  m.requests.WithLabelValues(key.front, key.method, strconv.Itoa(key.status)),
		durations: m.durations.WithLabelValues(key.front),
	}
	m.series.Store(&known)
	return known[key]
}

// MethodLabel returns a method as it may be shown: the client chooses it, and all but the usual ones are "other".
func MethodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return method
	}
	return "other"
}
