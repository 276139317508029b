package messenger

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"lobby/internal/cache"
	"lobby/internal/workspace"
)

// The rate limits. A person at a page makes far fewer requests, and an office behind one address does, too.
var (
	perAddress = limit{10, 60}
	perBrowser = limit{2, 20}
	perPerson  = limit{5, 20}    // events
	perApp     = limit{200, 200} // new visitors; more are logged, and admitted
	warnings   = limit{1.0 / 60, 1}
)

// rateLimiter keeps a crowd of strangers from keeping the server busy. It knows them in memory only, and of an address
// only what [anonymizer] makes of it.
type rateLimiter struct {
	isOff       bool // nobody is refused
	anonymous   anonymizer
	addresses   limiters[uint64]
	browsers    limiters[cache.Digest]
	persons     limiters[cache.Digest]
	newVisitors limiters[visitorsKey]
	apps        limiters[workspace.ID]
	warnings    limiters[workspace.ID]
	// claims are the users whom an address named without proof: each is counted once, whether or not it exists.
	claims *cache.Cache[claimKey, bool]
	// inFlight has a place for each request that is handled now, and queued one for each of those and of the ones that
	// wait. The rest of the server needs room, too.
	inFlight, queued chan struct{}
}

// visitorsKey is for the new visitors from one address.
type visitorsKey struct {
	workspace workspace.ID
	address   uint64
	perMinute int64 // so that a changed setting counts at once
}

type claimKey struct {
	visitorsKey
	user cache.Digest
}

const (
	// defaultInFlight is how many requests of pages are handled at the same time unless the options say otherwise.
	defaultInFlight = 4
	// waitingEach is how many more may wait, for each of them.
	waitingEach = 15
)

func newRateLimiter(isOff bool, maxInFlight int) *rateLimiter {
	if maxInFlight == 0 {
		maxInFlight = defaultInFlight
	}
	return &rateLimiter{
		isOff: isOff, addresses: newLimiters[uint64](maxLimiterKeys), browsers: newLimiters[cache.Digest](maxLimiterKeys), persons: newLimiters[cache.Digest](maxLimiterKeys),
		newVisitors: newLimiters[visitorsKey](maxLimiterKeys), apps: newLimiters[workspace.ID](maxLimiterKeys), warnings: newLimiters[workspace.ID](maxLimiterKeys),
		claims:   cache.New[claimKey, bool](24*time.Hour, maxLimiterKeys),
		inFlight: make(chan struct{}, maxInFlight), queued: make(chan struct{}, maxInFlight*(1+waitingEach)),
	}
}

// errTooManyRequests refuses a request that may come again after a while.
type errTooManyRequests struct{ retryAfter time.Duration }

func (e *errTooManyRequests) Error() string { return "Too many requests; please wait" }

// seconds is the value of Retry-After.
func (e *errTooManyRequests) seconds() string {
	return strconv.Itoa(max(1, int(math.Ceil(e.retryAfter.Seconds()))))
}

func tooManyRequests(retryAfter time.Duration) error {
	if retryAfter <= 0 {
		return nil
	}
	return &errTooManyRequests{retryAfter}
}

// limited admits requests, a limited number at once. The body is read before, so that a slow one takes no place.
func (m *messenger) limited(handle endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, now := m.limiter, m.lobby.Now()
		if l.isOff {
			return parsed(handle)(w, r)
		}
		if err := tooManyRequests(l.addresses.take(l.anonymous.key(m.proxies.Client(r), now), perAddress, now)); err != nil {
			return err
		}
		return parsed(func(w http.ResponseWriter, r *http.Request) error {
			select {
			case l.queued <- struct{}{}:
				defer func() { <-l.queued }()
			default:
				return &errTooManyRequests{time.Second}
			}
			l.inFlight <- struct{}{}
			defer func() { <-l.inFlight }()
			return handle(w, r)
		})(w, r)
	}
}

// parsed reads the form of a request first.
func parsed(handle endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		err := r.ParseForm()
		switch {
		case err == nil:
			return handle(w, r)
		case refusalOf(err) == tooLarge:
			return err
		}
		return invalid("The body is not a form")
	}
}

// allowBrowser limits the requests of one browser.
func (l *rateLimiter) allowBrowser(c *call, now time.Time) error {
	if l.isOff || c.anonymousID == "" || c.isCookieless {
		return nil
	}
	return tooManyRequests(l.browsers.take(cache.DigestOf(string(c.workspace.ID), c.anonymousID), perBrowser, now))
}

// allowEvent limits the events of one person.
func (l *rateLimiter) allowEvent(c *call, person string, now time.Time) error {
	if l.isOff {
		return nil
	}
	return tooManyRequests(l.persons.take(cache.DigestOf(string(c.workspace.ID), person), perPerson, now))
}

// allowNewVisitor limits the new visitors from the address of a call.
func (m *messenger) allowNewVisitor(c *call) error {
	l, now := m.limiter, m.lobby.Now()
	if l.isOff {
		return nil
	}
	from := l.visitorsKey(c, now)
	if from.perMinute > 0 {
		perAddress := limit{float64(from.perMinute) / 60, int(from.perMinute)}
		if err := tooManyRequests(l.newVisitors.take(from, perAddress, now)); err != nil {
			return err
		}
	}
	id := c.workspace.ID
	if l.apps.take(id, perApp, now) > 0 && l.warnings.take(id, warnings, now) == 0 {
		m.log.Warn(fmt.Sprintf("over %v new visitors a second", perApp.perSecond), "app", id)
	}
	return nil
}

// allowClaim limits the users whom a page names without proof. It treats all names alike, or a page could find out by
// its refusal which are known.
func (m *messenger) allowClaim(c *call, named claim) error {
	if m.limiter.isOff {
		return nil
	}
	key := claimKey{m.limiter.visitorsKey(c, m.lobby.Now()), cache.DigestOf(named.userID, workspace.EmailKey(named.email))}
	_, err := m.limiter.claims.Get(key, func() (bool, error) { return true, m.allowNewVisitor(c) })
	return err
}

func (l *rateLimiter) visitorsKey(c *call, now time.Time) visitorsKey {
	return visitorsKey{c.workspace.ID, l.anonymous.key(c.address, now), workspace.NewVisitorsPerMinute.Number(c.workspace)}
}
