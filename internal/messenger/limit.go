package messenger

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"lobby/internal/cache"
	"lobby/internal/tally"
	"lobby/internal/workspace"
)

// The rate limits. A person at a page makes far fewer requests, and an office behind one address does, too.
var (
	perAddress = limit{10, 60}
	perBrowser = limit{2, 20}
	perPerson  = limit{5, 20}    // events
	perWriter  = limit{0.5, 10}  // words in conversations
	perWriters = limit{1, 30}    // those of one address
	perApp     = limit{200, 200} // new visitors; more are logged, and admitted
	warnings   = limit{1.0 / 60, 1}
)

// rateLimiter keeps a crowd of strangers from keeping the servers busy. It knows them in memory only, and of an address only
// what [anonymizer] makes of it. Of those who are near a limit the servers tell each other through the database.
type rateLimiter struct {
	isOff       bool // nobody is refused
	anonymous   anonymizer
	addresses   sharedLimiters
	browsers    sharedLimiters
	persons     sharedLimiters
	writers     sharedLimiters
	allWriters  sharedLimiters // by address
	newVisitors sharedLimiters // by visitorsKey
	apps        limiters[workspace.ID]
	warnings    limiters[workspace.ID]
	// claims are the users whom an address named without proof: each is counted once, whether or not it exists.
	claims *cache.Cache[cache.Digest, bool]
	// turns has a place for each request that is handled now, and for those that wait. The rest of the server needs room,
	// too.
	turns *turns
}

const (
	// defaultInFlight is how many requests of pages are handled at the same time unless the options say otherwise.
	defaultInFlight = 4
	// waitingEach is how many more may wait, for each of them.
	waitingEach = 15
)

func newRateLimiter(isOff bool, maxInFlight int, board *tally.Board, now func() time.Time) *rateLimiter {
	if board == nil {
		board = new(tally.Board)
	}
	if maxInFlight == 0 {
		maxInFlight = defaultInFlight
	}
	return &rateLimiter{
		isOff: isOff, anonymous: anonymizer{board: board},
		addresses: newSharedLimiters(board, "addresses", perAddress.burst, now), browsers: newSharedLimiters(board, "browsers", perBrowser.burst, now),
		persons: newSharedLimiters(board, "persons", perPerson.burst, now), newVisitors: newSharedLimiters(board, "visitors", 0, now),
		writers: newSharedLimiters(board, "writers", perWriter.burst, now), allWriters: newSharedLimiters(board, "writing addresses", perWriters.burst, now),
		apps: newLimiters[workspace.ID](maxLimiterKeys), warnings: newLimiters[workspace.ID](maxLimiterKeys),
		claims: cache.New[cache.Digest, bool](24*time.Hour, maxLimiterKeys),
		turns:  newTurns(maxInFlight, maxInFlight*waitingEach),
	}
}

// forget makes every address, browser and person a new one.
func (l *rateLimiter) forget() {
	for _, shared := range []sharedLimiters{l.addresses, l.browsers, l.persons, l.writers, l.allWriters, l.newVisitors} {
		shared.forget()
		shared.given.Forget()
	}
	l.apps.forget()
	l.warnings.forget()
	l.claims.Clear()
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
	return m.admitted(func(w http.ResponseWriter, r *http.Request) error {
		return m.inTurn(r, func() error { return handle(w, r) })
	})
}

// admitted admits requests of an address, and reads their forms.
func (m *messenger) admitted(handle endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		l, now := m.limiter, m.lobby.Now()
		if !l.isOff {
			if err := tooManyRequests(l.addresses.take(l.anonymous.key(m.proxies.Client(r), now), perAddress, now)); err != nil {
				return err
			}
		}
		return parsed(handle)(w, r)
	}
}

// inTurn does something for a request of which the form was read, when it is its turn.
func (m *messenger) inTurn(r *http.Request, do func() error) error {
	l := m.limiter
	if l.isOff {
		return do()
	}
	if !l.turns.take(r.PostForm.Get("app_id")) {
		return &errTooManyRequests{time.Second}
	}
	defer l.turns.give()
	return do()
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

// allowWords limits what one person writes, and all persons at one address.
func (l *rateLimiter) allowWords(c *call, person string, now time.Time) error {
	if l.isOff {
		return nil
	}
	ws, address := string(c.workspace.ID), l.anonymous.key(c.address, now)
	if err := tooManyRequests(l.writers.take(cache.DigestOf(ws, person), perWriter, now)); err != nil {
		return err
	}
	return tooManyRequests(l.allWriters.take(cache.DigestOf(ws, string(address[:])), perWriters, now))
}

// allowNewVisitor limits the new visitors from the address of a call.
func (m *messenger) allowNewVisitor(c *call) error {
	l, now := m.limiter, m.lobby.Now()
	if l.isOff {
		return nil
	}
	if perMinute := workspace.NewVisitorsPerMinute.Number(c.workspace); perMinute > 0 {
		perAddress := limit{float64(perMinute) / 60, int(perMinute)}
		if err := tooManyRequests(l.newVisitors.take(l.visitorsKey(c, now), perAddress, now)); err != nil {
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
	from := m.limiter.visitorsKey(c, m.lobby.Now())
	key := cache.DigestOf(string(from[:]), named.userID, workspace.EmailKey(named.email))
	_, err := m.limiter.claims.Get(key, func() (bool, error) { return true, m.allowNewVisitor(c) })
	return err
}

// visitorsKey returns the key of the new visitors from the address of a call. A changed setting makes another, so that it
// counts at once.
func (l *rateLimiter) visitorsKey(c *call, now time.Time) cache.Digest {
	address := l.anonymous.key(c.address, now)
	perMinute := strconv.FormatInt(workspace.NewVisitorsPerMinute.Number(c.workspace), 10)
	return cache.DigestOf(string(c.workspace.ID), string(address[:]), perMinute)
}
