package standin

import (
	"strconv"
	"strings"
	"sync"
	"time"
)

// Clock is the time that a server under test goes by. It is the time of the system until somebody sets it. It is safe for
// concurrent use.
type Clock struct {
	mu sync.Mutex
	// stands is the time at which the clock stands; zero while it goes, and then ahead is how far it is from the system's.
	stands time.Time
	ahead  time.Duration
}

// Now returns the time of the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if !c.stands.IsZero() {
		return c.stands
	}
	return time.Now().Add(c.ahead)
}

// IsFrozen reports whether the clock stands still.
func (c *Clock) IsFrozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.stands.IsZero()
}

// Freeze stops the clock, or has it go on from where it stands.
func (c *Clock) Freeze(is bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if c.stands = now; !is {
		c.stands, c.ahead = time.Time{}, time.Until(now)
	}
}

// Set sets the clock. One that stands stays so.
func (c *Clock) Set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stands.IsZero() {
		c.stands = to
	}
	c.ahead = time.Until(to)
}

// Reset gives the clock the time of the system.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stands, c.ahead = time.Time{}, 0
}

// span is a length of time in the units of a calendar.
type span struct {
	years, months, days int
	rest                time.Duration
}

// maxAmount is the max number of one unit in a span.
const maxAmount = 1_000_000

// parseSpan reads "10 months", "1 day 2 hours", "-3 weeks", or as Go writes it, "1h30m". It returns false for anything else.
func parseSpan(text string) (s span, ok bool) {
	text = strings.TrimSpace(text)
	if d, err := time.ParseDuration(text); err == nil {
		return span{rest: d}, true
	}
	words := strings.Fields(text)
	if len(words) == 0 || len(words)%2 != 0 {
		return s, false
	}
	for i := 0; i < len(words); i += 2 {
		n, err := strconv.Atoi(words[i])
		if err != nil || n > maxAmount || n < -maxAmount || !s.add(n, words[i+1]) {
			return s, false
		}
	}
	return s, true
}

// add adds so many of a unit. It returns false when there is no such unit.
func (s *span) add(n int, unit string) bool {
	switch strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(unit), ","), "s") {
	case "year":
		s.years += n
	case "month":
		s.months += n
	case "week":
		s.days += 7 * n
	case "day":
		s.days += n
	case "hour":
		s.rest += time.Duration(n) * time.Hour
	case "minute":
		s.rest += time.Duration(n) * time.Minute
	case "second":
		s.rest += time.Duration(n) * time.Second
	default:
		return false
	}
	return true
}

// after returns the time that is a span later, by the calendar of UTC. A month after the 31st ends on the last day of a month
// that has no such day.
func (s span) after(t time.Time) time.Time {
	t = t.UTC()
	first := time.Date(t.Year()+s.years, t.Month()+time.Month(s.months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	lastDay := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), lastDay)-1+s.days).Add(s.rest)
}
