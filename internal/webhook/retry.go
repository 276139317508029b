package webhook

import "lobby/internal/ticker"

// How long a failed delivery is tried again, and how long a subscription may fail before it is paused, in seconds.
const (
	retryLife = 24 * 60 * 60
	failLife  = 24 * 60 * 60
)

const (
	firstRetry, maxRetry = 60, 4 * 60 * 60
	// MaxFailures is the number of failures in a row after which the receiver is left alone for a while.
	MaxFailures      = 10
	minRest, maxRest = 10, 10 * 60
)

// Retry returns when a delivery that failed just now is attempted again, for the number of its attempts so far; 0 when
// it is given up. spread is a random number from 0 up to 1.
func (d *Delivery) Retry(now int64, spread float64) int64 {
	if now >= d.CreatedAt+retryLife {
		return 0
	}
	return now + ticker.Backoff(firstRetry, maxRetry, d.Attempts, spread)
}

// Rest returns when a receiver that failed several times in a row is tried again, later the longer it has failed; 0 for at
// once.
func (p *Progress) Rest(now int64, spread float64) int64 {
	if p.Failures < MaxFailures {
		return 0
	}
	return now + ticker.Jitter(min(max((now-p.FailingSince)/4, minRest), maxRest), spread)
}

// IsDead reports whether no delivery has succeeded for so long that the subscription is to be paused.
func (p *Progress) IsDead(now int64) bool {
	return p.Failures >= MaxFailures && now >= p.FailingSince+failLife
}
