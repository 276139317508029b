package messenger

import (
	"hash/maphash"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
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
// Nothing of an address is ever kept but such a key, in memory.
type anonymizer struct {
	mu   sync.Mutex
	seed maphash.Seed
	day  int64
}

// key returns the key of an address or, for IPv6, of its /64 network, within which anybody has as many addresses as they
// like.
func (a *anonymizer) key(addr netip.Addr, now time.Time) uint64 {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	network, err := addr.Prefix(bits)
	if err != nil {
		network = netip.Prefix{} // requests without an address share one key
	}
	a.mu.Lock()
	if day := now.Unix() / (24 * 60 * 60); day != a.day || a.seed == (maphash.Seed{}) {
		a.day, a.seed = day, maphash.MakeSeed()
	}
	seed := a.seed
	a.mu.Unlock()
	return maphash.Comparable(seed, network)
}
