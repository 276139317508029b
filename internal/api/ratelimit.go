package api

import (
	"strconv"
	"time"

	"lobby/internal/tally"
	"lobby/internal/workspace"
)

// window is the slice of a minute in which calls are counted, as the public API does it.
const window = 10

// usualLimit is how many calls a minute the headers speak of when there is no limit, which is the default of --rate-limit.
// Connectors wait between calls when they are not told how many they have left.
const usualLimit = 10_000

// sharedParts is into how many parts a limit is divided. Of a token that used less than one part of it, servers tell each
// other nothing: n servers admit at most n parts too many.
const sharedParts = 32

// rateLimit counts the calls of each token in fixed windows of ten seconds, on all servers together.
type rateLimit struct {
	perWindow int
	unlimited bool // nothing is counted, and all is always left
	now       func() time.Time
	header    []string // X-RateLimit-Limit, the same for all
	used      *tally.Counter
}

// newRateLimit returns a limit of so many calls a minute; 0 is no limit.
func newRateLimit(perMinute int, board *tally.Board, now func() time.Time) *rateLimit {
	if board == nil {
		board = new(tally.Board)
	}
	unlimited := perMinute == 0
	if unlimited {
		perMinute = usualLimit
	}
	perWindow := (perMinute*window + 59) / 60
	return &rateLimit{
		perWindow: perWindow, unlimited: unlimited, now: now, header: []string{strconv.Itoa(perWindow)},
		used: board.NewCounter(tally.Options{Name: "calls", Seconds: window, Share: int64(max(1, perWindow/sharedParts))}),
	}
}

// take counts one call and answers how many are left (less than none when it is one too many) and when the window ends.
func (l *rateLimit) take(token string) (left int, reset, now int64) {
	now = l.now().Unix()
	reset = l.used.WindowAt(now) + window
	if l.unlimited {
		return l.perWindow, reset, now
	}
	return l.perWindow - int(l.used.Add(token, now)), reset, now
}

// watch forgets all counts when everything was replaced.
func (l *rateLimit) watch(ws workspace.ID) {
	if ws == "" {
		l.used.Forget()
	}
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
