package messenger

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"lobby/internal/people"
)

// What is let in: a person at a page makes far less of it, and an office behind one address, too.
var (
	perAddress = flow{10, 60}
	perBrowser = flow{2, 20}
	perPerson  = flow{5, 20}    // events
	perApp     = flow{200, 200} // new visitors; more are a reason to look, and let in
	alarms     = flow{1.0 / 60, 1}
)

// gate keeps a crowd of strangers from keeping the server busy. What it knows of them is in memory, and of an address
// only what [anonymizer] makes of it.
type gate struct {
	isOpen    bool // nobody is refused
	anonymous anonymizer
	addresses *buckets[uint64]
	browsers  *buckets[personKey]
	persons   *buckets[personKey]
	newcomers *buckets[newcomer]
	apps      *buckets[people.WorkspaceID]
	alarms    *buckets[people.WorkspaceID]
	// claims are whom an address named without proof: a name costs once, whether or not anybody has it.
	claims *memory[claimKey, bool]
	// places are taken by the requests that are worked on, and seats by those and the ones that wait. The rest of the
	// server needs room, too.
	places, seats chan struct{}
}

type personKey struct {
	workspace people.WorkspaceID
	id        string
}

type newcomer struct {
	workspace people.WorkspaceID
	address   uint64
	perMinute int64 // so that a changed setting counts at once
}

type claimKey struct {
	newcomer
	userID, email string
}

// Of the requests of pages so many are worked on at the same time unless the options say otherwise. For each of them so
// many more may wait.
const (
	atOnce  = 4
	waiting = 15
)

func newGate(isOpen bool, maxInFlight int) *gate {
	if maxInFlight == 0 {
		maxInFlight = atOnce
	}
	return &gate{
		isOpen: isOpen, addresses: newBuckets[uint64](), browsers: newBuckets[personKey](), persons: newBuckets[personKey](),
		newcomers: newBuckets[newcomer](), apps: newBuckets[people.WorkspaceID](), alarms: newBuckets[people.WorkspaceID](),
		claims: newMemory[claimKey, bool](24*time.Hour, mostKeys),
		places: make(chan struct{}, maxInFlight), seats: make(chan struct{}, maxInFlight*(1+waiting)),
	}
}

// crowded is the refusal of what is too much, and after how long it may come again.
type crowded struct{ wait time.Duration }

func (e *crowded) Error() string { return "Too many requests; please wait" }

// seconds is what Retry-After says.
func (e *crowded) seconds() string {
	return strconv.Itoa(max(1, int(math.Ceil(e.wait.Seconds()))))
}

func refusedFor(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	return &crowded{wait}
}

// guarded lets requests in, a limited number at once. A body that comes slowly takes nobody's place.
func (m *messenger) guarded(handle endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		g, now := m.gate, m.lobby.Now()
		if g.isOpen {
			return parsed(handle)(w, r)
		}
		if wait := g.addresses.take(g.anonymous.key(m.proxies.client(r), now), perAddress, now); wait > 0 {
			return &crowded{wait}
		}
		return parsed(func(w http.ResponseWriter, r *http.Request) error {
			select {
			case g.seats <- struct{}{}:
				defer func() { <-g.seats }()
			default:
				return &crowded{time.Second}
			}
			g.places <- struct{}{}
			defer func() { <-g.places }()
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

// letBrowser lets in the calls of one browser.
func (g *gate) letBrowser(c *call, now time.Time) error {
	if g.isOpen || c.anonymousID == "" || c.isCookieless {
		return nil
	}
	return refusedFor(g.browsers.take(personKey{c.workspace.ID, c.anonymousID}, perBrowser, now))
}

// letEvent lets in an event of a person.
func (g *gate) letEvent(c *call, id string, now time.Time) error {
	if g.isOpen {
		return nil
	}
	return refusedFor(g.persons.take(personKey{c.workspace.ID, id}, perPerson, now))
}

// letNewcomer lets in somebody new from the address of a call.
func (m *messenger) letNewcomer(c *call) error {
	g, now := m.gate, m.lobby.Now()
	if g.isOpen {
		return nil
	}
	from := g.newcomer(c, now)
	if from.perMinute > 0 {
		if wait := g.newcomers.take(from, flow{float64(from.perMinute) / 60, int(from.perMinute)}, now); wait > 0 {
			return &crowded{wait}
		}
	}
	id := c.workspace.ID
	if g.apps.take(id, perApp, now) > 0 && g.alarms.take(id, alarms, now) == 0 {
		m.log.Warn(fmt.Sprintf("over %v new visitors a second", perApp.perSecond), "app", id)
	}
	return nil
}

// letClaim lets in a name that a page gives without proof. It treats all names alike, or a page could find out by its
// refusal which are known.
func (m *messenger) letClaim(c *call, who claim) error {
	if m.gate.isOpen {
		return nil
	}
	key := claimKey{m.gate.newcomer(c, m.lobby.Now()), who.userID, people.EmailKey(who.email)}
	_, err := m.gate.claims.get(key, func() (bool, error) { return true, m.letNewcomer(c) })
	return err
}

func (g *gate) newcomer(c *call, now time.Time) newcomer {
	return newcomer{c.workspace.ID, g.anonymous.key(c.address, now), people.NewVisitorsPerMinute.Number(c.workspace)}
}
