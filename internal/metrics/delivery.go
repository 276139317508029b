package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Deliveries counts and times what is sent to webhooks. It is safe for concurrent use.
type Deliveries struct {
	accepted, refused prometheus.Counter
	durations         prometheus.Histogram
	paused            prometheus.Counter
}

// Deliveries returns the metrics of webhooks, without any observation. It may be called only once.
func (m *Metrics) Deliveries() *Deliveries {
	attempts := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "lobby_webhook_attempts_total",
		Help: "Attempts to deliver to a webhook, by whether the receiver accepted.",
	}, []string{"accepted"})
	d := &Deliveries{
		accepted: attempts.WithLabelValues("yes"),
		refused:  attempts.WithLabelValues("no"),
		durations: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "lobby_webhook_attempt_duration_seconds", Help: "Time that an attempt to deliver to a webhook took.", Buckets: buckets,
		}),
		paused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "lobby_webhooks_paused_total", Help: "Webhooks that were paused because they failed for a day or said that they are gone.",
		}),
	}
	m.registry.MustRegister(attempts, d.durations, d.paused)
	return d
}

// Attempted records an attempt.
func (d *Deliveries) Attempted(accepted bool, took time.Duration) {
	d.durations.Observe(took.Seconds())
	if accepted {
		d.accepted.Inc()
	} else {
		d.refused.Inc()
	}
}

// Paused records that a webhook was paused.
func (d *Deliveries) Paused() { d.paused.Inc() }
