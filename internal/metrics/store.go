package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Store counts and times what a store does. It is safe for concurrent use.
type Store struct {
	registry                            *prometheus.Registry
	writes, waits, commits, checkpoints prometheus.Histogram
	retries, checkpointFailures         prometheus.Counter
}

// StoreFigures is the state of a store at one moment. Figures that do not apply to its database are zero.
type StoreFigures struct {
	QueuedWrites, WaitingTouches                         int
	WALBytes                                             int64
	AcquiredConnections, IdleConnections, MaxConnections int
	ConnectionWaits                                      int64
	ConnectionWaited                                     time.Duration
	Visitors, Leads, Users                               int64
	OutboxEntries                                        int64
	OutboxOldest                                         int64 // Unix second; 0 when the outbox is empty
}

// maxFiguresWait is the max time that a scrape waits for the figures of a store.
const maxFiguresWait = 2 * time.Second

// Store returns the metrics of the store, without any observation. It may be called only once.
func (m *Metrics) Store() *Store {
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
	}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	s := &Store{
		registry: m.registry,
		writes: histogram("lobby_store_commit_writes", "Writes that shared a commit of the embedded database.",
			prometheus.ExponentialBuckets(1, 2, 11)),
		waits:   histogram("lobby_store_commit_wait_seconds", "Time that a write waited for its turn in a commit.", buckets),
		commits: histogram("lobby_store_commit_duration_seconds", "Time that a commit took to reach the disk.", buckets),
		checkpoints: histogram("lobby_store_checkpoint_duration_seconds",
			"Time that copying the write-ahead log into the database file took.", buckets),
		checkpointFailures: counter("lobby_store_checkpoint_failures_total", "Checkpoints that failed; each is tried again."),
		retries: counter("lobby_store_retries_total",
			"Transactions that PostgreSQL asked to run again, because they met another."),
	}
	m.registry.MustRegister(s.writes, s.waits, s.commits, s.checkpoints, s.checkpointFailures, s.retries)
	return s
}

// Committed records a commit: how long each of its writes waited for its turn, and how long the commit itself took.
func (s *Store) Committed(waits []time.Duration, took time.Duration) {
	s.writes.Observe(float64(len(waits)))
	s.commits.Observe(took.Seconds())
	for _, wait := range waits {
		s.waits.Observe(wait.Seconds())
	}
}

// Checkpointed records a checkpoint, its duration, and its error if it failed.
func (s *Store) Checkpointed(took time.Duration, err error) {
	s.checkpoints.Observe(took.Seconds())
	if err != nil {
		s.checkpointFailures.Inc()
	}
}

// Retried records a transaction that had to run again.
func (s *Store) Retried() { s.retries.Inc() }

// Show makes each scrape call figures and show the result. It may be called only once.
func (s *Store) Show(figures func(context.Context) StoreFigures) {
	s.registry.MustRegister(storeCollector(figures))
}

// storeCollector collects the figures of a store at the time of a scrape.
type storeCollector func(context.Context) StoreFigures

// figure is a metric that shows one of the figures.
type figure struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	// label is the value of the metric's one label; empty for a metric without labels.
	label string
	value func(*StoreFigures) float64
}

func newFigure(name, help string, kind prometheus.ValueType, value func(*StoreFigures) float64) figure {
	return figure{prometheus.NewDesc(name, help, nil, nil), kind, "", value}
}

var (
	connections = prometheus.NewDesc("lobby_store_connections",
		"Connections to PostgreSQL, or readers of the embedded database, by state: acquired or idle.", []string{"state"}, nil)
	peopleByRole = prometheus.NewDesc("lobby_people",
		"People who are neither archived nor merged, by role. Counted anew now and then, not for each scrape.", []string{"role"}, nil)

	figures = []figure{
		newFigure("lobby_store_queued_writes", "Writes that wait for their turn in a commit.", prometheus.GaugeValue,
			func(f *StoreFigures) float64 { return float64(f.QueuedWrites) }),
		newFigure("lobby_store_wal_bytes", "Size of the write-ahead log's file.", prometheus.GaugeValue,
			func(f *StoreFigures) float64 { return float64(f.WALBytes) }),
		newFigure("lobby_store_waiting_touches", "Visitors who were seen, which is yet to be written.", prometheus.GaugeValue,
			func(f *StoreFigures) float64 { return float64(f.WaitingTouches) }),
		{connections, prometheus.GaugeValue, "acquired", func(f *StoreFigures) float64 { return float64(f.AcquiredConnections) }},
		{connections, prometheus.GaugeValue, "idle", func(f *StoreFigures) float64 { return float64(f.IdleConnections) }},
		newFigure("lobby_store_max_connections", "Connections that there may be.", prometheus.GaugeValue,
			func(f *StoreFigures) float64 { return float64(f.MaxConnections) }),
		newFigure("lobby_store_connection_waits_total", "Times that no connection was idle.", prometheus.CounterValue,
			func(f *StoreFigures) float64 { return float64(f.ConnectionWaits) }),
		newFigure("lobby_store_connection_wait_seconds_total", "Time that all callers together took to get a connection to PostgreSQL.",
			prometheus.CounterValue, func(f *StoreFigures) float64 { return f.ConnectionWaited.Seconds() }),
		{peopleByRole, prometheus.GaugeValue, "visitor", func(f *StoreFigures) float64 { return float64(f.Visitors) }},
		{peopleByRole, prometheus.GaugeValue, "lead", func(f *StoreFigures) float64 { return float64(f.Leads) }},
		{peopleByRole, prometheus.GaugeValue, "user", func(f *StoreFigures) float64 { return float64(f.Users) }},
		newFigure("lobby_outbox_entries", "Entries in the outbox. Counted anew now and then, not for each scrape.",
			prometheus.GaugeValue, func(f *StoreFigures) float64 { return float64(f.OutboxEntries) }),
		newFigure("lobby_outbox_oldest_age_seconds", "Age of the oldest entry in the outbox; 0 when it is empty.",
			prometheus.GaugeValue, func(f *StoreFigures) float64 {
				if f.OutboxOldest == 0 {
					return 0
				}
				return max(0, time.Since(time.Unix(f.OutboxOldest, 0)).Seconds())
			}),
	}
)

// Describe implements prometheus.Collector.
func (c storeCollector) Describe(to chan<- *prometheus.Desc) {
	for _, f := range figures {
		to <- f.desc
	}
}

// Collect implements prometheus.Collector.
func (c storeCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), maxFiguresWait)
	defer cancel()
	now := c(ctx)
	for _, f := range figures {
		var labels []string
		if f.label != "" {
			labels = []string{f.label}
		}
		to <- prometheus.MustNewConstMetric(f.desc, f.kind, f.value(&now), labels...)
	}
}
