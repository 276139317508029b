package api

import (
	"strconv"
	"sync"
	"time"
)

// window is the slice of a minute in which calls are counted, as the public API does it.
const window = 10

// usualLimit is how many calls a minute the headers speak of when there is no limit, which is the default of --rate-limit.
// Connectors wait between calls when they are not told how many they have left.
const usualLimit = 10_000

// rateLimit counts the calls of each token in fixed windows of ten seconds.
type rateLimit struct {
	perWindow int
	unlimited bool // nothing is counted, and all is always left
	now       func() time.Time
	header    []string // X-RateLimit-Limit, the same for all

	mu    sync.Mutex
	began int64 // the Unix second at which the present window began
	used  map[string]int
}

// newRateLimit returns a limit of so many calls a minute; 0 is no limit.
func newRateLimit(perMinute int, now func() time.Time) *rateLimit {
	unlimited := perMinute == 0
	if unlimited {
		perMinute = usualLimit
	}
	perWindow := (perMinute*window + 59) / 60
	return &rateLimit{
		perWindow: perWindow, unlimited: unlimited, now: now, header: []string{strconv.Itoa(perWindow)}, used: map[string]int{},
	}
}

// take counts one call and answers how many are left (less than none when it is one too many) and when the window ends.
func (l *rateLimit) take(token string) (left int, reset, now int64) {
	now = l.now().Unix()
	began := now - now%window
	if l.unlimited {
		return l.perWindow, began + window, now
	}
	l.mu.Lock()
	if began != l.began {
		l.began = began
		clear(l.used)
	}
	l.used[token]++
	left = l.perWindow - l.used[token]
	l.mu.Unlock()
	return left, began + window, now
}

// limit refuses a call beyond the token's limit, and tells every caller where it stands.
func (a *API) limit(c *call) error {
	left, reset, now := a.limits.take(c.token.ID)
	h := c.w.Header()
	h["X-Ratelimit-Limit"] = a.limits.header
	h["X-Ratelimit-Remaining"] = []string{strconv.Itoa(max(left, 0))}
	h["X-Ratelimit-Reset"] = []string{strconv.FormatInt(reset, 10)}
	if left >= 0 {
		return nil
	}
	h.Set("Retry-After", strconv.FormatInt(max(reset-now, 1), 10))
	return &limitError{a.limits.perWindow}
}
