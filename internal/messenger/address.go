package messenger

import (
	"crypto/rand"
	"net/netip"
	"sync"
	"time"

	"lobby/internal/cache"
	"lobby/internal/tally"
	"lobby/internal/workspace"
)

// anonymizer turns addresses into keys from which nobody can get an address back, not even this server on the next day.
// Nothing of an address is ever kept but such a key, in memory; of addresses near a limit it is also in the database, for
// a minute.
type anonymizer struct {
	board *tally.Board // which has the salt that all servers share

	mu   sync.Mutex
	day  int64
	salt string // of this server, until there is a shared one
}

// key returns the key of an address or, for IPv6, of its /64 network, within which anybody has as many addresses as they
// like.
func (a *anonymizer) key(addr netip.Addr, now time.Time) cache.Digest {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	network, err := addr.Prefix(bits)
	if err != nil {
		network = netip.Prefix{} // requests without an address share one key
	}
	day := workspace.DayOf(now)
	salt := a.board.Salt(day)
	if salt == "" {
		salt = a.ownSalt(day)
	}
	return cache.DigestOf(salt, network.String())
}

func (a *anonymizer) ownSalt(day int64) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if day != a.day || a.salt == "" {
		a.day, a.salt = day, rand.Text()
	}
	return a.salt
}
