package messenger

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// buckets hold one token bucket for each key. They remember so many keys and forget the longest unused of them, so that
// their memory has an end whoever comes.
type buckets[K comparable] struct {
	limit rate.Limit // a second
	burst int
	most  int // keys in one generation, of which there are two

	mu        sync.Mutex
	now, then map[K]*rate.Limiter
}

// mostKeys bounds what one kind of bucket takes to some fifteen megabytes.
const mostKeys = 50_000

func newBuckets[K comparable](perSecond float64, burst int) *buckets[K] {
	return &buckets[K]{limit: rate.Limit(perSecond), burst: burst, most: mostKeys, now: map[K]*rate.Limiter{}}
}

// take takes one token, or answers how long it would have to wait for one.
func (b *buckets[K]) take(key K, at time.Time) time.Duration {
	r := b.of(key).ReserveN(at, 1)
	wait := r.DelayFrom(at)
	if wait > 0 {
		r.CancelAt(at)
	}
	return wait
}

func (b *buckets[K]) of(key K) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	bucket, known := b.now[key]
	if known {
		return bucket
	}
	if bucket, known = b.then[key]; !known {
		bucket = rate.NewLimiter(b.limit, b.burst)
	}
	if len(b.now) >= b.most {
		b.then, b.now = b.now, make(map[K]*rate.Limiter, b.most)
	}
	b.now[key] = bucket
	return bucket
}
