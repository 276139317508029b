package messenger

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// limit is how fast a token bucket fills, and how much it holds.
type limit struct {
	perSecond float64
	burst     int
}

// maxLimiterKeys bounds the memory of one kind of limiters to some twenty megabytes.
const maxLimiterKeys = 100_000

// limiters hold one token bucket for each key. They drop the bucket that was unused for longest when there are too many,
// so that their memory is bounded whoever comes.
type limiters[K comparable] struct {
	buckets *lru.Cache[K, *rate.Limiter]
}

// newLimiters makes limiters for at most size keys, which must be positive.
func newLimiters[K comparable](size int) limiters[K] {
	buckets, err := lru.New[K, *rate.Limiter](size)
	if err != nil {
		panic(err) // the size is a constant of the program
	}
	return limiters[K]{buckets}
}

// take takes one token, or returns how long it would have to wait for one. A key always has the same limit.
func (l limiters[K]) take(key K, lim limit, at time.Time) time.Duration {
	bucket, known := l.buckets.Get(key)
	if !known {
		bucket = rate.NewLimiter(rate.Limit(lim.perSecond), lim.burst)
		if other, isThere, _ := l.buckets.PeekOrAdd(key, bucket); isThere {
			bucket = other
		}
	}
	r := bucket.ReserveN(at, 1)
	wait := r.DelayFrom(at)
	if wait > 0 {
		r.CancelAt(at)
	}
	return wait
}
