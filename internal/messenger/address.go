package messenger

import (
	"crypto/rand"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"lobby/internal/cache"
	"lobby/internal/tally"
	"lobby/internal/workspace"
)

// proxies are the networks of the proxies that may say for which client they ask.
type proxies []netip.Prefix

func (all proxies) contain(addr netip.Addr) bool {
	for _, p := range all {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// client returns the address of the client of a request: the last hop that is no trusted proxy. Anybody can have written
// what stands further left in the header. The address is invalid where there is none, as for a socket file.
func (all proxies) client(r *http.Request) netip.Addr {
	addr := parseAddr(r.RemoteAddr)
	hops := r.Header.Values("X-Forwarded-For")
	path := strings.Split(strings.Join(hops, ","), ",")
	for i := len(path) - 1; i >= 0 && all.contain(addr); i-- {
		hop := parseAddr(strings.TrimSpace(path[i]))
		if !hop.IsValid() {
			break
		}
		addr = hop
	}
	return addr
}

// parseAddr parses an address, with or without a port, into its plain form.
func parseAddr(text string) netip.Addr {
	if addr, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return addr.Unmap().WithZone("")
	}
	with, err := netip.ParseAddrPort(text)
	if err != nil {
		return netip.Addr{}
	}
	return with.Addr().Unmap().WithZone("")
}

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
