package messenger

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// flow is how fast a bucket fills, and how much it holds.
type flow struct {
	perSecond float64
	burst     int
}

// buckets hold one token bucket for each key. They remember so many keys and forget the longest unused of them, so that
// their memory has an end whoever comes.
type buckets[K comparable] struct {
	most int // keys in one generation, of which there are two

	mu        sync.Mutex
	now, then map[K]*rate.Limiter
}

// mostKeys bounds what one kind of bucket takes to some fifteen megabytes.
const mostKeys = 50_000

func newBuckets[K comparable]() *buckets[K] {
	return &buckets[K]{most: mostKeys, now: map[K]*rate.Limiter{}}
}

// take takes one token, or answers how long it would have to wait for one. A key always has the same flow.
func (b *buckets[K]) take(key K, f flow, at time.Time) time.Duration {
	r := b.of(key, f).ReserveN(at, 1)
	wait := r.DelayFrom(at)
	if wait > 0 {
		r.CancelAt(at)
	}
	return wait
}

func (b *buckets[K]) of(key K, f flow) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	bucket, known := b.now[key]
	if known {
		return bucket
	}
	if bucket, known = b.then[key]; !known {
		bucket = rate.NewLimiter(rate.Limit(f.perSecond), f.burst)
	}
	if len(b.now) >= b.most {
		b.then, b.now = b.now, map[K]*rate.Limiter{}
	}
	b.now[key] = bucket
	return bucket
}
