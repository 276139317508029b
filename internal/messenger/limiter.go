package messenger

import (
	"encoding/base64"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"lobby/internal/cache"
	"lobby/internal/tally"
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

// charge takes tokens that other servers have given out. It leaves a debt of at most one burst.
func (l limiters[K]) charge(key K, tokens int64, at time.Time) {
	if bucket, known := l.buckets.Peek(key); known {
		bucket.ReserveN(at, int(min(tokens, int64(bucket.Burst()))))
	}
}

// forget makes every key a new one.
func (l limiters[K]) forget() { l.buckets.Purge() }

// sharedLimiters are limiters whose buckets are one on all servers, with a lag.
type sharedLimiters struct {
	limiters[cache.Digest]
	given *tally.Counter // the tokens that were given out
}

// sharedSeconds is the length of the windows in which servers tell each other what they gave out.
const sharedSeconds = 60

// newSharedLimiters makes limiters whose servers tell each other of a key from an eighth of a burst on, and from two.
func newSharedLimiters(board *tally.Board, name string, burst int, now func() time.Time) sharedLimiters {
	l := sharedLimiters{limiters: newLimiters[cache.Digest](maxLimiterKeys)}
	l.given = board.NewCounter(tally.Options{
		Name: name, Seconds: sharedSeconds, Share: int64(max(2, burst/8)),
		Learn: func(key string, more int64) {
			if digest, err := base64.RawURLEncoding.DecodeString(key); err == nil && len(digest) == len(cache.Digest{}) {
				l.charge(cache.Digest(digest), more, now())
			}
		},
	})
	return l
}

// take is take of limiters, for all servers together.
func (l sharedLimiters) take(key cache.Digest, lim limit, at time.Time) time.Duration {
	if !l.given.IsShared() {
		return l.limiters.take(key, lim, at)
	}
	text := base64.RawURLEncoding.EncodeToString(key[:])
	isNew := !l.buckets.Contains(key)
	wait := l.limiters.take(key, lim, at)
	if isNew {
		if others := l.given.Others(text, at.Unix()); others > 0 {
			l.charge(key, others, at)
		}
	}
	if wait <= 0 {
		l.given.Add(text, at.Unix())
	}
	return wait
}
